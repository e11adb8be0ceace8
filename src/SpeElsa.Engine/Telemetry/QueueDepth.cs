using System.Diagnostics.Metrics;

namespace SpeElsa.Engine.Telemetry;

/// <summary>How many instances could run and wait for a worker of this process, as its last look found them.</summary>
internal sealed class QueueDepth
{
    /// <summary>Where counting ends.</summary>
    public const int Deepest = 1000;

    private readonly ObservableGauge<int> _gauge;
    private volatile int _depth;

    public QueueDepth(EngineMeter meter) =>
        _gauge = meter.Meter.CreateObservableGauge("speelsa.queue.depth", () => _depth, "{instance}", $"Instances that are ready to run and not running, at most {Deepest}.");

    /// <summary>Whether anybody wants to know.</summary>
    public bool IsWatched => _gauge.Enabled;

    public int Depth
    {
        set => _depth = value;
    }
}
