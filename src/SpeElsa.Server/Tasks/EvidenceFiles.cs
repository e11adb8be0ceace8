using System.Globalization;
using System.Security.Cryptography;
using SpeElsa.Engine.Persistence;
using SpeElsa.Server.Access;

namespace SpeElsa.Server.Tasks;

/// <summary>Looks after the files beside a database that its tasks name: each is called as its SHA-256, in a folder that belongs to the database or to a backup of it.</summary>
internal static class EvidenceFiles
{
    private const string FolderName = "evidence-files";
    private const int MostNamed = 5;

    /// <summary>Where the files of a data folder are.</summary>
    public static string FolderOf(string dataPath) => Path.Combine(dataPath, FolderName);

    /// <summary>Where the files of a database are: beside a backup under its name, else those of the data folder it is in.</summary>
    public static string FolderBeside(string databasePath) => Directory.Exists(BackupFolder(databasePath)) ? BackupFolder(databasePath) : FolderOf(Path.GetDirectoryName(databasePath)!);

    /// <summary>Where the files of a backup are.</summary>
    public static string BackupFolder(string backupPath) => $"{backupPath}.files";

    /// <summary>Compares what a database names with what is there, content by content.</summary>
    public static async Task<DatabaseReport> CheckAsync(string databasePath, string folder, CancellationToken cancellationToken)
    {
        var named = await NamedAsync(databasePath, cancellationToken);
        var bad = new List<string>();
        foreach (var (digest, name) in named)
        {
            if (await LookAsync(Path.Combine(folder, digest), digest, cancellationToken) is { } what)
            {
                bad.Add($"'{name}' {what}");
            }
        }

        var more = bad.Count > MostNamed ? $", and {bad.Count - MostNamed} more" : "";
        return new DatabaseReport(
            named.Count == 0 ? [] : [string.Create(CultureInfo.InvariantCulture, $"{named.Count} files of evidence, looked for in '{folder}'")],
            bad.Count == 0 ? [] : [$"Files of evidence are not as they were given: {string.Join("; ", bad.Take(MostNamed))}{more}"]);
    }

    /// <summary>Copies what a database names from one folder to another; what is there already, or missing in the first, is left.</summary>
    public static async Task CopyAsync(string databasePath, string from, string to, CancellationToken cancellationToken)
    {
        foreach (var (digest, _) in await NamedAsync(databasePath, cancellationToken))
        {
            var (source, target) = (Path.Combine(from, digest), Path.Combine(to, digest));
            if (File.Exists(source) && await LookAsync(target, digest, cancellationToken) is not null)
            {
                PrivateFile.Write(target, await File.ReadAllBytesAsync(source, cancellationToken));
            }
        }
    }

    /// <returns>What is wrong with it; null when nothing is.</returns>
    private static async Task<string?> LookAsync(string path, string digest, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return "is missing";
        }

        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 4096, FileOptions.Asynchronous | FileOptions.SequentialScan);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken)) == digest ? null : "was changed";
    }

    private static async Task<IReadOnlyList<(string Digest, string Name)>> NamedAsync(string databasePath, CancellationToken cancellationToken)
    {
        await using var connection = await SqliteFiles.OpenReadOnlyAsync(databasePath, cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'TaskFiles'";
        if (await command.ExecuteScalarAsync(cancellationToken) is not 1L)
        {
            // A database of before there were any.
            return [];
        }

        command.CommandText = "SELECT Digest, MIN(Name) FROM TaskFiles GROUP BY Digest ORDER BY MIN(At)";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var named = new List<(string Digest, string Name)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            named.Add((reader.GetString(0), reader.GetString(1)));
        }

        return named;
    }
}
