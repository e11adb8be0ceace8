using Elsa.Workflows.Runtime.Activities;
using Elsa.Workflows.Runtime.Stimuli;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime;

/// <summary>An event on its way to those who wait for it.</summary>
internal sealed record PublishedEvent(string EventName, string? CorrelationId, string? InstanceId, object? Payload);

/// <summary>Brings published events to the instances that wait for them, once each.</summary>
internal sealed class EventDispatch(StimulusInbox inbox, IInstanceReader reader, TimeProvider timeProvider) : IOutboxHandler
{
    public const string OutboxKind = "event";

    public string Kind => OutboxKind;

    public async Task HandleAsync(OutboxRecord row, CancellationToken cancellationToken)
    {
        var published = EngineJson.Read<PublishedEvent>(row.Payload)!;
        var hash = StimulusHash.Compute("Elsa.Event", new EventStimulus(published.EventName));
        var input = EngineJson.Write(new Dictionary<string, object?> { [Event.EventInputWorkflowInputKey] = published.Payload });
        foreach (var bookmark in await reader.FindBookmarksAsync(hash, cancellationToken))
        {
            if (!await IsForAsync(bookmark, published, cancellationToken))
            {
                continue;
            }

            await inbox.SendAsync(
                new Stimulus
                {
                    Key = $"event:{row.Id}:{bookmark.Id}",
                    Kind = StimulusKind.Resume,
                    InstanceId = bookmark.InstanceId,
                    BookmarkId = bookmark.Id,
                    Input = input,
                    ReceivedAt = timeProvider.GetUtcNow(),
                },
                cancellationToken);
        }
    }

    private async Task<bool> IsForAsync(BookmarkRecord bookmark, PublishedEvent published, CancellationToken cancellationToken)
    {
        if (published.InstanceId is not null && published.InstanceId != bookmark.InstanceId)
        {
            return false;
        }

        return string.IsNullOrEmpty(published.CorrelationId)
            || (await reader.FindAsync(bookmark.InstanceId, cancellationToken))?.CorrelationId == published.CorrelationId;
    }
}
