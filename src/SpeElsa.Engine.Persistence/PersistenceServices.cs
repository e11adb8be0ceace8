using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using SpeElsa.Engine.Storage;
using SpeElsa.Engine.Telemetry;

namespace SpeElsa.Engine.Persistence;

/// <summary>Adds the engine's stores to a host.</summary>
public static class PersistenceServices
{
    /// <summary>Keeps everything in a SQLite file: write-ahead log, every commit on disk before it is answered.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="path">The file; made when it is not there.</param>
    public static IServiceCollection AddSqliteStore(this IServiceCollection services, string path)
    {
        services.AddPooledDbContextFactory<EngineDbContext>(options => options.UseEngineFile(path));
        services.AddSingleton(provider => new EngineDatabase(
            path,
            provider.GetRequiredService<IDbContextFactory<EngineDbContext>>(),
            provider.GetRequiredService<ILogger<EngineDatabase>>()));
        services.TryAddSingleton<EngineMeter>();
        services.AddSingleton<WriterTurn>();
        services.AddSingleton<GroupCommitWriter>();
        services.AddSingleton<ReadConnections>();
        services.AddSingleton<IRuntimeStore, EngineStore>();
        services.AddSingleton<IInstanceReader, EngineReader>();
        services.AddSingleton<IDefinitionStore, DefinitionStore>();
        return services;
    }

    /// <summary>
    /// Puts a context of a host's own into the engine's file: the same connections, the same promises. It writes in its <see cref="WriterTurn"/> only, keeps
    /// its migrations in a table of its own, and is opened after <see cref="EngineDatabase.OpenAsync"/>.
    /// </summary>
    /// <param name="options">The context's options.</param>
    /// <param name="path">The file.</param>
    /// <param name="migrationsTable">Where the context's migrations are noted. Null is the engine's own.</param>
    public static DbContextOptionsBuilder UseEngineFile(this DbContextOptionsBuilder options, string path, string? migrationsTable = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = true, DefaultTimeout = 10 }.ToString();
        return options.UseSqlite(connectionString, sqlite => sqlite.MigrationsHistoryTable(migrationsTable ?? HistoryRepository.DefaultTableName)).AddInterceptors(new SqliteSettings());
    }
}
