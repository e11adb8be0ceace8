using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace SpeElsa.Testing;

/// <summary>Listens to one meter and keeps what it says, as "instrument tag=value …" and a value.</summary>
public sealed class Readings : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string What, double Value)> _said = new();

    public Readings(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == meter)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>All that was said, with what gauges show now.</summary>
    public IReadOnlyCollection<(string What, double Value)> All
    {
        get
        {
            _listener.RecordObservableInstruments();
            return [.. _said];
        }
    }

    /// <summary>What was said of something.</summary>
    public double[] Of(string what) => [.. _said.Where(one => one.What == what).Select(one => one.Value)];

    /// <summary>What a gauge shows now; null: nothing.</summary>
    public double? Now(string what)
    {
        _listener.RecordObservableInstruments();
        return Of(what) is [.., var last] ? last : null;
    }

    public void Dispose() => _listener.Dispose();

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var what = instrument.Name;
        foreach (var tag in tags)
        {
            what += $" {tag.Key}={tag.Value}";
        }

        _said.Enqueue((what, value));
    }
}
