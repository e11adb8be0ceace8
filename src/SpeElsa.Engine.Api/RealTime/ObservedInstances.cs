using System.Threading.Channels;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.RealTime;

/// <summary>An instance that somebody looks at.</summary>
internal sealed class ObservedInstance(string id)
{
    private int _isAnnounced;
    private long _toldOf;

    public string Id { get; } = id;

    /// <summary>The last journal row that observers were told of.</summary>
    public long ToldOf
    {
        get => Volatile.Read(ref _toldOf);
        set => Volatile.Write(ref _toldOf, value);
    }

    /// <summary>The connections that look at it.</summary>
    public HashSet<string> Connections { get; } = new(StringComparer.Ordinal);

    /// <returns>Whether it was not announced yet.</returns>
    public bool Announce() => Interlocked.Exchange(ref _isAnnounced, 1) == 0;

    /// <summary>From here on, a commit is announced anew: whatever is read after this call includes all that was announced before.</summary>
    public void TakeAnnouncement() => Interlocked.Exchange(ref _isAnnounced, 0);
}

/// <summary>Which instances are looked at, and which of them have changed. A commit costs one look into a dictionary, whoever observes.</summary>
internal sealed class ObservedInstances : ICommitObserver
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ObservedInstance> _observed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _byConnection = new(StringComparer.Ordinal);
    private readonly Channel<ObservedInstance> _changed = Channel.CreateUnbounded<ObservedInstance>();

    /// <summary>Instances that have changed, each once until it is taken.</summary>
    public ChannelReader<ObservedInstance> Changed => _changed.Reader;

    /// <inheritdoc />
    public void Committed(InstanceRecord instance)
    {
        lock (_gate)
        {
            if (_observed.TryGetValue(instance.Id, out var observed) && observed.Announce())
            {
                _changed.Writer.TryWrite(observed);
            }
        }
    }

    /// <summary>A connection looks at an instance.</summary>
    /// <returns>False when it looks at as many as it may.</returns>
    public bool TryAdd(string connectionId, string instanceId, int most)
    {
        lock (_gate)
        {
            if (!_byConnection.TryGetValue(connectionId, out var instances))
            {
                _byConnection[connectionId] = instances = new HashSet<string>(StringComparer.Ordinal);
            }

            if (instances.Count >= most && !instances.Contains(instanceId))
            {
                return false;
            }

            instances.Add(instanceId);
            if (!_observed.TryGetValue(instanceId, out var observed))
            {
                _observed[instanceId] = observed = new ObservedInstance(instanceId);
            }

            observed.Connections.Add(connectionId);
            return true;
        }
    }

    /// <returns>Whether somebody looks at it still.</returns>
    public bool IsObserved(ObservedInstance instance)
    {
        lock (_gate)
        {
            return instance.Connections.Count > 0;
        }
    }

    /// <summary>A connection has ended.</summary>
    public void Remove(string connectionId)
    {
        lock (_gate)
        {
            if (!_byConnection.Remove(connectionId, out var instances))
            {
                return;
            }

            foreach (var id in instances)
            {
                if (_observed.TryGetValue(id, out var observed) && observed.Connections.Remove(connectionId) && observed.Connections.Count == 0)
                {
                    _observed.Remove(id);
                }
            }
        }
    }
}
