namespace SpeElsa.Torture;

/// <summary>A kind of broken promise.</summary>
internal enum Finding
{
    /// <summary>An effect or an answered signal that is nowhere.</summary>
    Lost,

    /// <summary>An effect that came twice.</summary>
    Doubled,

    /// <summary>An instance that goes on no more.</summary>
    Stuck,

    /// <summary>Everything else that breaks a promise.</summary>
    Violation,
}

/// <summary>What a run has counted, as it is kept on disk.</summary>
internal sealed record Counts
{
    /// <summary>Processes killed.</summary>
    public int Kills { get; init; }

    /// <summary>Rounds of workflows brought to their end.</summary>
    public int Rounds { get; init; }

    /// <summary>Instances brought to their end.</summary>
    public int Instances { get; init; }

    /// <summary>Effects found in the world.</summary>
    public long Effects { get; init; }

    /// <summary>Looks at a database after a death.</summary>
    public int Audits { get; init; }

    /// <summary>The longest time from the start of a process to the first commit of an instance that a kill had cut off, in milliseconds.</summary>
    public double SlowestRecovery { get; init; }

    /// <summary>Broken promises by kind.</summary>
    public SortedDictionary<Finding, int> Broken { get; init; } = [];

    /// <summary>Kills by where they hit.</summary>
    public SortedDictionary<string, int> Places { get; init; } = new(StringComparer.Ordinal);
}

/// <summary>Counts, for lanes side by side.</summary>
/// <param name="counts">Where an earlier part of the run had come to.</param>
/// <param name="output">Where a broken promise is told.</param>
/// <param name="until">The kind that is enough, or null to go on whatever is found.</param>
internal sealed class Findings(Counts counts, TextWriter output, Finding? until) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _enough = new();
    private Counts _counts = counts;

    /// <summary>Cancelled when the kind that is enough has been found.</summary>
    public CancellationToken Enough => _enough.Token;

    public bool IsClean => Read(now => now.Broken.Count == 0);

    public int Kills => Read(now => now.Kills);

    public string Summary => Read(now => $"kills={now.Kills} lost={Of(now, Finding.Lost)} doubled={Of(now, Finding.Doubled)} stuck={Of(now, Finding.Stuck)} violations={Of(now, Finding.Violation)}");

    /// <summary>Reads what has been counted, while nobody counts.</summary>
    public T Read<T>(Func<Counts, T> read)
    {
        lock (_lock)
        {
            return read(_counts);
        }
    }

    public void Killed(string place) => Count(now =>
    {
        Increase(now.Places, place);
        return now with { Kills = now.Kills + 1 };
    });

    public void Audited() => Count(now => now with { Audits = now.Audits + 1 });

    public void Recovered(TimeSpan time) => Count(now => now with { SlowestRecovery = Math.Max(now.SlowestRecovery, time.TotalMilliseconds) });

    public void RoundEnded(int instances, long effects) =>
        Count(now => now with { Rounds = now.Rounds + 1, Instances = now.Instances + instances, Effects = now.Effects + effects });

    public void Report(Finding kind, string where, string what)
    {
        Count(now =>
        {
            Increase(now.Broken, kind);
            output.WriteLine($"{kind} {where}: {what}");
            return now;
        });
        if (kind == until)
        {
            _enough.Cancel();
        }
    }

    public void Dispose() => _enough.Dispose();

    private static int Of(Counts counts, Finding kind) => counts.Broken.GetValueOrDefault(kind);

    private static void Increase<TKey>(SortedDictionary<TKey, int> counts, TKey key)
        where TKey : notnull => counts[key] = counts.GetValueOrDefault(key) + 1;

    private void Count(Func<Counts, Counts> count)
    {
        lock (_lock)
        {
            _counts = count(_counts);
        }
    }
}
