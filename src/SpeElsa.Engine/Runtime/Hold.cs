using System.Collections.Concurrent;
using Elsa.Workflows;
using Elsa.Workflows.State;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime;

/// <summary>
/// A run that somebody holds. What has begun goes on to its end, signals and timers are taken, and no further activity begins. It is a fact of the run's state, so it survives everything that the
/// run survives.
/// </summary>
/// <param name="By">Who wants it, or null.</param>
/// <param name="Reason">Why, or null.</param>
/// <param name="Since">Since when.</param>
public sealed record Hold(string? By, string? Reason, DateTimeOffset Since)
{
    /// <summary>The property of the run that holds it.</summary>
    internal const string PropertyKey = "SpeElsa.Hold";

    /// <summary>Reads it from a state; null: nobody holds the run.</summary>
    public static Hold? Of(WorkflowState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return Of(state.Properties);
    }

    internal static Hold? Of(IDictionary<string, object?> properties) =>
        properties.TryGetValue(PropertyKey, out var stored) ? stored as Hold ?? ObjectConverter.ConvertTo<Hold>(stored) : null;
}

/// <summary>Puts runs on hold and lets them go on.</summary>
internal static class HoldChange
{
    private const string ByKey = "By";
    private const string ReasonKey = "Reason";

    public static Stimulus ToStimulus(StimulusKind kind, string instanceId, string key, string? by, string? reason, DateTimeOffset now) => new()
    {
        Key = key,
        Kind = kind,
        InstanceId = instanceId,
        Input = EngineJson.Write(new Dictionary<string, object?> { [ByKey] = by, [ReasonKey] = reason }),
        ReceivedAt = now,
    };

    /// <summary>Holds the run, or lets it go on; the runs it has started follow by the outbox, after those it had asked for before.</summary>
    public static void Apply(WorkflowExecutionContext workflow, Stimulus stimulus, Dictionary<string, object?> input)
    {
        var holds = stimulus.Kind is StimulusKind.Hold;
        if (holds == workflow.Hold is not null)
        {
            return;
        }

        workflow.Hold = holds ? new Hold(input.GetValueOrDefault(ByKey) as string, input.GetValueOrDefault(ReasonKey) as string, stimulus.ReceivedAt) : null;
        if (workflow.Root is { } root)
        {
            workflow.Log(root, holds ? "Held" : "Released", payload: input);
        }

        workflow.AddOutbox(HoldRelay.OutboxKind, new HoldOrder(stimulus.Kind, stimulus.Key, stimulus.Input));
    }
}

/// <summary>Tells the runs that a run has started to hold, or to go on.</summary>
internal sealed record HoldOrder(StimulusKind Kind, string Key, string? Input)
{
    /// <summary>The same order for a child: once for each, however often it is told.</summary>
    public Stimulus For(string childId, DateTimeOffset now) => new() { Key = $"{Key}/{childId}", Kind = Kind, InstanceId = childId, Input = Input, ReceivedAt = now };
}

/// <summary>Brings holds and releases to the runs that a run has started.</summary>
internal sealed class HoldRelay(IInstanceReader reader, StimulusInbox inbox, TimeProvider timeProvider) : IOutboxHandler
{
    public const string OutboxKind = "hold-children";
    private const int ChildrenPerRead = 200;

    public string Kind => OutboxKind;

    public async Task HandleAsync(OutboxRecord row, CancellationToken cancellationToken)
    {
        var order = EngineJson.Read<HoldOrder>(row.Payload)!;

        // Also those that have ended: a page must not shift while they do.
        var filter = new InstanceFilter { ParentIds = [row.InstanceId] };
        for (var skip = 0; ; skip += ChildrenPerRead)
        {
            // Oldest first: children that are started meanwhile come last, and those know of the hold.
            var (children, _) = await reader.ListAsync(filter, new InstanceOrder(InstanceColumn.CreatedAt), skip, ChildrenPerRead, cancellationToken);
            foreach (var child in children.Where(child => child.Status is not WorkflowStatus.Finished))
            {
                await inbox.SendAsync(order.For(child.Id, timeProvider.GetUtcNow()), cancellationToken);
            }

            if (children.Count < ChildrenPerRead)
            {
                return;
            }
        }
    }
}

/// <summary>Holds that are being stored, or are and no burst of this process has read them: it begins nothing more because of them, and so comes to read them.</summary>
public sealed class HoldOrders
{
    private readonly ConcurrentDictionary<string, bool> _instances = new(StringComparer.Ordinal);

    internal void Order(string instanceId) => _instances[instanceId] = true;

    internal bool IsOrdered(string instanceId) => !_instances.IsEmpty && _instances.ContainsKey(instanceId);

    internal void Done(string instanceId)
    {
        if (!_instances.IsEmpty)
        {
            _instances.TryRemove(instanceId, out _);
        }
    }
}
