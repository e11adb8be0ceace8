using Microsoft.Data.Sqlite;

namespace SpeElsa.Engine.Persistence;

/// <summary>Copies a database while a server may be using it.</summary>
public static class DatabaseBackup
{
    /// <summary>
    /// Copies what is committed at one moment into one file, checks the copy, and only then gives it its name: a file of that name is always whole. Writers
    /// are not held up. Only its owner can read it. The copy does not need the log of the database, and a copy that was cut off is done again under the same name.
    /// </summary>
    /// <param name="path">The database.</param>
    /// <param name="targetPath">The copy; must not be there yet.</param>
    /// <param name="cancellationToken">Stops the copy; nothing is left of it.</param>
    /// <returns>What the check of the copy found. The copy is kept also when it has the problems of its original.</returns>
    /// <exception cref="DatabaseUnusableException">The database can not be read, or the copy can not be written. The message says what to do.</exception>
    public static async Task<DatabaseReport> CreateAsync(string path, string targetPath, CancellationToken cancellationToken)
    {
        if (Path.Exists(targetPath))
        {
            throw new DatabaseUnusableException($"There is a file '{targetPath}' already. Name one that is not there; a backup overwrites nothing.");
        }

        var partial = targetPath + ".partial";
        try
        {
            await CopyAsync(path, partial, cancellationToken);
            var report = await DatabaseCheck.RunAsync(partial, cancellationToken);
            if (WriteAheadLog.Read(path) is { IsDamaged: true } log)
            {
                report = report with { Facts = [.. report.Facts, $"The copy ends before frame {log.BrokenFrame} of the original's log, which is damaged there"] };
            }

            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(partial, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            SqliteFiles.Flush(partial);
            File.Move(partial, targetPath, overwrite: false);
            return report;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DatabaseUnusableException($"The backup can not be written: {exception.Message}", exception);
        }
        finally
        {
            Delete(partial);
        }
    }

    /// <summary>Copies a database into a file that needs no log beside it, over what is left of an earlier try.</summary>
    internal static async Task CopyAsync(string path, string target, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new DatabaseUnusableException($"There is no database '{path}'.");
        }

        Delete(target);
        await using var source = await OpenAsync(path, cancellationToken);
        await using var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = target, Pooling = false }.ToString());
        try
        {
            await copy.OpenAsync(cancellationToken);
            source.BackupDatabase(copy);
            await copy.ReadAsync("PRAGMA journal_mode = DELETE", cancellationToken);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is 8 or 10 or 13 or 14)
        {
            throw new DatabaseUnusableException($"The copy '{target}' can not be written ({exception.Message}). Name a folder that can be written and has space.", exception);
        }
        catch (SqliteException exception)
        {
            throw DatabaseUnusableException.For(path, exception);
        }
    }

    private static async Task<SqliteConnection> OpenAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await SqliteFiles.OpenReadOnlyAsync(path, cancellationToken);
        }
        catch (SqliteException exception)
        {
            throw DatabaseUnusableException.For(path, exception);
        }
    }

    private static void Delete(string file)
    {
        foreach (var part in SqliteFiles.Companions.Prepend("").Select(companion => file + companion).Where(File.Exists))
        {
            File.Delete(part);
        }
    }
}
