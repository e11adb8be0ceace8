using Elsa.Workflows;
using Elsa.Workflows.State;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Instances;

/// <summary>Reads states as Elsa shows them.</summary>
internal static class InstanceStates
{
    /// <summary>The state of an instance; before its first commit one in which nothing has happened.</summary>
    public static async Task<StateModel> ReadAsync(InstanceRecord instance, IInstanceReader reader, CancellationToken cancellationToken)
    {
        var isExecuting = !await reader.IsIdleAsync(instance.Id, cancellationToken);
        var bytes = await reader.ReadStateAsync(instance.Id, cancellationToken);
        var state = bytes is null ? new WorkflowState() : StateCodec.Decode(bytes);
        List<ContextModel> contexts = [.. state.ActivityExecutionContexts.Select(ContextModel.From)];
        if (!contexts.Exists(context => context.ParentContextId is null)
            && await reader.ReadJournalAsync(instance.Id, 0, 1, cancellationToken) is [var first])
        {
            contexts.Add(RootOf(first, instance));
        }

        return new StateModel
        {
            Id = instance.Id,
            DefinitionId = instance.DefinitionId,
            DefinitionVersionId = instance.DefinitionVersionId,
            DefinitionVersion = instance.DefinitionVersion,
            ParentWorkflowInstanceId = instance.ParentInstanceId,
            CorrelationId = instance.CorrelationId,
            Name = instance.Name,
            Status = instance.Status,
            SubStatus = instance.SubStatus,
            IsExecuting = isExecuting,

            // A faulted run keeps its bookmarks for a retry; nobody waits at them while it rests.
            Bookmarks = instance.Status is WorkflowStatus.Finished ? [] : [.. state.Bookmarks.Select(BookmarkModel.From)],
            Incidents = [.. state.Incidents],
            IsSystem = instance.IsSystem,
            CompletionCallbacks = [.. state.CompletionCallbacks],
            ActivityExecutionContexts = contexts,
            ScheduledActivities = [.. state.ScheduledActivities.Select(ScheduledModel.From)],
            ExecutionLogSequence = instance.JournalSequence,
            Input = state.Input,
            Output = state.Output,
            Properties = state.Properties,
            CreatedAt = instance.CreatedAt,
            UpdatedAt = instance.UpdatedAt,
            FinishedAt = instance.FinishedAt,
        };
    }

    /// <summary>The workflow's own execution of a run that ended before states kept it: the viewer looks for the one without a parent.</summary>
    private static ContextModel RootOf(JournalRecord first, InstanceRecord instance) => ContextModel.From(new ActivityExecutionContextState
    {
        Id = first.ActivityInstanceId,
        ScheduledActivityNodeId = first.NodeId,
        Status = instance.SubStatus is WorkflowSubStatus.Finished ? ActivityStatus.Completed : ActivityStatus.Running,
        StartedAt = first.Timestamp,
        CompletedAt = instance.SubStatus is WorkflowSubStatus.Finished ? instance.FinishedAt : null,
    });
}
