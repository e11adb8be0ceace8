using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Persistence;

/// <summary>Adds the engine's stores to a host.</summary>
public static class PersistenceServices
{
    /// <summary>Keeps everything in a SQLite file: write-ahead log, every commit on disk before it is answered.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="path">The file; made when it is not there.</param>
    public static IServiceCollection AddSqliteStore(this IServiceCollection services, string path)
    {
        var connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = true, DefaultTimeout = 10 }.ToString();
        services.AddPooledDbContextFactory<EngineDbContext>(options => options.UseSqlite(connectionString).AddInterceptors(new SqliteSettings()));
        services.AddSingleton(provider => new EngineDatabase(
            path,
            provider.GetRequiredService<IDbContextFactory<EngineDbContext>>(),
            provider.GetRequiredService<ILogger<EngineDatabase>>()));
        services.AddSingleton<GroupCommitWriter>();
        services.AddSingleton<IRuntimeStore, EngineStore>();
        services.AddSingleton<IInstanceReader, EngineReader>();
        services.AddSingleton<IDefinitionStore, DefinitionStore>();
        return services;
    }
}
