using Elsa.Workflows;
using Elsa.Workflows.Models;
using Elsa.Workflows.State;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Instances;

/// <summary>An instance with its state, with the members that Elsa's answer has.</summary>
internal sealed record InstanceModel(
    string Id,
    string DefinitionId,
    string DefinitionVersionId,
    int Version,
    string? ParentWorkflowInstanceId,
    StateModel WorkflowState,
    WorkflowStatus Status,
    WorkflowSubStatus SubStatus,
    bool IsExecuting,
    string? CorrelationId,
    string? Name,
    int IncidentCount,
    bool IsSystem,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? FinishedAt)
{
    public static InstanceModel From(InstanceRecord instance, StateModel state) => new(
        instance.Id,
        instance.DefinitionId,
        instance.DefinitionVersionId,
        instance.DefinitionVersion,
        instance.ParentInstanceId,
        state,
        instance.Status,
        instance.SubStatus,
        state.IsExecuting,
        instance.CorrelationId,
        instance.Name,
        instance.IncidentCount,
        instance.IsSystem,
        instance.CreatedAt,
        instance.UpdatedAt,
        instance.FinishedAt);
}

/// <summary>A state, without what only this engine needs of it.</summary>
internal sealed record StateModel
{
    public required string Id { get; init; }

    public required string DefinitionId { get; init; }

    public required string DefinitionVersionId { get; init; }

    public required int DefinitionVersion { get; init; }

    public string? ParentWorkflowInstanceId { get; init; }

    public string? CorrelationId { get; init; }

    public string? Name { get; init; }

    public required WorkflowStatus Status { get; init; }

    public required WorkflowSubStatus SubStatus { get; init; }

    public required bool IsExecuting { get; init; }

    public required IReadOnlyList<BookmarkModel> Bookmarks { get; init; }

    public required IReadOnlyList<ActivityIncident> Incidents { get; init; }

    public required bool IsSystem { get; init; }

    public required IReadOnlyList<CompletionCallbackState> CompletionCallbacks { get; init; }

    public required IReadOnlyList<ContextModel> ActivityExecutionContexts { get; init; }

    public required IReadOnlyList<ScheduledModel> ScheduledActivities { get; init; }

    public required long ExecutionLogSequence { get; init; }

    public required IDictionary<string, object?> Input { get; init; }

    public required IDictionary<string, object?> Output { get; init; }

    public required IDictionary<string, object?> Properties { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }
}

/// <summary>A bookmark.</summary>
internal sealed record BookmarkModel(
    string Id,
    string Name,
    string Hash,
    object? Payload,
    string ActivityId,
    string ActivityNodeId,
    string? ActivityInstanceId,
    DateTimeOffset CreatedAt,
    bool AutoBurn,
    string? CallbackMethodName,
    bool AutoComplete,
    IDictionary<string, string>? Metadata)
{
    public static BookmarkModel From(Bookmark bookmark) => new(
        bookmark.Id,
        bookmark.Name,
        bookmark.Hash,
        bookmark.Payload,
        bookmark.ActivityId,
        bookmark.ActivityNodeId,
        bookmark.ActivityInstanceId,
        bookmark.CreatedAt,
        bookmark.AutoBurn,
        bookmark.CallbackMethodName,
        bookmark.AutoComplete,
        bookmark.Metadata);
}

/// <summary>An execution that has not ended.</summary>
internal sealed record ContextModel(
    string Id,
    int CallStackDepth,
    string? ParentContextId,
    string ScheduledActivityNodeId,
    string? OwnerActivityNodeId,
    IDictionary<string, object?> Properties,
    IDictionary<string, object?> Metadata,
    IDictionary<string, object?> ActivityState,
    IEnumerable<DynamicVariableState> DynamicVariables,
    ActivityStatus Status,
    bool IsExecuting,
    int FaultCount,
    DateTimeOffset StartedAt,
    DateTimeOffset? CompletedAt,
    object? Tag)
{
    public static ContextModel From(ActivityExecutionContextState context) => new(
        context.Id,
        context.CallStackDepth,
        context.ParentContextId,
        context.ScheduledActivityNodeId,
        context.OwnerActivityNodeId,
        context.Properties,
        context.Metadata,
        context.ActivityState,
        context.DynamicVariables,
        context.Status,
        context.IsExecuting,
        context.FaultCount,
        context.StartedAt,
        context.CompletedAt,
        context.Tag);
}

/// <summary>Work to do next.</summary>
internal sealed record ScheduledModel(
    string ActivityNodeId,
    string? OwnerContextId,
    object? Tag,
    IEnumerable<ScheduledVariableState>? Variables,
    string? ExistingActivityExecutionContextId,
    IDictionary<string, object?>? Input)
{
    public static ScheduledModel From(ActivityWorkItemState item) =>
        new(item.ActivityNodeId, item.OwnerContextId, item.Tag, item.Variables, item.ExistingActivityExecutionContextId, item.ActivityInput);
}
