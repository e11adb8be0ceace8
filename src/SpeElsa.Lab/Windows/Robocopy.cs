using System.Globalization;
using SpeElsa.Lab.Shell;

namespace SpeElsa.Lab.Windows;

/// <summary>
/// Copies a tree as robocopy does: its classes of files, its lines, its summary, its exit code. A file is written elsewhere, given its time
/// and renamed into place, so that a kill leaves the old file or the new one.
/// </summary>
internal sealed class Robocopy(LabServer server, RobocopyOptions options, LabRun run, Action<string> print)
{
    private const int Copied = 1;
    private const int Extra = 2;
    private const int Failed = 8;
    private const int Fatal = 16;
    private const int Block = 64 * 1024;
    private const int LargestRead = 1024 * 1024;
    private readonly Tally _directories = new();
    private readonly Tally _files = new();
    private readonly Tally _bytes = new();
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private long _written;

    /// <summary>Runs to the end.</summary>
    /// <returns>The exit code: a mask of 1 copied, 2 extras, 8 some failed, 16 nothing done.</returns>
    public int Run(LabPath source, LabPath destination)
    {
        if (!source.IsDirectory)
        {
            print($"ERROR 2 (0x00000002) Accessing Source Directory {source.Windows}\\");
            print("The system cannot find the file specified.");
            return Fatal;
        }

        CopyDirectory(source, destination);
        if (!options.ListOnly && run.HasFault(LabFaultKind.WrongExitCode))
        {
            return Fatal;
        }

        print("");
        print(new string('-', 78));
        print("");
        print("               Total    Copied   Skipped  Mismatch    FAILED    Extras");
        print(_directories.ToRow("Dirs"));
        print(_files.ToRow("Files"));
        print(_bytes.ToRow("Bytes"));
        print("");
        return (_files.Copied > 0 ? Copied : 0) | (_files.Extras + _directories.Extras > 0 ? Extra : 0) | (_files.Failed > 0 ? Failed : 0);
    }

    private void CopyDirectory(LabPath source, LabPath destination)
    {
        _directories.Total++;
        if (destination.IsDirectory)
        {
            _directories.Skipped++;
        }
        else
        {
            _directories.Copied++;
            if (!options.ListOnly)
            {
                Directory.CreateDirectory(destination.Local);
            }
        }

        var (sourceFiles, sourceDirectories) = Read(source);
        var (destinationFiles, destinationDirectories) = Read(destination);
        foreach (var file in sourceFiles)
        {
            run.ThrowIfStopped();
            CopyFile(source, file, destination, destinationFiles.Find(other => IsSameName(other, file)));
        }

        var extras = destinationFiles.Where(file => !sourceFiles.Exists(other => IsSameName(other, file)));
        foreach (var file in extras.Where(file => !options.Excludes(file.Name)))
        {
            RemoveExtra(destination, file);
        }

        if (options.Recurse)
        {
            foreach (var directory in destinationDirectories.Where(child => !sourceDirectories.Exists(other => IsSameName(other, child))))
            {
                RemoveExtraDirectory(destination.Child(directory.Name));
            }

            foreach (var directory in sourceDirectories.Where(directory => !options.SkipJunctions || directory.LinkTarget is null))
            {
                var existing = destinationDirectories.Find(other => IsSameName(other, directory));
                CopyDirectory(source.Child(directory.Name), destination.Child(existing?.Name ?? directory.Name));
            }
        }

        if (!options.ListOnly)
        {
            Directory.SetLastWriteTimeUtc(destination.Local, Directory.GetLastWriteTimeUtc(source.Local));
        }
    }

    private void CopyFile(LabPath source, FileInfo file, LabPath destination, FileInfo? existing)
    {
        _files.Total++;
        _bytes.Total += file.Length;
        var kind = existing is null ? "New File"
            : existing.LastWriteTimeUtc < file.LastWriteTimeUtc ? "Newer"
            : existing.LastWriteTimeUtc > file.LastWriteTimeUtc ? "Older"
            : existing.Length != file.Length ? "Changed"
            : null;
        if (kind is null || options.LeavesOut(file, TimeProvider.System.GetUtcNow()))
        {
            _files.Skipped++;
            _bytes.Skipped += file.Length;
            return;
        }

        PrintFile(kind, file.Length, source.Child(file.Name));
        if (options.ListOnly || TryCopy(source.Child(file.Name), file, destination.Child(existing?.Name ?? file.Name)))
        {
            _files.Copied++;
            _bytes.Copied += file.Length;
        }
        else
        {
            _files.Failed++;
            _bytes.Failed += file.Length;
        }
    }

    private bool TryCopy(LabPath source, FileInfo file, LabPath target)
    {
        var isLocked = run.TakeFault(LabFaultKind.LockedFile);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                if (isLocked)
                {
                    throw new IOException("The process cannot access the file because it is being used by another process.");
                }

                run.ThrowIfDiskFull();
                if (file.Length > 1 && run.TakeFault(LabFaultKind.PartialCopy))
                {
                    var half = WriteTemporary(file);
                    using (var cut = new FileStream(half, FileMode.Open))
                    {
                        cut.SetLength(file.Length / 2);
                    }

                    File.Move(half, target.Local, overwrite: true);
                    print($"ERROR 64 (0x00000040) Copying File {source.Windows}");
                    print("The specified network name is no longer available.");
                    return false;
                }

                var temporary = WriteTemporary(file);
                if (file.Length > 0 && run.TakeFault(LabFaultKind.BitFlip))
                {
                    FlipBit(temporary, file);
                }

                server.RenameWithEffect(
                    LabEffectKinds.FileCopy, target.Windows, temporary, () => File.Move(temporary, target.Local, overwrite: true));
                run.TellEffect();
                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                var error = e.HResult == LabRun.DiskFullResult ? 112 : 32;
                print($"ERROR {error} (0x{error:X8}) Copying File {source.Windows}");
                print(e.Message);
                if (attempt >= options.Retries)
                {
                    print("ERROR: RETRY LIMIT EXCEEDED.");
                    return false;
                }

                run.Wait(options.RetryWait);
            }
        }
    }

    private static void FlipBit(string path, FileInfo file)
    {
        using (var stream = new FileStream(path, FileMode.Open))
        {
            stream.Position = file.Length / 2;
            var value = stream.ReadByte();
            stream.Position--;
            stream.WriteByte((byte)(value ^ 1));
        }

        File.SetLastWriteTimeUtc(path, file.LastWriteTimeUtc);
    }

    private string WriteTemporary(FileInfo file)
    {
        var temporary = Path.Combine(server.TemporaryDirectory, Guid.NewGuid().ToString("N"));
        var speed = server.Farm.Options.CopyBytesPerSecond;
        var most = options.Gap > TimeSpan.Zero ? Block : speed > 0 ? Math.Clamp((int)(speed / 10), 1, LargestRead) : LargestRead;
        var buffer = new byte[Math.Clamp(file.Length, 1, most)];
        using (var from = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0))
        using (var to = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            int count;
            while ((count = from.Read(buffer)) > 0)
            {
                to.Write(buffer, 0, count);
                _written += count;
                run.Wait(options.Gap);
                if (speed > 0)
                {
                    run.Wait(TimeSpan.FromSeconds(_written / speed) - TimeProvider.System.GetElapsedTime(_began));
                }

                run.ThrowIfStopped();
            }
        }

        File.SetLastWriteTimeUtc(temporary, file.LastWriteTimeUtc);
        return temporary;
    }

    private void RemoveExtra(LabPath directory, FileInfo file)
    {
        run.ThrowIfStopped();
        _files.Extras++;
        _bytes.Extras += file.Length;
        var path = directory.Child(file.Name);
        PrintFile("*EXTRA File", file.Length, path);
        if (!options.Purge || options.ListOnly)
        {
            return;
        }

        var removed = Path.Combine(server.TemporaryDirectory, Guid.NewGuid().ToString("N"));
        server.RenameWithEffect(LabEffectKinds.FileRemove, path.Windows, path.Local, () => File.Move(path.Local, removed));
        File.Delete(removed);
        run.TellEffect();
    }

    private void RemoveExtraDirectory(LabPath directory)
    {
        if (directory.IsJunction && options.SkipJunctions)
        {
            return;
        }

        _directories.Extras++;
        print($"\t*EXTRA Dir  \t\t      -1\t{directory.Windows}\\");
        var (files, directories) = Read(directory);
        files.ForEach(file => RemoveExtra(directory, file));
        directories.ForEach(child => RemoveExtraDirectory(directory.Child(child.Name)));
        if (options.Purge && !options.ListOnly && !Directory.EnumerateFileSystemEntries(directory.Local).Any())
        {
            Directory.Delete(directory.Local);
        }
    }

    private void PrintFile(string kind, long length, LabPath path)
    {
        if (!options.NoFileList)
        {
            print(string.Create(CultureInfo.InvariantCulture, $"\t  {kind,-12}\t\t{length,12}\t{path.Windows}"));
        }
    }

    private static (List<FileInfo> Files, List<DirectoryInfo> Directories) Read(LabPath path)
    {
        var directory = new DirectoryInfo(path.Local);
        return directory.Exists
            ? ([.. directory.EnumerateFiles().OrderBy(file => file.Name, StringComparer.OrdinalIgnoreCase)],
                [.. directory.EnumerateDirectories().OrderBy(child => child.Name, StringComparer.OrdinalIgnoreCase)])
            : ([], []);
    }

    private static bool IsSameName(FileSystemInfo one, FileSystemInfo other) =>
        string.Equals(one.Name, other.Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>One row of the summary.</summary>
    private sealed class Tally
    {
        public long Total { get; set; }

        public long Copied { get; set; }

        public long Skipped { get; set; }

        public long Failed { get; set; }

        public long Extras { get; set; }

        public string ToRow(string name) =>
            string.Create(CultureInfo.InvariantCulture, $"{name,8} : {Total,9} {Copied,9} {Skipped,9} {0,9} {Failed,9} {Extras,9}");
    }
}
