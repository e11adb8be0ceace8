using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace SpeElsa.Engine.Persistence;

/// <summary>Which schema a file has.</summary>
public static class SchemaVersion
{
    /// <summary>Brings a file's schema up to date.</summary>
    /// <param name="database">A context of the file.</param>
    /// <param name="migrationsTable">Where the context's migrations are noted. Null is the engine's own.</param>
    /// <param name="cancellationToken">Ends the work between two steps.</param>
    /// <returns>How many steps it lacked.</returns>
    public static async Task<int> BringUpToDateAsync(DatabaseFacade database, string? migrationsTable, CancellationToken cancellationToken)
    {
        await database.OpenConnectionAsync(cancellationToken);
        var missing = await FindMissingAsync(database, migrationsTable, cancellationToken);
        if (missing.Count > 0)
        {
            // Not asked otherwise: it compares the models of all tables before it finds that there is nothing to do, which is half of the time of a start.
            await database.MigrateAsync(cancellationToken);
        }

        return missing.Count;
    }

    /// <summary>A step of the file's schema that this program does not know; null when it knows all.</summary>
    internal static async Task<string?> FindNewerAsync(EngineDbContext context, CancellationToken cancellationToken)
    {
        var known = context.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        return (await AppliedAsync(context.Database, null, cancellationToken)).FirstOrDefault(step => !known.Contains(step));
    }

    /// <summary>The steps of this program's schema that the file does not have yet.</summary>
    internal static async Task<IReadOnlyList<string>> FindMissingAsync(DatabaseFacade database, string? migrationsTable, CancellationToken cancellationToken) =>
        [.. database.GetMigrations().Except(await AppliedAsync(database, migrationsTable, cancellationToken), StringComparer.Ordinal)];

    /// <summary>The library's own question would not be answered by a file without the table.</summary>
    private static async Task<IReadOnlyList<string>> AppliedAsync(DatabaseFacade database, string? migrationsTable, CancellationToken cancellationToken)
    {
        var table = migrationsTable ?? HistoryRepository.DefaultTableName;
        var connection = (SqliteConnection)database.GetDbConnection();
        var tables = await connection.ReadAsync($"SELECT name FROM sqlite_master WHERE type = 'table' AND name = '{table}'", cancellationToken);
        return tables.Count == 0 ? [] : await connection.ReadAsync($"SELECT \"MigrationId\" FROM \"{table}\" ORDER BY \"MigrationId\"", cancellationToken);
    }
}
