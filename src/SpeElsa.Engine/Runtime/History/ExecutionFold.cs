using System.Text.Json;
using Elsa.Workflows;
using Elsa.Workflows.Runtime.Entities;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime.History;

/// <summary>Journal rows of one instance, taken one after the other and made into executions, without what they were given and put out.</summary>
internal sealed class ExecutionFold
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>The last row that was taken; 0 before the first.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Its hash.</summary>
    public string LastHash { get; private set; } = "";

    /// <summary>How many executions there are.</summary>
    public int Count => _entries.Count;

    /// <summary>All executions in the order they began. They change with the next row.</summary>
    public IEnumerable<ActivityExecutionRecord> Records => _entries.Values.Select(entry => entry.Record);

    public ActivityExecutionRecord? Find(string? id) => id is not null && _entries.TryGetValue(id, out var entry) ? entry.Record : null;

    public ActivityExecutionRecord Take(JournalRecord row)
    {
        if (!_entries.TryGetValue(row.ActivityInstanceId, out var entry))
        {
            _entries[row.ActivityInstanceId] = entry = new Entry(Begin(row));
        }

        LastSequence = row.Sequence;
        LastHash = row.Hash;
        entry.LastRow = row.Sequence;
        entry.Record.Attempt = Math.Max(entry.Record.Attempt, row.Attempt);
        Apply(entry, row);
        return entry.Record;
    }

    /// <summary>How often each node ran.</summary>
    /// <param name="nodeIds">Only these; null means all.</param>
    /// <param name="afterSequence">Only nodes that a row after this one tells of.</param>
    public IReadOnlyList<ActivityExecutionStats> Summarize(IReadOnlyCollection<string>? nodeIds, long afterSequence)
    {
        var wanted = nodeIds?.ToHashSet(StringComparer.Ordinal);
        return
        [
            .. _entries.Values
                .Where(entry => wanted is null || wanted.Contains(entry.Record.ActivityNodeId))
                .GroupBy(entry => entry.Record.ActivityNodeId, StringComparer.Ordinal)
                .Where(node => node.Any(entry => entry.LastRow > afterSequence))
                .Select(Stats),
        ];
    }

    private static ActivityExecutionStats Stats(IGrouping<string, Entry> node)
    {
        var completed = node.Count(entry => entry.Record.CompletedAt is not null);
        return new ActivityExecutionStats(
            node.First().Record.ActivityId,
            node.Key,
            node.Count(),
            completed,
            node.Count() - completed,
            node.Any(entry => entry.Record.HasBookmarks),
            node.Any(entry => entry.Record.Status is ActivityStatus.Faulted),
            node.Sum(entry => entry.Record.AggregateFaultCount))
        {
            WasRetried = node.Any(entry => entry.WasRetried),
        };
    }

    private ActivityExecutionRecord Begin(JournalRecord row)
    {
        var scheduler = SchedulerOf(row) ?? row.ParentActivityInstanceId;
        var scheduling = Find(scheduler);
        return new ActivityExecutionRecord
        {
            Id = row.ActivityInstanceId,
            WorkflowInstanceId = row.InstanceId,
            ActivityId = row.ActivityId,
            ActivityNodeId = row.NodeId,
            ActivityType = row.ActivityType,
            ActivityTypeVersion = row.ActivityTypeVersion,
            ActivityName = row.ActivityName,
            StartedAt = row.Timestamp,
            Status = ActivityStatus.Pending,
            ParentActivityExecutionId = row.ParentActivityInstanceId,
            SchedulingActivityExecutionId = scheduler,
            SchedulingActivityId = scheduling?.ActivityId,
            CallStackDepth = scheduling is null ? 0 : scheduling.CallStackDepth + 1,
        };
    }

    private void Apply(Entry entry, JournalRecord row)
    {
        var record = entry.Record;
        switch (row.EventName)
        {
            case "Started" or "Resumed":
                record.Status = ActivityStatus.Running;
                record.HasBookmarks = false;
                break;
            case "Suspended":
                record.HasBookmarks = true;
                break;
            case "Completed":
                End(record, row, ActivityStatus.Completed);
                break;
            case "Canceled":
                End(record, row, ActivityStatus.Canceled);
                break;
            case "Faulted":
                record.Status = ActivityStatus.Faulted;
                record.HasBookmarks = false;
                entry.Faults++;
                CountFaults(record, 1);
                break;
            case "Retried":
                // What is tried again is no fault any more, neither here nor above.
                entry.WasRetried = true;
                CountFaults(record, -entry.Faults);
                entry.Faults = 0;
                break;
        }
    }

    private static void End(ActivityExecutionRecord record, JournalRecord row, ActivityStatus status)
    {
        record.Status = status;
        record.CompletedAt = row.Timestamp;
        record.HasBookmarks = false;
    }

    private void CountFaults(ActivityExecutionRecord faulted, int faults)
    {
        for (var record = faulted; record is not null; record = Find(record.ParentActivityExecutionId))
        {
            record.AggregateFaultCount += faults;
        }
    }

    private static string? SchedulerOf(JournalRecord row)
    {
        if (row.Payload is null || !row.Payload.Contains(JournalPayload.ScheduledBy, StringComparison.Ordinal))
        {
            return null;
        }

        using var payload = JsonDocument.Parse(row.Payload);
        return payload.RootElement.TryGetProperty(JournalPayload.ScheduledBy, out var scheduler) && scheduler.ValueKind is JsonValueKind.String ? scheduler.GetString() : null;
    }

    private sealed class Entry(ActivityExecutionRecord record)
    {
        public ActivityExecutionRecord Record { get; } = record;

        public long LastRow { get; set; }

        public int Faults { get; set; }

        public bool WasRetried { get; set; }
    }
}
