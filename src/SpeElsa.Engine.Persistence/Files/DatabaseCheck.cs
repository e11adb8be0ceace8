using System.Globalization;
using System.Text.Json;
using Elsa.Workflows;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SpeElsa.Engine.Definitions;

namespace SpeElsa.Engine.Persistence;

/// <summary>Checks a database file: SQLite's own structure, the schema, and what the engine promises of what is in it.</summary>
public static class DatabaseCheck
{
    private const int MostProblems = 50;

    /// <summary>Checks a file, at one moment, without changing it. A server may be using it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <exception cref="DatabaseUnusableException">There is no such file, or it can not be read at all.</exception>
    public static async Task<DatabaseReport> RunAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new DatabaseUnusableException($"There is no database '{path}'.");
        }

        var facts = new List<string>();
        var problems = new List<string>();
        CheckLog(path, facts, problems);
        try
        {
            await using var connection = await SqliteFiles.OpenReadOnlyAsync(path, cancellationToken);
            await using var moment = connection.BeginTransaction(deferred: true);
            problems.AddRange((await connection.ReadAsync("PRAGMA integrity_check(10)", cancellationToken)).Where(row => row != "ok").Select(row => $"SQLite: {row}"));
            if (problems.Count == 0)
            {
                await CheckContentAsync(connection, moment, facts, problems, cancellationToken);
            }
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == 11)
        {
            problems.Add($"SQLite: {exception.Message}");
        }
        catch (SqliteException exception)
        {
            throw DatabaseUnusableException.For(path, exception);
        }

        return new DatabaseReport(facts, problems.Count <= MostProblems ? problems : [.. problems.Take(MostProblems), $"and {problems.Count - MostProblems} more"]);
    }

    internal static string DescribeDamage(string path, WriteAheadLog log)
    {
        var behind = log.CommitsBehind > 0 ? $"; {log.CommitsBehind} commits end there or behind it and can not be read" : "";
        return $"The log '{path}-wal' is damaged at frame {log.BrokenFrame}{behind}. Nothing was changed. "
            + "Put back the last backup (restore --from FILE). To go on with what can be read instead: backup --to FILE, then restore --from that file.";
    }

    private static void CheckLog(string path, List<string> facts, List<string> problems)
    {
        if (WriteAheadLog.Read(path) is not { BrokenFrame: { } frame } log)
        {
            return;
        }

        (log.IsDamaged ? problems : facts).Add(log.IsDamaged
            ? DescribeDamage(path, log)
            : $"The log ends in a commit that is not whole (frame {frame}), as after a power failure: nobody was told yes for it");
    }

    private static async Task CheckContentAsync(
        SqliteConnection connection, SqliteTransaction moment, List<string> facts, List<string> problems, CancellationToken cancellationToken)
    {
        await using var context = SqliteFiles.Context(connection);
        await context.Database.UseTransactionAsync(moment, cancellationToken);
        problems.AddRange((await connection.ReadAsync("SELECT \"table\" || ' row ' || rowid || ' refers to nothing in ' || parent FROM pragma_foreign_key_check", cancellationToken))
            .Select(row => $"SQLite: {row}"));
        if (await SchemaVersion.FindNewerAsync(context, cancellationToken) is { } newer)
        {
            problems.Add($"A newer SpeElsa wrote this database: its schema has '{newer}'");
            return;
        }

        var missing = await SchemaVersion.FindMissingAsync(context.Database, null, cancellationToken);
        if (missing.Count == context.Database.GetMigrations().Count())
        {
            problems.Add("This is a SQLite file, but not a database of SpeElsa");
            return;
        }

        if (missing.Count > 0)
        {
            facts.Add($"The schema is {missing.Count} steps older than this program; the next start brings it up to date. What is in it is checked after that");
            return;
        }

        facts.Add($"Schema {context.Database.GetMigrations().Last()}");
        await CheckDefinitionsAsync(context, facts, problems, cancellationToken);
        await CountAsync(context, facts, cancellationToken);
        await InstanceCheck.RunAsync(context, problems, cancellationToken);
    }

    private static async Task CheckDefinitionsAsync(EngineDbContext context, List<string> facts, List<string> problems, CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var version in context.Definitions.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            count++;
            if (HashOf(version.Json) != version.ContentHash)
            {
                problems.Add($"Version {version.Version} of the definition '{version.DefinitionId}' is not what was stored: its content hash differs");
            }
        }

        facts.Add($"{count} versions of definitions");
    }

    private static async Task CountAsync(EngineDbContext context, List<string> facts, CancellationToken cancellationToken)
    {
        var byStatus = await context.Instances.GroupBy(row => row.SubStatus).Select(group => new { group.Key, Count = group.Count() }).ToListAsync(cancellationToken);
        facts.Add(string.Create(CultureInfo.InvariantCulture, $"{byStatus.Sum(row => row.Count)} instances")
            + (byStatus.Count == 0 ? "" : $": {string.Join(", ", byStatus.OrderBy(row => row.Key).Select(row => $"{row.Count} {row.Key}"))}"));
        facts.Add($"{await context.Bookmarks.CountAsync(cancellationToken)} waits, {await context.Timers.CountAsync(cancellationToken)} of them for a time");
        facts.Add($"{await context.Stimuli.CountAsync(cancellationToken)} stimuli, {await context.JournalPages.SumAsync(page => page.Count, cancellationToken)} journal rows, "
            + $"{await context.Outbox.CountAsync(cancellationToken)} things still to be sent");
        foreach (var row in await context.Instances.Where(row => row.SetAside != null && row.Status == WorkflowStatus.Running).Select(row => new { row.Id, row.SetAside }).ToListAsync(cancellationToken))
        {
            facts.Add($"Instance {row.Id} is set aside: {row.SetAside}");
        }
    }

    private static string HashOf(string json)
    {
        try
        {
            return DefinitionReader.ContentHash(json);
        }
        catch (JsonException)
        {
            return "";
        }
    }
}
