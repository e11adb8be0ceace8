using System.Collections.Concurrent;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime;

/// <summary>Lets a caller wait until an instance rests: everything sent to it before has been handled, and it waits, has ended or is set aside.</summary>
internal sealed class InstanceWatch(IInstanceReader reader)
{
    /// <summary>Another process may run the instance; its workers ring no bell here.</summary>
    private static readonly TimeSpan LongestLook = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _watched = new(StringComparer.Ordinal);

    /// <summary>A burst of the instance has ended in this process.</summary>
    public void Rest(string instanceId)
    {
        if (_watched.TryRemove(instanceId, out var source))
        {
            source.TrySetResult();
        }
    }

    public async Task WaitUntilIdleAsync(string instanceId, CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = _watched.GetOrAdd(instanceId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            if (await reader.IsIdleAsync(instanceId, cancellationToken))
            {
                return;
            }

            await Task.WhenAny(changed.Task, Task.Delay(LongestLook, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
