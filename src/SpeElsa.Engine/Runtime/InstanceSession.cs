using Elsa.Workflows;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;
using SpeElsa.Engine.Telemetry;

namespace SpeElsa.Engine.Runtime;

/// <summary>
/// One claimed instance in memory. It gathers what a burst changes and commits it: before an activity with effects acts, after it has acted,
/// and at the end. Every commit is whole, so the last one is always a state from which a burst can be run again.
/// </summary>
internal sealed class InstanceSession(
    IRuntimeStore store,
    OutboxBell outboxBell,
    CommitObservers observers,
    EngineMeter meter,
    IFaultPoints faultPoints,
    Claim claim,
    LoadedInstance loaded,
    WorkflowExecutionContext workflow,
    string boundTo)
    : IBurstCommits
{
    private readonly Dictionary<long, StimulusState> _stimuli = [];
    private readonly Dictionary<string, Bookmark> _storedBookmarks = loaded.Instance.Status is WorkflowStatus.Running
        ? workflow.Bookmarks.ToDictionary(bookmark => bookmark.Id, StringComparer.Ordinal)
        : new Dictionary<string, Bookmark>(StringComparer.Ordinal);
    private InstanceRecord _instance = loaded.Instance;

    /// <summary>The version the stored bookmarks are of: after a migration they name other places.</summary>
    private string _boundTo = boundTo;

    public bool IsReleased { get; private set; }

    public void Mark(StoredStimulus stimulus, StimulusState state) => _stimuli[stimulus.Sequence] = state;

    public async Task IntentAsync(WorkflowExecutionContext context, CancellationToken cancellationToken)
    {
        await CommitAsync(release: false, cancellationToken);
        faultPoints.Reach(FaultPoint.IntentCommitted, context.Current?.Node.Activity.Id);
    }

    public async Task ResultAsync(WorkflowExecutionContext context, CancellationToken cancellationToken)
    {
        var activityId = context.LastEntered;
        faultPoints.Reach(FaultPoint.BeforeResult, activityId);
        await CommitAsync(release: false, cancellationToken);
        faultPoints.Reach(FaultPoint.ResultCommitted, activityId);
    }

    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        await CommitAsync(release: true, cancellationToken);
        IsReleased = true;
        faultPoints.Reach(FaultPoint.BurstCommitted, workflow.LastEntered);
    }

    private async Task CommitAsync(bool release, CancellationToken cancellationToken)
    {
        workflow.UpdatedAt = workflow.Now;
        var entries = workflow.Journal.Take();
        var journal = Number(entries);
        var next = _instance with
        {
            Status = workflow.Status,
            SubStatus = workflow.SubStatus,
            CorrelationId = workflow.CorrelationId,
            Name = workflow.Name,
            IncidentCount = workflow.Incidents.Count,
            UpdatedAt = workflow.UpdatedAt,
            FinishedAt = workflow.FinishedAt,
            StateVersion = _instance.StateVersion + 1,
            JournalSequence = _instance.JournalSequence + journal.Count,
            JournalHash = journal.Count > 0 ? journal[^1].Hash : _instance.JournalHash,
        };

        // A faulted run keeps its bookmarks in its state, for a retry; nobody finds them while it rests.
        var waits = workflow.Status is WorkflowStatus.Running ? workflow.Bookmarks : [];
        var rewrites = _instance.DefinitionVersionId != _boundTo;
        _boundTo = _instance.DefinitionVersionId;
        var added = waits.Where(bookmark => rewrites || !_storedBookmarks.ContainsKey(bookmark.Id)).ToArray();
        var present = rewrites ? [] : waits.Select(bookmark => bookmark.Id).ToHashSet(StringComparer.Ordinal);
        var removed = _storedBookmarks.Keys.Where(id => !present.Contains(id)).ToArray();
        var checkpoint = new Checkpoint
        {
            Claim = claim,
            ExpectedVersion = _instance.StateVersion,
            Instance = next,
            State = StateCodec.Encode(StateMapper.Extract(workflow, next.JournalSequence)),
            AddedBookmarks = [.. added.Select(Record)],
            RemovedBookmarks = removed,
            Timers = [.. added.Where(bookmark => bookmark.DueAt is not null).Select(bookmark => new TimerRecord(bookmark.Id, workflow.Id, bookmark.DueAt!.Value))],
            Journal = journal,
            Stimuli = new Dictionary<long, StimulusState>(_stimuli),
            Outbox = workflow.TakeOutbox(),

            // Until its last commit a burst has not looked whether a signal that came early fits a wait that is stored by now.
            HasWork = workflow.Status is WorkflowStatus.Running && (!release || (workflow.HasScheduledWork && workflow.Hold is null) || workflow.Current is not null),
            Release = release,
        };

        if (await store.CommitAsync(checkpoint, cancellationToken) is CommitOutcome.Superseded)
        {
            throw new CommitLostException(workflow.Id);
        }

        if (checkpoint.Outbox.Count > 0)
        {
            outboxBell.Bell.Ring();
        }

        meter.Committed(entries);
        observers.Committed(next, journal);
        _instance = next;
        _stimuli.Clear();
        foreach (var id in removed)
        {
            _storedBookmarks.Remove(id);
        }

        foreach (var bookmark in added)
        {
            _storedBookmarks[bookmark.Id] = bookmark;
        }
    }

    private List<JournalRecord> Number(List<LogEntry> entries)
    {
        var rows = new List<JournalRecord>(entries.Count);
        var hash = _instance.JournalHash;
        foreach (var entry in entries)
        {
            var row = JournalChain.Append(_instance, entry, _instance.JournalSequence + rows.Count + 1, hash);
            hash = row.Hash;
            rows.Add(row);
        }

        return rows;
    }

    private BookmarkRecord Record(Bookmark bookmark) => new()
    {
        Id = bookmark.Id,
        InstanceId = workflow.Id,
        Name = bookmark.Name,
        Hash = bookmark.Hash,
        ActivityId = bookmark.ActivityId,
        ActivityNodeId = bookmark.ActivityNodeId,
        ActivityInstanceId = bookmark.ActivityInstanceId,
        Payload = bookmark.Payload is null ? null : EngineJson.Write(bookmark.Payload),
        CreatedAt = bookmark.CreatedAt,
    };
}
