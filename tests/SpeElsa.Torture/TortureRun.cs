using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace SpeElsa.Torture;

/// <summary>What a run is to do.</summary>
/// <param name="Kills">How many processes are killed.</param>
/// <param name="Seed">What everything is drawn from.</param>
/// <param name="Lanes">How many engines side by side.</param>
/// <param name="Directory">Where it keeps its files, or null for a temporary folder.</param>
/// <param name="Patience">After how long what does not go on counts as stuck.</param>
/// <param name="Sabotage">How the engine is broken on purpose.</param>
internal sealed record TortureOptions(int Kills, int Seed, int Lanes, string? Directory, TimeSpan Patience, Sabotage Sabotage);

/// <summary>The whole run: lanes side by side draw rounds until enough processes have been killed.</summary>
internal sealed class TortureRun(TortureOptions options, string directory, Findings findings, TextWriter output) : IKillBudget
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly Lock _lock = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _nextRound;
    private int _killsLeft;

    private string ProgressPath => Path.Combine(directory, "progress.json");

    /// <summary>Runs; 0 when every promise held, 1 when one was broken, 2 when it was stopped before its end.</summary>
    public static async Task<int> RunAsync(TortureOptions options, CancellationToken cancellationToken)
    {
        var directory = options.Directory ?? Directory.CreateTempSubdirectory("spe-torture-").FullName;
        Directory.CreateDirectory(directory);
        var findings = new Findings(Console.Out);
        var run = new TortureRun(options, directory, findings, Console.Out);
        bool ended;
        try
        {
            ended = await run.RunAsync(cancellationToken);
        }
        catch (InvalidDataException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 2;
        }

        if (ended && findings.IsClean && options.Directory is null)
        {
            Directory.Delete(directory, recursive: true);
        }

        Console.WriteLine(findings.Summary);
        return !findings.IsClean ? 1 : ended ? 0 : 2;
    }

    /// <returns>Whether it came to its end.</returns>
    private async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await GoOnAsync(cancellationToken);
        _killsLeft = Math.Max(0, options.Kills - findings.Kills);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed={options.Seed} kills={options.Kills} lanes={options.Lanes} directory={directory} first round={_nextRound}"));
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = WatchAsync(watching.Token);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, options.Lanes).Select(lane => Task.Run(() => LaneAsync(lane, cancellationToken), CancellationToken.None)));
        }
        finally
        {
            await watching.CancelAsync();
            await watch;
        }

        Describe();
        return !cancellationToken.IsCancellationRequested;
    }

    private async Task LaneAsync(int lane, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && Volatile.Read(ref _killsLeft) > 0)
        {
            var number = Interlocked.Increment(ref _nextRound) - 1;
            var folder = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"round-{number}"));
            try
            {
                var before = findings.IsClean;
                var round = new Round(number, folder, options, findings, this);
                await round.PlayAsync(cancellationToken);
                if (before && findings.IsClean && Directory.Exists(folder))
                {
                    Directory.Delete(folder, recursive: true);
                }

                await KeepAsync();
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The round is drawn again when the run goes on.
            }
#pragma warning disable CA1031 // A round that can not be played is a finding, and no reason to lose the others.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                findings.Report(Finding.Violation, $"lane {lane} round {number}", exception.ToString());
            }
        }
    }

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

    private async Task GoOnAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(ProgressPath))
        {
            return;
        }

        var earlier = JsonSerializer.Deserialize<Progress>(await File.ReadAllTextAsync(ProgressPath, cancellationToken))!;
        if (earlier.Seed != options.Seed)
        {
            throw new InvalidDataException($"The run in '{directory}' has the seed {earlier.Seed}. Give --seed {earlier.Seed} to go on with it, or another --directory.");
        }

        findings.Add(earlier);
        _nextRound = earlier.NextRound;
    }

    /// <summary>Written by rename: a stop leaves the old one or the new one.</summary>
    private Task KeepAsync()
    {
        lock (_lock)
        {
            var temporary = $"{ProgressPath}.new";
            File.WriteAllText(temporary, JsonSerializer.Serialize(findings.ToProgress(options.Seed, _nextRound), Indented));
            File.Move(temporary, ProgressPath, overwrite: true);
        }

        return Task.CompletedTask;
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(15));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                output.WriteLine($"{_clock.Elapsed:hh\\:mm\\:ss} {findings.Summary} rounds={findings.Rounds} effects={findings.Effects}");
            }
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }
    }

    private void Describe()
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"rounds={findings.Rounds} instances={findings.Instances} effects={findings.Effects} audits={findings.Audits} slowest recovery={findings.SlowestRecovery:0} ms time={_clock.Elapsed:hh\\:mm\\:ss}"));
        foreach (var (place, count) in findings.Places)
        {
            output.WriteLine($"  killed {place}: {count}");
        }
    }
}
