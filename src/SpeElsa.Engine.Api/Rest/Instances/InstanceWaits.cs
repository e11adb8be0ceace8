using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Instances;

/// <summary>Lets callers wait a moment for what they have asked for. It is stored: who stops waiting misses only the look at it.</summary>
internal sealed class InstanceWaits(InstanceWatch watch, IInstanceReader reader, TimeProvider timeProvider)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Waits until the instance rests, but not for long.</summary>
    /// <returns>How it stands then.</returns>
    public async Task<InstanceRecord?> SettleAsync(string instanceId, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await watch.WaitUntilIdleAsync(instanceId, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A long step is under way; what was asked for follows it.
        }

        return await reader.FindAsync(instanceId, cancellationToken);
    }
}
