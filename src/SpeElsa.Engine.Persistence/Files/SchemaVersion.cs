using Microsoft.EntityFrameworkCore;

namespace SpeElsa.Engine.Persistence;

/// <summary>Which schema a file has.</summary>
internal static class SchemaVersion
{
    /// <summary>A step of the file's schema that this program does not know; null when it knows all.</summary>
    public static async Task<string?> FindNewerAsync(EngineDbContext context, CancellationToken cancellationToken)
    {
        var known = context.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        return (await AppliedAsync(context, cancellationToken)).FirstOrDefault(step => !known.Contains(step));
    }

    /// <summary>The steps of this program's schema that the file does not have yet.</summary>
    public static async Task<IReadOnlyList<string>> FindMissingAsync(EngineDbContext context, CancellationToken cancellationToken) =>
        [.. context.Database.GetMigrations().Except(await AppliedAsync(context, cancellationToken), StringComparer.Ordinal)];

    /// <summary>The library's own question would not be answered by a file without the table.</summary>
    private static async Task<IReadOnlyList<string>> AppliedAsync(EngineDbContext context, CancellationToken cancellationToken)
    {
        var connection = (Microsoft.Data.Sqlite.SqliteConnection)context.Database.GetDbConnection();
        var tables = await connection.ReadAsync("SELECT name FROM sqlite_master WHERE type = 'table' AND name = '__EFMigrationsHistory'", cancellationToken);
        return tables.Count == 0 ? [] : await connection.ReadAsync("SELECT \"MigrationId\" FROM \"__EFMigrationsHistory\" ORDER BY \"MigrationId\"", cancellationToken);
    }
}
