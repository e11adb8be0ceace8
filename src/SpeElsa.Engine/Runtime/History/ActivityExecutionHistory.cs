using Elsa.Workflows.Runtime.Entities;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime.History;

/// <summary>
/// The executions of an instance, read off its journal. There is no second record of them that could say something else: what is shown is what is
/// hash-chained.
/// </summary>
public sealed class ActivityExecutionHistory(IInstanceReader reader)
{
    private const int RowsPerRead = 5000;
    private const int DetailsPerRead = 500;
    private const int LongestChain = 32;
    private const int MostChildren = 10_000;

    private readonly ExecutionFolds _folds = new(reader);

    /// <summary>All executions in the order they began, with what they were given and put out. Reads every row once.</summary>
    public async Task<IReadOnlyList<ActivityExecutionRecord>> ReadAsync(string instanceId, CancellationToken cancellationToken)
    {
        var fold = new ExecutionFold();
        IReadOnlyList<JournalRecord> rows;
        do
        {
            rows = await reader.ReadJournalAsync(instanceId, fold.LastSequence, RowsPerRead, cancellationToken);
            foreach (var row in rows)
            {
                ExecutionDetails.Add(fold.Take(row), row);
            }
        }
        while (rows.Count == RowsPerRead);

        ActivityExecutionRecord[] records = [.. fold.Records];
        await AddStateAsync(records, instanceId, cancellationToken);
        return records;
    }

    /// <summary>Executions that match, in the order they began, with what they were given and put out.</summary>
    public async Task<IReadOnlyList<ActivityExecutionRecord>> FindAsync(string instanceId, ExecutionFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (filter.IsEmpty)
        {
            return [.. (await ReadAsync(instanceId, cancellationToken)).Where(filter.Matches)];
        }

        var records = await SummarizeAsync(instanceId, filter, cancellationToken);
        if (records.Count > DetailsPerRead)
        {
            return [.. (await ReadAsync(instanceId, cancellationToken)).Where(filter.Matches)];
        }

        await AddDetailsAsync(records, instanceId, cancellationToken);
        return records;
    }

    /// <summary>Executions that match, in the order they began, without what they were given and put out. Reads only rows that have come since the last look.</summary>
    public Task<IReadOnlyList<ActivityExecutionRecord>> SummarizeAsync(string instanceId, ExecutionFilter filter, CancellationToken cancellationToken) =>
        _folds.LookAsync<IReadOnlyList<ActivityExecutionRecord>>(
            instanceId, fold => [.. fold.Records.Where(filter.Matches).Select(record => record.Copy())], cancellationToken);

    /// <summary>How often each node ran. Nodes that have not run are left out.</summary>
    public Task<IReadOnlyList<ActivityExecutionStats>> CountAsync(string instanceId, IReadOnlyCollection<string>? nodeIds, CancellationToken cancellationToken) =>
        _folds.LookAsync(instanceId, fold => fold.Summarize(nodeIds, 0), cancellationToken);

    /// <summary>How often the nodes ran that journal rows after one tell of, and the last row there is.</summary>
    internal Task<(IReadOnlyList<ActivityExecutionStats> Stats, long LastSequence)> ChangesAsync(string instanceId, long afterSequence, CancellationToken cancellationToken) =>
        _folds.LookAsync(instanceId, fold => (fold.Summarize(null, afterSequence), fold.LastSequence), cancellationToken);

    /// <summary>Finds an execution by its id alone.</summary>
    public async Task<ActivityExecutionRecord?> FindAsync(string executionId, CancellationToken cancellationToken) =>
        await reader.FindInstanceOfExecutionAsync(executionId, cancellationToken) is { } instanceId
        && await FindAsync(instanceId, new ExecutionFilter { Ids = [executionId] }, cancellationToken) is [var record, ..]
            ? record
            : null;

    /// <summary>The executions that led to one, the outermost first.</summary>
    /// <param name="executionId">The execution.</param>
    /// <param name="acrossWorkflows">Whether to go on in the workflow that started this one.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Null when there is no such execution.</returns>
    public async Task<IReadOnlyList<ActivityExecutionRecord>?> CallStackAsync(string executionId, bool acrossWorkflows, CancellationToken cancellationToken)
    {
        if (await reader.FindInstanceOfExecutionAsync(executionId, cancellationToken) is not { } instanceId)
        {
            return null;
        }

        var stack = new List<ActivityExecutionRecord>();
        (string Instance, string Execution)? next = (instanceId, executionId);
        for (var workflows = 0; next is { } place && workflows < LongestChain; workflows++)
        {
            var part = await _folds.LookAsync(place.Instance, fold => PathTo(fold, place.Execution), cancellationToken);
            await AddDetailsAsync(part, place.Instance, cancellationToken);
            next = acrossWorkflows && part is [var root, ..] ? await AskedByAsync(root, cancellationToken) : null;
            stack.InsertRange(0, part);
        }

        return stack;
    }

    /// <summary>The executions that led to one, the outermost first.</summary>
    public static IReadOnlyList<ActivityExecutionRecord> CallStack(IReadOnlyList<ActivityExecutionRecord> records, string executionId)
    {
        var byId = records.ToDictionary(record => record.Id, StringComparer.Ordinal);
        return PathTo(byId.GetValueOrDefault, executionId, records.Count);
    }

    private static List<ActivityExecutionRecord> PathTo(ExecutionFold fold, string executionId) =>
        [.. PathTo(id => fold.Find(id), executionId, fold.Count).Select(record => record.Copy())];

    private static List<ActivityExecutionRecord> PathTo(Func<string, ActivityExecutionRecord?> find, string executionId, int longest)
    {
        var path = new List<ActivityExecutionRecord>();
        for (var id = executionId; id is not null && find(id) is { } record && path.Count <= longest; id = record.SchedulingActivityExecutionId)
        {
            path.Add(record);
        }

        path.Reverse();
        return path;
    }

    /// <summary>The execution of another workflow that asked for this one. The ids of children follow from it, so it is known again.</summary>
    private async Task<(string Instance, string Execution)?> AskedByAsync(ActivityExecutionRecord root, CancellationToken cancellationToken)
    {
        var child = root.WorkflowInstanceId;
        if (root.ParentActivityExecutionId is not null || (await reader.FindAsync(child, cancellationToken))?.ParentInstanceId is not { } parentId)
        {
            return null;
        }

        var asking = await _folds.LookAsync(parentId, fold => fold.Records.FirstOrDefault(record => AskedFor(record, child))?.Copy(), cancellationToken);
        if (asking is null)
        {
            return null;
        }

        root.SchedulingWorkflowInstanceId = parentId;
        root.SchedulingActivityExecutionId = asking.Id;
        root.SchedulingActivityId = asking.ActivityId;
        return (parentId, asking.Id);
    }

    private static bool AskedFor(ActivityExecutionRecord record, string child) => record.ActivityType switch
    {
        "Elsa.ExecuteWorkflow" or "Elsa.DispatchWorkflow" => ChildStart.IdOf(record.Id, 0) == child,
        "Elsa.BulkDispatchWorkflows" => Enumerable.Range(0, MostChildren).Any(index => ChildStart.IdOf(record.Id, index) == child),
        _ => false,
    };

    private async Task AddDetailsAsync(IReadOnlyList<ActivityExecutionRecord> records, string instanceId, CancellationToken cancellationToken)
    {
        var byId = records.ToDictionary(record => record.Id, StringComparer.Ordinal);
        foreach (var ids in byId.Keys.Chunk(DetailsPerRead))
        {
            var (rows, _) = await reader.ListJournalAsync(instanceId, new JournalFilter { ExecutionIds = ids }, 0, int.MaxValue, cancellationToken);
            foreach (var row in rows)
            {
                ExecutionDetails.Add(byId[row.ActivityInstanceId], row);
            }
        }

        await AddStateAsync(records, instanceId, cancellationToken);
    }

    private async Task AddStateAsync(IReadOnlyList<ActivityExecutionRecord> records, string instanceId, CancellationToken cancellationToken)
    {
        if (records.Count > 0 && await reader.ReadStateAsync(instanceId, cancellationToken) is { } state)
        {
            ExecutionDetails.Add(records.ToDictionary(record => record.Id, StringComparer.Ordinal), StateCodec.Decode(state));
        }
    }
}
