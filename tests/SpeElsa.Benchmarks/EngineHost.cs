using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SpeElsa.Engine;
using SpeElsa.Engine.Persistence;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Benchmarks;

/// <summary>The engine with its workers on a SQLite file, as a server has it, and nothing around it.</summary>
internal static class EngineHost
{
    /// <summary>Opens it; the workers run.</summary>
    public static async Task<IHost> StartAsync(string path, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddWorkflowEngine(typeof(Trivial).Assembly);
        builder.Services.AddSqliteStore(path);
        builder.Services.AddWorkflowWorkers();
        var host = builder.Build();
        await host.Services.GetRequiredService<EngineDatabase>().OpenAsync(cancellationToken);
        await host.Services.GetRequiredService<IRuntimeStore>().EvictAsync("", cancellationToken);
        await host.StartAsync(cancellationToken);
        return host;
    }

    /// <summary>Does something in a folder that is removed afterwards, unless it was named.</summary>
    public static async Task<T> InFolderAsync<T>(string? directory, Func<string, Task<T>> act)
    {
        var folder = directory ?? Directory.CreateTempSubdirectory("spe-load-").FullName;
        Directory.CreateDirectory(folder);
        try
        {
            return await act(folder);
        }
        finally
        {
            if (directory is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
