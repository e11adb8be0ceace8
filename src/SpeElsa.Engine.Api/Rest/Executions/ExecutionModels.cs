using Elsa.Workflows;
using Elsa.Workflows.Runtime.Entities;
using Elsa.Workflows.State;
using SpeElsa.Engine.Runtime.History;

namespace SpeElsa.Engine.Api.Rest.Executions;

/// <summary>One execution of an activity.</summary>
internal sealed record ExecutionModel(
    string WorkflowInstanceId,
    string ActivityId,
    string ActivityNodeId,
    string ActivityType,
    int ActivityTypeVersion,
    string? ActivityName,
    IDictionary<string, object?>? ActivityState,
    IDictionary<string, object?>? Payload,
    IDictionary<string, object?>? Outputs,
    IDictionary<string, object?> Properties,
    IDictionary<string, object?> Metadata,
    ExceptionState? Exception,
    DateTimeOffset StartedAt,
    bool HasBookmarks,
    ActivityStatus Status,
    int AggregateFaultCount,
    DateTimeOffset? CompletedAt,
    string? SchedulingActivityExecutionId,
    string? SchedulingActivityId,
    string? SchedulingWorkflowInstanceId,
    int CallStackDepth,
    string Id,
    string TenantId)
{
    public static ExecutionModel From(ActivityExecutionRecord record) => new(
        record.WorkflowInstanceId,
        record.ActivityId,
        record.ActivityNodeId,
        record.ActivityType,
        record.ActivityTypeVersion,
        record.ActivityName,
        record.ActivityState,
        record.Payload,
        record.Outputs,
        record.Properties,
        record.Metadata,
        record.Exception,
        record.StartedAt,
        record.HasBookmarks,
        record.Status,
        record.AggregateFaultCount,
        record.CompletedAt,
        record.SchedulingActivityExecutionId,
        record.SchedulingActivityId,
        record.SchedulingWorkflowInstanceId,
        record.CallStackDepth,
        record.Id,
        TenantId: "");
}

/// <summary>One execution of an activity, in short.</summary>
internal sealed record ExecutionSummaryModel(
    string WorkflowInstanceId,
    string ActivityId,
    string ActivityNodeId,
    string ActivityType,
    int ActivityTypeVersion,
    string? ActivityName,
    DateTimeOffset StartedAt,
    bool HasBookmarks,
    ActivityStatus Status,
    IDictionary<string, object?> Metadata,
    int AggregateFaultCount,
    DateTimeOffset? CompletedAt,
    string Id)
{
    public static ExecutionSummaryModel From(ActivityExecutionRecord record) => new(
        record.WorkflowInstanceId,
        record.ActivityId,
        record.ActivityNodeId,
        record.ActivityType,
        record.ActivityTypeVersion,
        record.ActivityName,
        record.StartedAt,
        record.HasBookmarks,
        record.Status,
        record.Metadata,
        record.AggregateFaultCount,
        record.CompletedAt,
        record.Id);
}

/// <summary>How often a node ran.</summary>
internal sealed record StatsModel(
    string ActivityId,
    string ActivityNodeId,
    int StartedCount,
    int CompletedCount,
    int UncompletedCount,
    bool IsBlocked,
    bool IsFaulted,
    int AggregateFaultCount,
    IReadOnlyDictionary<string, object?> Metadata)
{
    private static readonly Dictionary<string, object?> Nothing = [];
    private static readonly Dictionary<string, object?> Retried = new() { ["HasRetryAttempts"] = true };

    public static StatsModel From(ActivityExecutionStats stats) => new(
        stats.ActivityId,
        stats.ActivityNodeId,
        stats.StartedCount,
        stats.CompletedCount,
        stats.UncompletedCount,
        stats.IsBlocked,
        stats.IsFaulted,
        stats.AggregateFaultCount,
        stats.WasRetried ? Retried : Nothing);
}
