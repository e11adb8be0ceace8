using System.Collections.Concurrent;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Server.OperatorConsole;

/// <summary>Tells open pages that a move has changed. What has changed they read themselves.</summary>
internal sealed class MoveWatch : ICommitObserver
{
    private readonly ConcurrentDictionary<Watcher, byte> _watchers = new();

    public void Committed(InstanceRecord instance)
    {
        foreach (var watcher in _watchers.Keys)
        {
            watcher.Changed();
        }
    }

    /// <summary>Calls when a move has changed, until what comes back is disposed of.</summary>
    /// <param name="changed">Has to return at once: the engine waits for it.</param>
    public IDisposable Watch(Action changed)
    {
        var watcher = new Watcher(this, changed);
        _watchers.TryAdd(watcher, 0);
        return watcher;
    }

    private sealed class Watcher(MoveWatch watch, Action changed) : IDisposable
    {
        public void Changed() => changed();

        public void Dispose() => watch._watchers.TryRemove(this, out _);
    }
}
