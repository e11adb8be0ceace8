using System.Diagnostics.Metrics;
using SpeElsa.Engine.Execution;

namespace SpeElsa.Engine.Telemetry;

/// <summary>
/// The meter of a host, and what the engine measures with it. One that nobody listens to costs nothing: no measurement is made and nothing is allocated for it.
/// </summary>
public sealed class EngineMeter : IDisposable
{
    /// <summary>The name to listen to.</summary>
    public const string Name = "SpeElsa";

    private const string Seconds = "s";
    private const string TypeTag = "activity.type";
    private const string OutcomeTag = "outcome";
    private static readonly InstrumentAdvice<double> Steps = new() { HistogramBucketBoundaries = [0.01, 0.1, 1, 5, 15, 60, 300, 900, 3600, 14_400, 86_400] };
    private static readonly InstrumentAdvice<double> Commits = new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5] };
    private readonly Counter<long> _steps;
    private readonly Histogram<double> _stepDuration;

    /// <summary>Makes the instruments.</summary>
    public EngineMeter()
    {
        Meter = new Meter(Name);
        _steps = Meter.CreateCounter<long>("speelsa.steps", "{step}", "Activities that have ended, by type and outcome.");
        _stepDuration = Meter.CreateHistogram("speelsa.step.duration", Seconds, "From the start of an activity to its end, waits included.", tags: null, advice: Steps);
        CommitDuration = Meter.CreateHistogram("speelsa.commit.duration", Seconds, "From a transaction that waits for its turn to write to its being on disk.", tags: null, advice: Commits);
    }

    /// <summary>The meter. A host may add instruments of its own.</summary>
    public Meter Meter { get; }

    /// <summary>How long a commit takes. Stores record it.</summary>
    public Histogram<double> CommitDuration { get; }

    /// <inheritdoc />
    public void Dispose() => Meter.Dispose();

    /// <summary>Counts the activities whose end is stored.</summary>
    internal void Committed(List<LogEntry> entries)
    {
        if (!_steps.Enabled && !_stepDuration.Enabled)
        {
            return;
        }

        foreach (var entry in entries)
        {
            if (OutcomeOf(entry.EventName) is { } outcome)
            {
                KeyValuePair<string, object?> type = new(TypeTag, entry.ActivityType);
                KeyValuePair<string, object?> how = new(OutcomeTag, outcome);
                _steps.Add(1, type, how);
                _stepDuration.Record((entry.Timestamp - entry.StartedAt).TotalSeconds, type, how);
            }
        }
    }

    private static string? OutcomeOf(string eventName) => eventName switch
    {
        "Completed" => "completed",
        "Faulted" => "faulted",
        "Canceled" => "canceled",
        _ => null,
    };
}
