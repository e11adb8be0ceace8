using System.Diagnostics;
using System.Globalization;
using SpeElsa.Machines;

namespace SpeElsa.Benchmarks;

/// <summary>Copy and verify, by the product's scripts and by rsync and sha256sum, in one run.</summary>
internal static class CopyBenchmark
{
    private const string Reference = "rsync";

    /// <summary>Runs everything and prints it.</summary>
    /// <returns>0 when every check holds, whatever the figures.</returns>
    public static async Task<int> RunAsync(long bytes, string? folder, CancellationToken cancellationToken)
    {
        var root = Path.Combine(folder ?? Path.GetTempPath(), $"speelsa-copy-{Guid.NewGuid():N}");
        var farm = Path.Combine(root, "farm");
        Directory.CreateDirectory(farm);
        try
        {
            string source;
            string target;
            int files;
            double ours;
            double theirs;
            await using (var trial = CopyTrial.Open(farm))
            {
                (files, bytes) = trial.Make(bytes);
                (source, target) = (trial.SourceFolder, trial.TargetFolder);
                Say($"{files} files, {bytes} bytes; load {await LoadAsync()}");
                await ShellAsync("cat", [.. Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories)], cancellationToken); // Both begin with a warm source.

                // And with nothing that waits to be written by the part before.
                await ShellAsync("sync", [], cancellationToken);
                var clock = Stopwatch.StartNew();
                await ShellAsync(Reference, ["-a", source + "/", Path.Combine(root, "reference")], cancellationToken);
                var copied = clock.Elapsed.TotalSeconds;
                await Task.WhenAll(HashAsync(source, cancellationToken), HashAsync(Path.Combine(root, "reference"), cancellationToken));
                theirs = clock.Elapsed.TotalSeconds;
                Say(Line("rsync -a", copied, "sha256sum", theirs));
                Directory.Delete(Path.Combine(root, "reference"), recursive: true);

                var progress = new Monotone();
                await ShellAsync("sync", [], cancellationToken);
                clock.Restart();
                Demand((await trial.CopyAsync("whole", progress.Add, cancellationToken)).State is TicketState.Succeeded, "the copy succeeds");
                copied = clock.Elapsed.TotalSeconds;
                var (there, here) = await trial.VerifyAsync("whole", cancellationToken);
                ours = clock.Elapsed.TotalSeconds;
                Demand(there == here, "both sides have the same hashes");
                Demand(progress.Last!.BytesDone == bytes, "the progress ends at the whole");
                Say(Line("Copy-Directory", copied, "Get-DirectoryManifest", ours));
                var load = await LoadAsync();
                Say(string.Create(CultureInfo.InvariantCulture, $"ratio {ours / theirs:F2}; load {load}; {progress.Count} looks at the progress, none went back"));
            }

            Directory.Delete(target, recursive: true);
            File.Delete(Path.Combine(farm, "spe-new", "effects.jsonl"));
            await KillAsync(farm, bytes, cancellationToken);
            await using (var trial = CopyTrial.Open(farm))
            {
                Demand((await trial.StatusAsync(CopyTrial.FirstTicket, cancellationToken)).State is TicketState.Abandoned, "the killed copy is known as abandoned");
                var before = trial.Copied().Count;
                var progress = new Monotone();
                Demand((await trial.CopyAsync("copy-2", progress.Add, cancellationToken)).State is TicketState.Succeeded, "the resumed copy succeeds");
                var (there, here) = await trial.VerifyAsync("resumed", cancellationToken);
                Demand(there == here, "both sides have the same hashes after the resume");
                Demand(trial.Copied().Count == files && trial.Copied().Values.All(count => count == 1), "each file was copied once");
                Demand(progress.Last!.BytesDone < bytes, "the resumed copy had less to do");
                Say($"killed after {before} of {files} files; the resumed copy did {progress.Last.BytesDone} of {bytes} bytes, each file was copied once, the hashes are the same");
            }

            return 0;
        }
        catch (InvalidOperationException exception)
        {
            Say($"FAILED: {exception.Message}");
            return 1;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    /// <summary>Copies and says how far it is, until it is killed.</summary>
    public static async Task<int> ChildAsync(string farm, CancellationToken cancellationToken)
    {
        await using var trial = CopyTrial.Open(farm);
        await trial.CopyAsync(CopyTrial.FirstTicket, progress => Say(progress.BytesDone.ToString(CultureInfo.InvariantCulture)), cancellationToken);
        return 0;
    }

    private static async Task KillAsync(string farm, long bytes, CancellationToken cancellationToken)
    {
        // By the program's own host, or by "dotnet program.dll", as it was started itself.
        var program = Environment.ProcessPath!;
        string[] own = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(CopyBenchmark).Assembly.Location] : [];
        using var child = Process.Start(new ProcessStartInfo(program, [.. own, "copy-child", "--farm", farm]) { RedirectStandardOutput = true })!;
        var progress = 0L;
        while (progress < bytes / 2 && await child.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            progress = long.Parse(line, CultureInfo.InvariantCulture);
        }

        child.Kill();
        await child.WaitForExitAsync(cancellationToken);
        Demand(progress < bytes, "the copy is killed before its end");
    }

    private static Task HashAsync(string folder, CancellationToken cancellationToken) =>
        ShellAsync("sha256sum", [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)], cancellationToken);

    private static async Task ShellAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        await process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Demand(process.ExitCode == 0, $"{program} ends with 0");
    }

    private static async Task<string> LoadAsync() => File.Exists("/proc/loadavg") ? (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0] : "unknown";

    private static string Line(string copy, double copied, string verify, double all) =>
        string.Create(CultureInfo.InvariantCulture, $"{copy} {copied:F1} s + {verify} on both sides {all - copied:F1} s = {all:F1} s");

    private static void Demand(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"It does not hold that {what}.");
        }
    }

    private static void Say(string line) => Console.WriteLine(line);
}
