using System.Security.Cryptography;
using System.Text;
using SpeElsa.Server.Access;
using SpeElsa.Server.Configuration;

namespace SpeElsa.Server.Tasks;

/// <summary>Keeps what people give as evidence: screenshots, logs, mails. The content lies in the data folder under its hash, so the same file is kept once.</summary>
internal sealed class TaskFiles(ServerOptions options, TaskStore tasks, TimeProvider timeProvider)
{
    private const int LongestName = 120;

    /// <summary>What is taken, and how it begins. Text begins with anything and holds no zero byte.</summary>
    private static readonly (string Type, string[] Endings, byte[][] Beginnings)[] Types =
    [
        ("image/png", [".png"], [[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]]),
        ("image/jpeg", [".jpg", ".jpeg"], [[0xFF, 0xD8, 0xFF]]),
        ("application/pdf", [".pdf"], ["%PDF-"u8.ToArray()]),
        ("application/zip", [".zip"], ["PK\u0003\u0004"u8.ToArray(), "PK\u0005\u0006"u8.ToArray()]),
        ("text/plain", [".txt", ".log", ".csv", ".json", ".xml", ".eml", ".ps1"], []),
    ];

    private string Folder => EvidenceFiles.FolderOf(options.DataPath);

    /// <summary>Keeps a file.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="name">What it is called; its ending says what it is.</param>
    /// <param name="content">What it holds, read up to the limit.</param>
    /// <param name="by">Whose it is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The file, or what is wrong.</returns>
    public async Task<(TaskFileRow? File, string? Error)> KeepAsync(string taskId, string? name, Stream content, string by, CancellationToken cancellationToken)
    {
        var plain = Path.GetFileName((name ?? "").Replace('\\', '/')).Trim();
        if (plain.Length is 0 or > LongestName || plain.Any(char.IsControl))
        {
            return (null, $"Give the file a name of at most {LongestName} characters: ?name=screenshot.png");
        }

        if (Types.FirstOrDefault(known => known.Endings.Contains(Path.GetExtension(plain), StringComparer.OrdinalIgnoreCase)) is not { Type: not null } type)
        {
            return (null, $"A file of this kind is not taken. Give one that ends with {string.Join(", ", Types.SelectMany(known => known.Endings))}.");
        }

        PrivateFile.CreateDirectory(Folder);
        var temporary = Path.Combine(Folder, $"{Guid.NewGuid():N}.tmp");
        try
        {
            var (bytes, digest, start) = await WriteAsync(content, temporary, cancellationToken);
            if (bytes == 0)
            {
                return (null, "The file is empty.");
            }

            if (bytes > options.Tasks.LargestFile)
            {
                return (null, $"The file is larger than {options.Tasks.LargestFile} bytes (Tasks:LargestFile).");
            }

            if (type.Beginnings.Length > 0 ? !Array.Exists(type.Beginnings, beginning => start.AsSpan().StartsWith(beginning)) : !await IsTextAsync(temporary, cancellationToken))
            {
                return (null, $"'{plain}' is not what its name says: it does not hold {type.Type}.");
            }

            File.Move(temporary, Path.Combine(Folder, digest), overwrite: true);
            var file = new TaskFileRow { Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), TaskId = taskId, Name = plain, Type = type.Type, Bytes = bytes, Digest = digest, At = timeProvider.GetUtcNow(), By = by };
            await tasks.NoteAsync(taskId, by, TaskNotes.File, $"{plain}, SHA-256 {digest}", file, cancellationToken);
            return (file, null);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Opens what a file holds; null when it is gone from the data folder.</summary>
    public FileStream? Open(TaskFileRow file)
    {
        var path = Path.Combine(Folder, file.Digest);
        return File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 4096, FileOptions.Asynchronous) : null;
    }

    private async Task<(long Bytes, string Digest, byte[] Start)> WriteAsync(Stream content, string path, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 4096, FileOptions.Asynchronous);
        var (buffer, start, total) = (new byte[81920], Array.Empty<byte>(), 0L);
        int read;
        while (total <= options.Tasks.LargestFile && (read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            start = start.Length < 8 ? [.. start, .. buffer.AsSpan(0, Math.Min(read, 8)).ToArray()] : start;
            hash.AppendData(buffer.AsSpan(0, read));
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            total += read;
        }

        file.Flush(flushToDisk: true);
        return (total, Convert.ToHexStringLower(hash.GetHashAndReset()), start);
    }

    private static async Task<bool> IsTextAsync(string path, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: false));
        var buffer = new char[8192];
        int read;
        while ((read = await reader.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (buffer.AsSpan(0, read).Contains('\0'))
            {
                return false;
            }
        }

        return true;
    }
}
