using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using SpeElsa.Lab;
using SpeElsa.Machines;

namespace SpeElsa.Benchmarks;

/// <summary>A tree of files of mixed sizes on one server of a lab, and its copy to the other by the product's own scripts.</summary>
internal sealed class CopyTrial : IAsyncDisposable
{
    public const string Tree = @"C:\Data\Archive";
    public const string FirstTicket = "copy-1";
    private const string Source = "spe-old";
    private const string Target = "spe-new";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private readonly LabFarm _farm;

    private CopyTrial(LabFarm farm) => _farm = farm;

    public string SourceFolder => _farm.Find(Source)!.ToLocalPath(Tree);

    public string TargetFolder => _farm.Find(Target)!.ToLocalPath(Tree);

    /// <summary>Opens the farm in a folder; an empty folder gets two empty servers.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="bytesPerSecond">How fast a file is copied; 0 is as fast as the disk.</param>
    public static CopyTrial Open(string directory, double bytesPerSecond = 0)
    {
        var farm = LabFarm.Open(new LabOptions { Directory = directory, CopyBytesPerSecond = bytesPerSecond }, TimeProvider.System, NullLoggerFactory.Instance);
        foreach (var name in new[] { Source, Target }.Where(name => farm.Find(name) is null))
        {
            farm.AddServer(name, 1L << 40);
        }

        return new CopyTrial(farm);
    }

    /// <summary>Six tenths of the bytes in four large files, three and a half in files around a two hundredth, the rest in small ones. The same bytes each time.</summary>
    public (int Files, long Bytes) Make(long bytes)
    {
        var random = new Random(1);
        var buffer = new byte[1 << 20];
        random.NextBytes(buffer);
        var (files, written) = (0, 0L);
        while (written < bytes)
        {
            var length = written < bytes * 6 / 10 ? bytes * 15 / 100
                : written < bytes * 95 / 100 ? bytes / 200 * random.Next(50, 150) / 100
                : Math.Max(1, bytes / 40_000 * random.Next(1, 200) / 100);
            length = Math.Min(length, bytes - written);
            var path = Path.Combine(SourceFolder, $"Store {files % 7}", $"{files:D5}.dat");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            for (var left = length; left > 0; left -= Math.Min(left, buffer.Length))
            {
                BitConverter.TryWriteBytes(buffer, random.NextInt64()); // Random bytes throughout would take longer than the copy.
                file.Write(buffer, 0, (int)Math.Min(left, buffer.Length));
            }

            written += length;
            files++;
        }

        return (files, written);
    }

    /// <summary>Starts the copy and tells how far it is, until it has ended.</summary>
    public async Task<TicketStatus> CopyAsync(string ticket, Action<TicketProgress> onProgress, CancellationToken cancellationToken)
    {
        var input = new JsonObject { ["source"] = $@"\\{Source}\C$\Data\Archive", ["destination"] = Tree, ["mode"] = "final" };
        return await RunAsync(Target, ticket, MachineScripts.CopyDirectory, input, onProgress, cancellationToken);
    }

    /// <summary>Hashes both sides at the same time.</summary>
    /// <returns>The two digests.</returns>
    public async Task<(string Source, string Target)> VerifyAsync(string ticket, CancellationToken cancellationToken)
    {
        var both = await Task.WhenAll(new[] { Source, Target }.Select(server => RunAsync(
            server, $"{ticket}-{server}", MachineScripts.GetDirectoryManifest, new JsonObject { ["path"] = Tree }, _ => { }, cancellationToken)));
        return (Digest(both[0]), Digest(both[1]));

        static string Digest(TicketStatus status) => status.Result is { } result
            ? result.GetProperty("digest").GetString()!
            : throw new InvalidOperationException($"The manifest did not come: {status.State} {status.Error}");
    }

    public Task<TicketStatus> StatusAsync(string ticket, CancellationToken cancellationToken) =>
        Machine(Target).GetStatusAsync(ticket, 0, cancellationToken);

    /// <summary>The files that the copy put in place, with how often it did.</summary>
    public IReadOnlyDictionary<string, int> Copied() =>
        _farm.Find(Target)!.Effects.Where(effect => effect.Kind == LabEffectKinds.FileCopy).CountBy(effect => effect.Target).ToDictionary();

    public ValueTask DisposeAsync() => _farm.DisposeAsync();

    private ScriptedMachine Machine(string name) => new(name, _farm.Transport(name));

    private async Task<TicketStatus> RunAsync(
        string server, string ticket, MachineScript script, JsonObject input, Action<TicketProgress> onProgress, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Look);
        var status = await Machine(server).StartAsync(ticket, script, input, cancellationToken);
        while (true)
        {
            if (status.Progress is { } progress)
            {
                onProgress(progress);
            }

            if (status.IsFinal)
            {
                return status;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
            status = await Machine(server).GetStatusAsync(ticket, status.LastSequence, cancellationToken);
        }
    }
}

/// <summary>Sees that a copy never says less than it has said.</summary>
internal sealed class Monotone
{
    private TicketProgress? _last;

    public int Count { get; private set; }

    public TicketProgress? Last => _last;

    public void Add(TicketProgress progress)
    {
        if (_last is not null && (progress.BytesDone < _last.BytesDone || progress.FilesDone < _last.FilesDone || progress.BytesTotal != _last.BytesTotal))
        {
            throw new InvalidOperationException($"The progress went back from {JsonSerializer.Serialize(_last)} to {JsonSerializer.Serialize(progress)}.");
        }

        _last = progress;
        Count++;
    }
}
