using Elsa.Workflows;
using Elsa.Workflows.Runtime.Entities;
using Elsa.Workflows.State;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime.History;

/// <summary>How often the activities of a node ran, as a designer colours it.</summary>
/// <param name="ActivityId">The activity.</param>
/// <param name="ActivityNodeId">Its node.</param>
/// <param name="StartedCount">Executions.</param>
/// <param name="CompletedCount">Executions that have ended.</param>
/// <param name="UncompletedCount">Executions that have not.</param>
/// <param name="IsBlocked">Whether one waits.</param>
/// <param name="IsFaulted">Whether one has faulted.</param>
/// <param name="AggregateFaultCount">Faults of them and of all they scheduled.</param>
public sealed record ActivityExecutionStats(
    string ActivityId, string ActivityNodeId, int StartedCount, int CompletedCount, int UncompletedCount, bool IsBlocked, bool IsFaulted, int AggregateFaultCount);

/// <summary>
/// The executions of an instance, read off its journal. There is no second record of them that could say something else: what is shown is what is
/// hash-chained.
/// </summary>
public sealed class ActivityExecutionHistory(IInstanceReader reader)
{
    private const int RowsPerRead = 5000;

    /// <summary>All executions in the order they began.</summary>
    public async Task<IReadOnlyList<ActivityExecutionRecord>> ReadAsync(string instanceId, CancellationToken cancellationToken)
    {
        var records = new Dictionary<string, ActivityExecutionRecord>(StringComparer.Ordinal);
        var after = 0L;
        IReadOnlyList<JournalRecord> rows;
        do
        {
            rows = await reader.ReadJournalAsync(instanceId, after, RowsPerRead, cancellationToken);
            foreach (var row in rows)
            {
                Apply(records, row);
                after = row.Sequence;
            }
        }
        while (rows.Count == RowsPerRead);

        if (records.Count > 0)
        {
            await AddStateAsync(records, instanceId, cancellationToken);
        }

        return [.. records.Values];
    }

    /// <summary>How often each node ran. Nodes that have not run are left out.</summary>
    public async Task<IReadOnlyList<ActivityExecutionStats>> CountAsync(string instanceId, IReadOnlyCollection<string>? nodeIds, CancellationToken cancellationToken) =>
    [
        .. (await ReadAsync(instanceId, cancellationToken))
            .Where(record => nodeIds is null || nodeIds.Contains(record.ActivityNodeId))
            .GroupBy(record => record.ActivityNodeId, StringComparer.Ordinal)
            .Select(node => new ActivityExecutionStats(
                node.First().ActivityId,
                node.Key,
                node.Count(),
                node.Count(record => record.CompletedAt is not null),
                node.Count(record => record.CompletedAt is null),
                node.Any(record => record.HasBookmarks),
                node.Any(record => record.Status is ActivityStatus.Faulted),
                node.Sum(record => record.AggregateFaultCount))),
    ];

    /// <summary>The executions that led to one, the outermost first.</summary>
    public static IReadOnlyList<ActivityExecutionRecord> CallStack(IReadOnlyList<ActivityExecutionRecord> records, string executionId)
    {
        var byId = records.ToDictionary(record => record.Id, StringComparer.Ordinal);
        var stack = new List<ActivityExecutionRecord>();
        for (var id = executionId; id is not null && byId.TryGetValue(id, out var record) && stack.Count <= records.Count; id = record.SchedulingActivityExecutionId)
        {
            stack.Insert(0, record);
        }

        return stack;
    }

    private static void Apply(Dictionary<string, ActivityExecutionRecord> records, JournalRecord row)
    {
        var payload = row.Payload is null ? null : EngineJson.Read<Dictionary<string, object?>>(row.Payload);
        if (!records.TryGetValue(row.ActivityInstanceId, out var record))
        {
            records[row.ActivityInstanceId] = record = Begin(records, row, payload);
        }

        record.Attempt = Math.Max(record.Attempt, row.Attempt);
        switch (row.EventName)
        {
            case "Started" or "Resumed":
                record.Status = ActivityStatus.Running;
                record.HasBookmarks = false;
                if (Values(payload, JournalPayload.Inputs) is { } inputs)
                {
                    record.ActivityState = inputs;
                }

                break;
            case "Suspended":
                record.HasBookmarks = true;
                record.Payload = Facts(payload) ?? record.Payload;
                break;
            case "Completed":
                End(record, row, ActivityStatus.Completed);
                record.Outputs = Values(payload, JournalPayload.Outputs);
                record.Payload = Facts(payload);
                break;
            case "Canceled":
                End(record, row, ActivityStatus.Canceled);
                break;
            case "Faulted":
                record.Status = ActivityStatus.Faulted;
                record.HasBookmarks = false;
                record.Payload = Facts(payload);
                record.Exception = new ExceptionState { Type = payload?.GetValueOrDefault(JournalPayload.Exception) as string ?? "", Message = row.Message ?? "" };
                CountFault(records, record);
                break;
        }
    }

    private static ActivityExecutionRecord Begin(Dictionary<string, ActivityExecutionRecord> records, JournalRecord row, Dictionary<string, object?>? payload)
    {
        var scheduler = payload?.GetValueOrDefault(JournalPayload.ScheduledBy) as string ?? row.ParentActivityInstanceId;
        var scheduling = scheduler is null ? null : records.GetValueOrDefault(scheduler);
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

    private static void End(ActivityExecutionRecord record, JournalRecord row, ActivityStatus status)
    {
        record.Status = status;
        record.CompletedAt = row.Timestamp;
        record.HasBookmarks = false;
    }

    private static void CountFault(Dictionary<string, ActivityExecutionRecord> records, ActivityExecutionRecord faulted)
    {
        for (var record = faulted; record is not null; record = record.ParentActivityExecutionId is { } parent ? records.GetValueOrDefault(parent) : null)
        {
            record.AggregateFaultCount++;
        }
    }

    /// <summary>What only the state knows: properties of what runs, and the whole exceptions.</summary>
    private async Task AddStateAsync(Dictionary<string, ActivityExecutionRecord> records, string instanceId, CancellationToken cancellationToken)
    {
        if (await reader.ReadStateAsync(instanceId, cancellationToken) is not { } bytes)
        {
            return;
        }

        var state = StateCodec.Decode(bytes);
        foreach (var context in state.ActivityExecutionContexts.Where(context => records.ContainsKey(context.Id)))
        {
            records[context.Id].Properties = context.Properties;
            records[context.Id].Metadata = context.Metadata;
        }

        foreach (var incident in state.Incidents.Where(incident => incident.Exception is not null && records.ContainsKey(incident.ActivityInstanceId)))
        {
            records[incident.ActivityInstanceId].Exception = incident.Exception;
        }
    }

    private static IDictionary<string, object?>? Values(Dictionary<string, object?>? payload, string key) => payload?.GetValueOrDefault(key) as IDictionary<string, object?>;

    private static Dictionary<string, object?>? Facts(Dictionary<string, object?>? payload)
    {
        payload?.Remove(JournalPayload.Inputs);
        payload?.Remove(JournalPayload.Outputs);
        return payload is { Count: > 0 } ? payload : null;
    }
}
