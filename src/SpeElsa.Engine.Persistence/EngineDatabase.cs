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
    private FileStream? _lock;

    /// <summary>Opens the file. While it is open no other process can open it: their leases are known to be over.</summary>
    /// <exception cref="DatabaseUnusableException">Another process has it, it can not be written, or it is damaged. The message says what to do.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        TakeLock();
        try
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            await CheckIntegrityAsync(context, cancellationToken);
            await UseWriteAheadLogAsync(context, cancellationToken);
            await RemoveStaleMigrationLockAsync(context, cancellationToken);
            var pending = (await context.Database.GetPendingMigrationsAsync(cancellationToken)).ToArray();
            await context.Database.MigrateAsync(cancellationToken);
            if (pending.Length > 0)
            {
                LogMigrated(logger, path, pending.Length);
            }

            await ProveWritableAsync(context, cancellationToken);
        }
        catch (SqliteException exception)
        {
            ReleaseLock();
            throw new DatabaseUnusableException(Explain(exception), exception);
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

    /// <summary>The lock is the operating system's: it ends with the process, however that ends.</summary>
    private void TakeLock()
    {
        var lockPath = path + ".lock";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            _lock = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new DatabaseUnusableException($"The database folder can not be written ('{lockPath}'). Give this account write access to it, or set DataDirectory to another folder.", exception);
        }
        catch (IOException exception) when (File.Exists(lockPath))
        {
            throw new DatabaseUnusableException($"Another SpeElsa server is using the database '{path}'. Stop it first, or set DataDirectory to another folder.", exception);
        }
        catch (IOException exception)
        {
            throw new DatabaseUnusableException($"The database folder can not be used: {exception.Message} Set DataDirectory to a folder that can be written.", exception);
        }
    }

    private async Task CheckIntegrityAsync(EngineDbContext context, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return;
        }

        await context.Database.OpenConnectionAsync(cancellationToken);
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = "PRAGMA quick_check(1)";
        var result = (string?)await command.ExecuteScalarAsync(cancellationToken);
        if (result != "ok")
        {
            throw new DatabaseUnusableException(
                $"The database '{path}' is damaged ({result}). Nothing was changed. Put back the last backup, or keep the file and ask for help.", null);
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

    private string Explain(SqliteException exception) => exception.SqliteErrorCode switch
    {
        8 or 10 or 14 => $"The database '{path}' can not be read or written ({exception.Message}). Give this account write access to the file and its folder, and check the disk.",
        11 or 26 => $"The database '{path}' is damaged or is not a SQLite file ({exception.Message}). Nothing was changed. Put back the last backup.",
        13 => $"The disk of the database '{path}' is full. Free some space and start again; nothing is lost.",
        _ => $"The database '{path}' can not be opened ({exception.Message}).",
    };

    [LoggerMessage(EventId = 3001, Level = LogLevel.Information, Message = "Brought the database {Path} up to date with {Count} schema steps")]
    private static partial void LogMigrated(ILogger logger, string path, int count);
}

/// <summary>The database can not be used. The message says why and what to do.</summary>
public sealed class DatabaseUnusableException(string message, Exception? innerException) : Exception(message, innerException);
