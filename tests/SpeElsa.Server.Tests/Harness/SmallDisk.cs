using System.Globalization;

namespace SpeElsa.Server.Tests.Harness;

/// <summary>
/// A disk that can be filled: a file system of its own in memory. Where a process may mount none, the server's files may grow no further instead;
/// SQLite then hears of a write that failed and not of a disk that is full.
/// </summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const int Megabytes = 32;

    private SmallDisk(string folder, bool isMounted)
    {
        Folder = folder;
        IsMounted = isMounted;
    }

    public string Folder { get; }

    public bool IsMounted { get; }

    private string Ballast => Path.Combine(Folder, "ballast");

    public static async Task<SmallDisk> MakeAsync()
    {
        var folder = Directory.CreateTempSubdirectory("speelsa-").FullName;
        var (exitCode, output) = await ServerCommand.RunProgramAsync("mount", ["-t", "tmpfs", "-o", $"size={Megabytes}m", "tmpfs", folder]);
        if (exitCode != 0)
        {
            TestContext.Current.SendDiagnosticMessage("No disk of its own: {0}", output);
        }

        return new SmallDisk(folder, exitCode == 0);
    }

    /// <summary>From now on the server can write nothing more.</summary>
    public async Task FillAsync(ServerProcess server)
    {
        if (!IsMounted)
        {
            // The log grows with every commit until it is written back.
            await LimitAsync(server, new FileInfo(Path.Combine(Folder, "speelsa.db-wal")).Length.ToString(CultureInfo.InvariantCulture));
            return;
        }

        await using var ballast = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var size in new[] { 1 << 20, 1 << 12, 1 })
        {
            try
            {
                while (true)
                {
                    await ballast.WriteAsync(new byte[size]);
                }
            }
            catch (IOException)
            {
                // Full for pieces of this size.
            }
        }
    }

    /// <summary>Makes room.</summary>
    public async Task FreeAsync(ServerProcess server)
    {
        if (IsMounted)
        {
            File.Delete(Ballast);
        }
        else
        {
            await LimitAsync(server, "unlimited");
        }
    }

    /// <summary>Lets nobody write any more, not even the superuser.</summary>
    public static async Task MakeReadOnlyAsync(string folder)
    {
        var (exitCode, output) = await ServerCommand.RunProgramAsync("mount", ["-o", "remount,ro", folder]);
        Assert.True(exitCode == 0, output);
    }

    public async ValueTask DisposeAsync()
    {
        if (IsMounted)
        {
            await ServerCommand.RunProgramAsync("umount", [Folder]);
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static async Task LimitAsync(ServerProcess server, string limit)
    {
        var (exitCode, output) = await ServerCommand.RunProgramAsync("prlimit", ["--pid", $"{server.ProcessId}", $"--fsize={limit}:unlimited"]);
        Assert.True(exitCode == 0, output);
    }
}
