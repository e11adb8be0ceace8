using Elsa.Workflows.Runtime.Activities;
using Elsa.Workflows.Runtime.Stimuli;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Runtime.Triggers;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime;

/// <summary>An event on its way to those who wait for it or are started by it.</summary>
internal sealed record PublishedEvent(string EventName, string? CorrelationId, string? InstanceId, object? Payload, string? ActivityInstanceId = null)
{
    /// <summary>What is sent.</summary>
    public Broadcast ToBroadcast(string key) => new()
    {
        Key = key,
        Hash = StimulusHash.Compute(Event.StimulusName, new EventStimulus(EventName)),
        CorrelationId = CorrelationId,
        InstanceId = InstanceId,
        ActivityInstanceId = ActivityInstanceId,
        Input = new Dictionary<string, object?> { [Event.EventInputWorkflowInputKey] = Payload },
    };
}

/// <summary>Brings the events that workflows publish to those who wait for them or are started by them, once each.</summary>
internal sealed class EventDispatch(StimulusDispatcher dispatcher) : IOutboxHandler
{
    public const string OutboxKind = "event";

    public string Kind => OutboxKind;

    public Task HandleAsync(OutboxRecord row, CancellationToken cancellationToken) =>
        dispatcher.SendAsync(EngineJson.Read<PublishedEvent>(row.Payload)!.ToBroadcast($"event:{row.Id}"), cancellationToken);
}
