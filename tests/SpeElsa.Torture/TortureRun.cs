using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SpeElsa.Torture.Moves;

namespace SpeElsa.Torture;

/// <summary>What a run is to do.</summary>
/// <param name="Kills">How many processes are killed.</param>
/// <param name="Seed">What everything is drawn from.</param>
/// <param name="Lanes">How many engines side by side.</param>
/// <param name="Directory">Where it keeps its files, or null for a temporary folder.</param>
/// <param name="Patience">After how long what does not go on counts as stuck.</param>
/// <param name="Sabotage">How the engine is broken on purpose.</param>
/// <param name="Until">A finding that ends the run, or null to play it to its end.</param>
/// <param name="PlaysMoves">Whether whole servers are killed while they move roles, in place of engines that run drawn workflows.</param>
internal sealed record TortureOptions(int Kills, int Seed, int Lanes, string? Directory, TimeSpan Patience, Sabotage Sabotage, Finding? Until, bool PlaysMoves);

/// <summary>How far a run has come, as it is kept on disk.</summary>
internal sealed record Progress(int Seed, int NextRound, Counts Counts);

/// <summary>The whole run: lanes side by side draw rounds until enough processes have been killed.</summary>
internal sealed class TortureRun : IKillBudget, IDisposable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly TortureOptions _options;
    private readonly string _directory;
    private readonly Findings _findings;
    private readonly Lock _lock = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _nextRound;
    private int _killsLeft;

    private TortureRun(TortureOptions options, string directory, Progress earlier)
    {
        _options = options;
        _directory = directory;
        _findings = new Findings(earlier.Counts, Console.Out, options.Until);
        _nextRound = earlier.NextRound;
        _killsLeft = Math.Max(0, options.Kills - earlier.Counts.Kills);
    }

    /// <summary>Runs; 0 when every promise held, 1 when one was broken, 2 when it was stopped before its end.</summary>
    public static async Task<int> RunAsync(TortureOptions options, CancellationToken cancellationToken)
    {
        var directory = options.Directory ?? Directory.CreateTempSubdirectory("spe-torture-").FullName;
        Directory.CreateDirectory(directory);
        var earlier = File.Exists(PathIn(directory))
            ? JsonSerializer.Deserialize<Progress>(await File.ReadAllTextAsync(PathIn(directory), cancellationToken))!
            : new Progress(options.Seed, 0, new Counts());
        if (earlier.Seed != options.Seed)
        {
            await Console.Error.WriteLineAsync($"The run in '{directory}' has the seed {earlier.Seed}. Give --seed {earlier.Seed} to go on with it, or another --directory.");
            return 2;
        }

        using var run = new TortureRun(options, directory, earlier);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, run._findings.Enough);
        await run.RunAsync(ending.Token);
        var isClean = run._findings.IsClean;
        if (!cancellationToken.IsCancellationRequested && isClean && options.Directory is null)
        {
            Directory.Delete(directory, recursive: true);
        }

        Console.WriteLine(run._findings.Summary);
        return !isClean ? 1 : cancellationToken.IsCancellationRequested ? 2 : 0;
    }

    /// <inheritdoc />
    public void Dispose() => _findings.Dispose();

    /// <inheritdoc />
    public bool Take()
    {
        if (Interlocked.Decrement(ref _killsLeft) >= 0)
        {
            return true;
        }

        GiveBack();
        return false;
    }

    /// <inheritdoc />
    public void GiveBack() => Interlocked.Increment(ref _killsLeft);

    private static string PathIn(string directory) => Path.Combine(directory, "progress.json");

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed={_options.Seed} kills={_options.Kills} lanes={_options.Lanes} directory={_directory} first round={_nextRound}"));
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = WatchAsync(watching.Token);
        await Task.WhenAll(Enumerable.Range(0, _options.Lanes).Select(lane => Task.Run(() => LaneAsync(lane, cancellationToken), CancellationToken.None)));
        await watching.CancelAsync();
        await watch;
        _findings.Read(counts =>
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"rounds={counts.Rounds} instances={counts.Instances} effects={counts.Effects} audits={counts.Audits} slowest recovery={counts.SlowestRecovery:0} ms time={_clock.Elapsed:hh\\:mm\\:ss}"));
            foreach (var (place, count) in counts.Places)
            {
                Console.WriteLine($"  killed {place}: {count}");
            }

            return counts;
        });
    }

    private async Task LaneAsync(int lane, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && Volatile.Read(ref _killsLeft) > 0)
        {
            var number = Interlocked.Increment(ref _nextRound) - 1;
            var folder = Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"round-{number}"));
            try
            {
                var before = CountBroken();
                await Round(number, folder).PlayAsync(cancellationToken);
                if (CountBroken() == before)
                {
                    Directory.Delete(folder, recursive: true);
                }

                Keep();
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The round is drawn again when the run goes on.
            }
#pragma warning disable CA1031 // A round that can not be played is a finding, and no reason to lose the others.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                _findings.Report(Finding.Violation, $"lane {lane} round {number}", exception.ToString());
            }
        }
    }

    private IRound Round(int number, string folder) =>
        _options.PlaysMoves ? new MoveRound(number, folder, _options, _findings, this) : new Round(number, folder, _options, _findings, this);

    private int CountBroken() => _findings.Read(counts => counts.Broken.Values.Sum());

    /// <summary>Written by rename: a stop leaves the old one or the new one.</summary>
    private void Keep()
    {
        lock (_lock)
        {
            var temporary = $"{PathIn(_directory)}.new";
            File.WriteAllText(temporary, _findings.Read(counts => JsonSerializer.Serialize(new Progress(_options.Seed, _nextRound, counts), Indented)));
            File.Move(temporary, PathIn(_directory), overwrite: true);
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(15));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                Console.WriteLine(_findings.Read(counts => $"{_clock.Elapsed:hh\\:mm\\:ss} {_findings.Summary} rounds={counts.Rounds} effects={counts.Effects}"));
            }
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }
    }
}
