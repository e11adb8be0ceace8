using Elsa.Workflows;
using Elsa.Workflows.Memory;
using Elsa.Workflows.State;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Execution;

/// <summary>Takes a run out of memory and puts it back, between any two pieces of work.</summary>
internal static class StateMapper
{
    private const string VariablesKey = "Variables";

    public static WorkflowState Extract(WorkflowExecutionContext workflow, long journalSequence) => new()
    {
        Id = workflow.Id,
        DefinitionId = workflow.Workflow.Identity.DefinitionId,
        DefinitionVersionId = workflow.Workflow.Identity.Id,
        DefinitionVersion = workflow.Workflow.Identity.Version,
        ParentWorkflowInstanceId = workflow.ParentWorkflowInstanceId,
        CorrelationId = workflow.CorrelationId,
        Name = workflow.Name,
        Status = workflow.Status,
        SubStatus = workflow.SubStatus,
        IsExecuting = workflow.Current is not null,
        Bookmarks = [.. workflow.Bookmarks],
        Incidents = [.. workflow.Incidents],
        CompletionCallbacks = [.. workflow.ActivityExecutionContexts.Where(context => context.CompletionCallbackName is not null).Select(ExtractCallback)],
        ActivityExecutionContexts = [.. workflow.ActivityExecutionContexts.Select(Extract)],
        ScheduledActivities = [.. Items(workflow).Select(Extract)],
        ExecutionLogSequence = journalSequence,
        LastId = workflow.LastId,
        Input = workflow.RunInput,
        Output = workflow.Output,
        Properties = workflow.Properties,
        TriggerActivityId = workflow.TriggerActivityId,
        ActivityOutputs = workflow.Outputs.Values,
        LastOutputActivityId = workflow.Outputs.LastActivityId,
        CreatedAt = workflow.CreatedAt,
        UpdatedAt = workflow.UpdatedAt,
        FinishedAt = workflow.FinishedAt,
    };

    public static void Apply(WorkflowState state, WorkflowExecutionContext workflow)
    {
        workflow.CorrelationId = state.CorrelationId;
        workflow.Name = state.Name;
        workflow.ParentWorkflowInstanceId = state.ParentWorkflowInstanceId;
        workflow.SubStatus = state.SubStatus;
        workflow.CreatedAt = state.CreatedAt;
        workflow.UpdatedAt = state.UpdatedAt;
        workflow.FinishedAt = state.FinishedAt;
        workflow.LastId = state.LastId;
        workflow.TriggerActivityId = state.TriggerActivityId;
        workflow.RunInput = new Dictionary<string, object?>(state.Input, StringComparer.OrdinalIgnoreCase);
        workflow.Output = state.Output;
        workflow.Properties = state.Properties;
        workflow.Incidents = [.. state.Incidents];
        workflow.Outputs.LastActivityId = state.LastOutputActivityId;
        foreach (var (activityId, outputs) in state.ActivityOutputs)
        {
            workflow.Outputs.Values[activityId] = new Dictionary<string, object?>(outputs, StringComparer.OrdinalIgnoreCase);
        }

        foreach (var context in ParentsFirst(state.ActivityExecutionContexts))
        {
            Apply(context, workflow);
        }

        foreach (var bookmark in state.Bookmarks)
        {
            workflow.RestoreBookmark(bookmark);
        }

        foreach (var item in state.ScheduledActivities)
        {
            workflow.Schedule(Restore(item, workflow));
        }
    }

    private static IEnumerable<ActivityExecutionContextState> ParentsFirst(ICollection<ActivityExecutionContextState> contexts)
    {
        var parents = contexts.ToDictionary(context => context.Id, context => context.ParentContextId, StringComparer.Ordinal);
        return contexts.OrderBy(context =>
        {
            var depth = 0;
            for (var id = context.ParentContextId; id is not null && depth <= parents.Count; id = parents.GetValueOrDefault(id))
            {
                depth++;
            }

            return depth;
        });
    }

    private static IEnumerable<WorkItem> Items(WorkflowExecutionContext workflow) =>
        workflow.Current is null ? workflow.Scheduled : workflow.Scheduled.Prepend(workflow.Current);

    private static CompletionCallbackState ExtractCallback(ActivityExecutionContext context) => new()
    {
        OwnerInstanceId = context.ParentActivityExecutionContext!.Id,
        ChildNodeId = context.NodeId,
        MethodName = context.CompletionCallbackName,
    };

    private static ActivityExecutionContextState Extract(ActivityExecutionContext context)
    {
        var properties = new Dictionary<string, object?>(context.Properties);
        var variables = context.Variables.ToDictionary(variable => variable.Id, context.Get);
        if (variables.Count > 0)
        {
            properties[VariablesKey] = variables;
        }

        return new ActivityExecutionContextState
        {
            Id = context.Id,
            CallStackDepth = context.CallStackDepth,
            ParentContextId = context.ParentActivityExecutionContext?.Id,
            ScheduledActivityNodeId = context.NodeId,
            OwnerActivityNodeId = context.ParentActivityExecutionContext?.NodeId,
            Properties = properties,
            Metadata = context.Metadata,
            ActivityState = context.ActivityState,
            DynamicVariables = [.. context.DynamicVariables.Select(variable => new DynamicVariableState { Id = variable.Id, Name = variable.Name })],
            Status = context.Status,
            IsExecuting = context.IsExecuting,
            FaultCount = context.AggregateFaultCount,
            StartedAt = context.StartedAt,
            CompletedAt = context.CompletedAt,
            Tag = context.Tag,
            CompletionCallback = context.CompletionCallbackName,
            SchedulingActivityExecutionId = context.SchedulingActivityExecutionId,
            SchedulingActivityId = context.SchedulingActivityId,
            ActivityInput = context.ActivityInput.Count > 0 ? context.ActivityInput : null,
            Attempt = context.Attempt,
        };
    }

    private static void Apply(ActivityExecutionContextState state, WorkflowExecutionContext workflow)
    {
        var node = workflow.WorkflowGraph.FindNodeById(state.ScheduledActivityNodeId)
            ?? throw new InvalidDataException(
                $"Instance {workflow.Id} stands at the node '{state.ScheduledActivityNodeId}', which its definition version does not have.");
        var context = workflow.CreateContext(node, workflow.FindContext(state.ParentContextId), state.Id);
        context.StartedAt = state.StartedAt;
        context.TransitionTo(state.Status);
        context.CompletedAt = state.CompletedAt;
        context.Metadata = state.Metadata;
        context.ActivityState = state.ActivityState;
        context.AggregateFaultCount = state.FaultCount;
        context.Tag = state.Tag;
        context.CompletionCallbackName = state.CompletionCallback;
        context.Attempt = state.Attempt;
        context.CallStackDepth = state.CallStackDepth;
        context.SchedulingActivityExecutionId = state.SchedulingActivityExecutionId;
        context.SchedulingActivityId = state.SchedulingActivityId;
        context.ActivityInput = state.ActivityInput ?? context.ActivityInput;
        foreach (var dynamic in state.DynamicVariables)
        {
            var variable = new Variable(dynamic.Name, null, dynamic.Id);
            context.DynamicVariables.Add(variable);
            context.ExpressionExecutionContext.Memory.Declare(variable);
        }

        context.Properties = new Dictionary<string, object?>(state.Properties, StringComparer.Ordinal);
        if (context.Properties.Remove(VariablesKey, out var values) && values is IDictionary<string, object?> stored)
        {
            foreach (var variable in context.Variables)
            {
                if (stored.TryGetValue(variable.Id, out var value))
                {
                    context.ExpressionExecutionContext.Memory.Declare(variable).Value = Restore(variable, value);
                }
            }
        }
    }

    private static object? Restore(Variable variable, object? value)
    {
        try
        {
            return ObjectConverter.ConvertTo(value, variable.ValueType);
        }
        catch (FormatException exception)
        {
            throw new InvalidDataException($"The stored value of the variable '{variable.Name}' does not fit its type: {exception.Message}", exception);
        }
    }

    private static ActivityWorkItemState Extract(WorkItem item) => new()
    {
        ActivityNodeId = item.Node.NodeId,
        OwnerContextId = item.Owner?.Id,
        Tag = item.Tag,
        ExistingActivityExecutionContextId = item.Context?.Id,
        CompletionCallback = item.CompletionCallback,
        Resumed = item.Resumed,
        Input = item.Input,
        ActivityInput = item.ActivityInput,
        SchedulingActivityExecutionId = item.SchedulingExecutionId,
        SchedulingActivityId = item.SchedulingActivityId,
        SchedulingCallStackDepth = item.SchedulingDepth,
        Variables = item.Context is null && item.Variables.Count > 0
            ? [.. item.Variables.Select(variable => new ScheduledVariableState { Id = variable.Id, Name = variable.Name, Value = variable.Value })]
            : null,
    };

    private static WorkItem Restore(ActivityWorkItemState state, WorkflowExecutionContext workflow)
    {
        var node = workflow.WorkflowGraph.FindNodeById(state.ActivityNodeId)
            ?? throw new InvalidDataException(
                $"Instance {workflow.Id} is to run the node '{state.ActivityNodeId}', which its definition version does not have.");
        return new WorkItem(node, workflow.FindContext(state.OwnerContextId))
        {
            Tag = state.Tag,
            Context = workflow.FindContext(state.ExistingActivityExecutionContextId),
            CompletionCallback = state.CompletionCallback,
            Resumed = state.Resumed,
            Input = state.Input,
            ActivityInput = state.ActivityInput,
            SchedulingExecutionId = state.SchedulingActivityExecutionId,
            SchedulingActivityId = state.SchedulingActivityId,
            SchedulingDepth = state.SchedulingCallStackDepth,
            Variables = [.. (state.Variables ?? []).Select(variable => new Variable(variable.Name, variable.Value, variable.Id))],
        };
    }
}
