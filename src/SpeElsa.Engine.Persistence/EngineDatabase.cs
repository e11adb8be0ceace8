using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace SpeElsa.Engine.Persistence;

/// <summary>Opens the database file for one process: checks it, brings its schema up to date, and keeps others out.</summary>
/// <param name="path">The file.</param>
/// <param name="contexts">Makes contexts on it.</param>
/// <param name="logger">Where to say what was done.</param>
public sealed partial class EngineDatabase(string path, IDbContextFactory<EngineDbContext> contexts, ILogger<EngineDatabase> logger) : IDisposable
{
    private DatabaseLock? _lock;

    /// <summary>Opens the file. While it is open no other process can open it: their leases are known to be over.</summary>
    /// <exception cref="DatabaseUnusableException">
    /// Another process has it, it can not be written, it is damaged or lost, or a newer program wrote it. The message says what to do. Nothing was changed.
    /// </exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        _lock = DatabaseLock.Take(path);
        try
        {
            CheckFiles(_lock);
            await CheckIntegrityAsync(cancellationToken);
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            await UseWriteAheadLogAsync(context, cancellationToken);
            await RemoveStaleMigrationLockAsync(context, cancellationToken);
            if (await SchemaVersion.BringUpToDateAsync(context.Database, null, cancellationToken) is > 0 and var steps)
            {
                LogMigrated(logger, path, steps);
            }

            await ProveWritableAsync(context, cancellationToken);
            _lock.MarkUsed();
        }
        catch (SqliteException exception)
        {
            ReleaseLock();
            throw DatabaseUnusableException.For(path, exception);
        }
        catch
        {
            ReleaseLock();
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose() => ReleaseLock();

    private void ReleaseLock()
    {
        _lock?.Dispose();
        _lock = null;
    }

    /// <summary>What SQLite would pass over in silence: it makes a new file where one is lost, and reads a damaged log up to the damage.</summary>
    private void CheckFiles(DatabaseLock @lock)
    {
        if (File.Exists(DatabaseRestore.PendingPath(path)))
        {
            throw new DatabaseUnusableException($"A restore of the database '{path}' was interrupted. Run it again: restore --from FILE.");
        }

        var file = new FileInfo(path);
        if ((!file.Exists || file.Length == 0) && (@lock.WasUsed || WriteAheadLog.Read(path) is not null))
        {
            throw new DatabaseUnusableException(
                $"The database '{path}' is {(file.Exists ? "empty" : "gone")}, although it was in use before. Put it or the last backup back; to begin with a new one, delete '{path}.lock' and '{path}-wal'.");
        }

        if (WriteAheadLog.Read(path) is { BrokenFrame: { } frame } log)
        {
            if (log.IsDamaged)
            {
                throw new DatabaseUnusableException(DatabaseCheck.DescribeDamage(path, log));
            }

            LogTornEnd(logger, path, frame);
        }
    }

    /// <summary>On a connection that only reads: the last one that could write would write the log into the file when it is closed.</summary>
    private async Task CheckIntegrityAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return;
        }

        await using var connection = await SqliteFiles.OpenReadOnlyAsync(path, cancellationToken);
        var results = await connection.ReadAsync("PRAGMA quick_check(1)", cancellationToken);
        if (results is not ["ok"])
        {
            throw new DatabaseUnusableException(
                $"The database '{path}' is damaged ({string.Join("; ", results)}). Nothing was changed. Put back the last backup, or keep the file and ask for help.");
        }

        await using var context = SqliteFiles.Context(connection);
        if (await SchemaVersion.FindNewerAsync(context, cancellationToken) is { } newer)
        {
            throw new DatabaseUnusableException(
                $"A newer SpeElsa wrote the database '{path}' (its schema has '{newer}'). Nothing was changed. Start that version, or set DataDirectory to another folder.");
        }
    }

    /// <summary>New files have one, but a file that was put back from a copy may not: readers would wait for the writer.</summary>
    private static async Task UseWriteAheadLogAsync(EngineDbContext context, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL";
        await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>
    /// The library's own lock is a row, which a kill in the middle of a migration leaves behind, and the next start would wait for it for ever.
    /// The file's lock is ours, so nobody else migrates.
    /// </summary>
    private static async Task RemoveStaleMigrationLockAsync(EngineDbContext context, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '__EFMigrationsLock'";
        if ((long)(await command.ExecuteScalarAsync(cancellationToken))! > 0)
        {
            command.CommandText = "DELETE FROM \"__EFMigrationsLock\"";
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static async Task ProveWritableAsync(EngineDbContext context, CancellationToken cancellationToken)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await context.Database.ExecuteSqlRawAsync("CREATE TABLE \"WriteProbe\" (\"Id\" INTEGER); DROP TABLE \"WriteProbe\";", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Information, Message = "Brought the database {Path} up to date with {Count} schema steps")]
    private static partial void LogMigrated(ILogger logger, string path, int count);

    [LoggerMessage(
        EventId = 3002,
        Level = LogLevel.Warning,
        Message = "The log of the database {Path} ends in a commit that is not whole (frame {Frame}): as after a power failure, when nobody was told yes for it")]
    private static partial void LogTornEnd(ILogger logger, string path, long frame);
}
