using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace SpeElsa.Engine.Persistence.Tests;

/// <summary>A database file of one test, in a folder of its own.</summary>
internal sealed class SqliteFile : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("spe-engine-").FullName;

    public string Path => System.IO.Path.Combine(Folder, "engine.db");

    /// <summary>The stores on the file, not opened yet.</summary>
    public ServiceProvider Services() => new ServiceCollection().AddLogging().AddSqliteStore(Path).BuildServiceProvider();

    public async Task<ServiceProvider> OpenAsync()
    {
        var services = Services();
        await services.GetRequiredService<EngineDatabase>().OpenAsync(default);
        return services;
    }

    /// <summary>Runs SQL on the file, past the engine.</summary>
    public T? Query<T>(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (T?)command.ExecuteScalar();
    }

    /// <summary>Closes what rests in the pool of connections, which keeps the file open as a process does that lives.</summary>
    public void EndProcess()
    {
        using var context = Services().GetRequiredService<IDbContextFactory<EngineDbContext>>().CreateDbContext();
        SqliteConnection.ClearPool((SqliteConnection)context.Database.GetDbConnection());
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
