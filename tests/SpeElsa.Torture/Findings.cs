namespace SpeElsa.Torture;

/// <summary>What a run counts.</summary>
internal sealed class Findings(TextWriter output)
{
    private readonly Lock _lock = new();

    /// <summary>Processes killed.</summary>
    public int Kills { get; private set; }

    /// <summary>Rounds of workflows brought to their end.</summary>
    public int Rounds { get; private set; }

    /// <summary>Instances brought to their end.</summary>
    public int Instances { get; private set; }

    /// <summary>Effects found in the world.</summary>
    public long Effects { get; private set; }

    /// <summary>Looks at a database after a death.</summary>
    public int Audits { get; private set; }

    /// <summary>Kills by where they hit.</summary>
    public SortedDictionary<string, int> Places { get; } = new(StringComparer.Ordinal);

    /// <summary>The longest time from the start of a process to the first commit of an instance that a kill had cut off, in milliseconds.</summary>
    public double SlowestRecovery { get; private set; }

    /// <summary>Effects or answered signals that are nowhere.</summary>
    public int Lost { get; private set; }

    /// <summary>Effects that came twice.</summary>
    public int Doubled { get; private set; }

    /// <summary>Instances that went on no more.</summary>
    public int Stuck { get; private set; }

    /// <summary>Everything else that breaks a promise.</summary>
    public int Violations { get; private set; }

    public bool IsClean => Lost + Doubled + Stuck + Violations == 0;

    public string Summary => $"kills={Kills} lost={Lost} doubled={Doubled} stuck={Stuck} violations={Violations}";

    public void Killed(string place)
    {
        lock (_lock)
        {
            Kills++;
            Places[place] = Places.GetValueOrDefault(place) + 1;
        }
    }

    public void Audited()
    {
        lock (_lock)
        {
            Audits++;
        }
    }

    public void Recovered(TimeSpan time)
    {
        lock (_lock)
        {
            SlowestRecovery = Math.Max(SlowestRecovery, time.TotalMilliseconds);
        }
    }

    public void RoundEnded(int instances, long effects)
    {
        lock (_lock)
        {
            Rounds++;
            Instances += instances;
            Effects += effects;
        }
    }

    public void Report(Finding kind, string where, string what)
    {
        lock (_lock)
        {
            switch (kind)
            {
                case Finding.Lost:
                    Lost++;
                    break;
                case Finding.Doubled:
                    Doubled++;
                    break;
                case Finding.Stuck:
                    Stuck++;
                    break;
                default:
                    Violations++;
                    break;
            }

            output.WriteLine($"{kind} {where}: {what}");
        }
    }

    /// <summary>What an earlier part of the same run had counted.</summary>
    public void Add(Progress earlier)
    {
        lock (_lock)
        {
            Kills += earlier.Kills;
            Rounds += earlier.Rounds;
            Instances += earlier.Instances;
            Effects += earlier.Effects;
            Audits += earlier.Audits;
            SlowestRecovery = Math.Max(SlowestRecovery, earlier.SlowestRecovery);
            Lost += earlier.Lost;
            Doubled += earlier.Doubled;
            Stuck += earlier.Stuck;
            Violations += earlier.Violations;
            foreach (var (place, count) in earlier.Places)
            {
                Places[place] = Places.GetValueOrDefault(place) + count;
            }
        }
    }

    public Progress ToProgress(int seed, int nextRound)
    {
        lock (_lock)
        {
            return new Progress
            {
                Seed = seed,
                NextRound = nextRound,
                Kills = Kills,
                Rounds = Rounds,
                Instances = Instances,
                Effects = Effects,
                Audits = Audits,
                SlowestRecovery = SlowestRecovery,
                Lost = Lost,
                Doubled = Doubled,
                Stuck = Stuck,
                Violations = Violations,
                Places = new Dictionary<string, int>(Places),
            };
        }
    }
}

/// <summary>A kind of broken promise.</summary>
internal enum Finding
{
    Lost,
    Doubled,
    Stuck,
    Violation,
}

/// <summary>How far a run has come, as it is kept on disk.</summary>
internal sealed record Progress
{
    public int Seed { get; init; }

    public int NextRound { get; init; }

    public int Kills { get; init; }

    public int Rounds { get; init; }

    public int Instances { get; init; }

    public long Effects { get; init; }

    public int Audits { get; init; }

    public double SlowestRecovery { get; init; }

    public int Lost { get; init; }

    public int Doubled { get; init; }

    public int Stuck { get; init; }

    public int Violations { get; init; }

    public Dictionary<string, int> Places { get; init; } = [];
}
