using System.Globalization;

namespace SpeElsa.Engine.Persistence;

/// <summary>What a restore did.</summary>
/// <param name="Report">What the check of the new database found.</param>
/// <param name="ReplacedPath">Where the database is that was there before; null when there was none.</param>
public sealed record DatabaseRestored(DatabaseReport Report, string? ReplacedPath);

/// <summary>Puts a backup in the place of a database.</summary>
/// <remarks>
/// 1. Keep servers out. 2. Copy the backup beside the database and check the copy. 3. Give the copy its pending name: from here on the restore is
/// decided, and no server starts before it is done. 4. Move the old database aside. 5. Give the copy the name of the database.
/// </remarks>
public static class DatabaseRestore
{
    /// <summary>Replaces a database, which is kept under a name that says when it last changed. After a kill at any instruction either nothing has changed, or running it again ends it.</summary>
    /// <param name="path">The database.</param>
    /// <param name="fromPath">The backup; it stays as it is.</param>
    /// <param name="cancellationToken">Stops it before anything is replaced.</param>
    /// <exception cref="DatabaseUnusableException">A server is running, the backup is not sound, or the folder can not be written. Nothing was replaced.</exception>
    public static async Task<DatabaseRestored> RunAsync(string path, string fromPath, CancellationToken cancellationToken)
    {
        using var @lock = DatabaseLock.Take(path);
        if (!File.Exists(fromPath) || Path.GetFullPath(fromPath) == Path.GetFullPath(path))
        {
            throw new DatabaseUnusableException(File.Exists(fromPath) ? $"'{fromPath}' is the database itself." : $"There is no backup '{fromPath}'.");
        }

        if (WriteAheadLog.Read(fromPath) is { IsDamaged: true } log)
        {
            throw new DatabaseUnusableException(DatabaseCheck.DescribeDamage(fromPath, log));
        }

        var copy = path + ".restore-copy";
        try
        {
            await DatabaseBackup.CopyAsync(fromPath, copy, cancellationToken);
            var report = await DatabaseCheck.RunAsync(copy, cancellationToken);
            if (!report.IsSound)
            {
                File.Delete(copy);
                throw new DatabaseUnusableException($"The backup '{fromPath}' is not sound, so nothing was replaced: {string.Join("; ", report.Problems)}");
            }

            SqliteFiles.Flush(copy);
            File.Move(copy, PendingPath(path), overwrite: true);
            var replaced = MoveAside(path);
            File.Move(PendingPath(path), path);
            @lock.MarkUsed();
            return new DatabaseRestored(report, replaced);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DatabaseUnusableException($"The database folder can not be written: {exception.Message} Run the restore again afterwards.", exception);
        }
    }

    /// <summary>The name of a copy that is whole and on its way to be the database.</summary>
    internal static string PendingPath(string path) => path + ".restoring";

    /// <summary>The log goes first: without it beside it, no file of the old database is ever taken for a whole one under the old name.</summary>
    private static string? MoveAside(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        // The time comes from the file, so that a second run after a kill goes on under the same name.
        var changed = File.GetLastWriteTimeUtc(path);
        var name = string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(path)}-replaced-{changed:yyyyMMdd-HHmmss-fff}{Path.GetExtension(path)}");
        var aside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, name);
        foreach (var companion in SqliteFiles.Companions.Append("").Where(companion => File.Exists(path + companion)))
        {
            File.Move(path + companion, aside + companion);
        }

        return aside;
    }
}
