using Elsa.Workflows;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime;

/// <summary>What a run that another one waits for tells it when it ends.</summary>
internal sealed record ChildEnded(
    string ParentInstanceId, string BookmarkId, string ChildInstanceId, WorkflowStatus Status, WorkflowSubStatus SubStatus, IDictionary<string, object?> Output, string? Error)
{
    public const string OutboxKind = "child-ended";

    /// <summary>The property of the child that names the bookmark of its parent.</summary>
    public const string ParentBookmarkKey = "ParentBookmarkId";

    /// <summary>The input under which the parent finds it.</summary>
    public const string InputKey = "ChildEnded";

    public static ChildEnded Of(WorkflowExecutionContext workflow, string parentId, string bookmarkId) => new(
        parentId,
        bookmarkId,
        workflow.Id,
        workflow.Status,
        workflow.SubStatus,
        new Dictionary<string, object?>(workflow.Output),
        workflow.Incidents.LastOrDefault()?.Message);
}

/// <summary>Brings the end of a child to the run that waits for it, once.</summary>
internal sealed class ChildEndedRelay(StimulusInbox inbox, TimeProvider timeProvider) : IOutboxHandler
{
    public string Kind => ChildEnded.OutboxKind;

    public Task HandleAsync(OutboxRecord row, CancellationToken cancellationToken) => TellAsync(EngineJson.Read<ChildEnded>(row.Payload)!, cancellationToken);

    public Task TellAsync(ChildEnded ended, CancellationToken cancellationToken) => inbox.SendAsync(
        new Stimulus
        {
            Key = $"child-ended:{ended.ChildInstanceId}:{ended.BookmarkId}",
            Kind = StimulusKind.Resume,
            InstanceId = ended.ParentInstanceId,
            BookmarkId = ended.BookmarkId,
            Input = EngineJson.Write(new Dictionary<string, object?> { [ChildEnded.InputKey] = ended }),
            ReceivedAt = timeProvider.GetUtcNow(),
        },
        cancellationToken);
}
