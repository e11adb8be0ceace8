using Elsa.Workflows;
using Elsa.Workflows.Management.Activities.WorkflowDefinitionActivity;
using Elsa.Workflows.Models;

namespace SpeElsa.Engine.Execution;

/// <summary>Inputs and outputs of the workflow an activity belongs to: the run's own, or those of the workflow that is used as an activity around it.</summary>
internal static class WorkflowScope
{
    /// <summary>Input of the innermost workflow, with what the stimulus brings that is being handled.</summary>
    public static IDictionary<string, object?> InputOf(ActivityExecutionContext context)
    {
        var workflow = context.WorkflowExecutionContext;
        if (OwnerOf(context) is not { } owner)
        {
            return workflow.Input;
        }

        var input = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var descriptor in owner.ActivityDescriptor.Inputs)
        {
            input[descriptor.Name] = ValueOf(owner, descriptor);
        }

        foreach (var (key, value) in workflow.Current?.Input ?? new Dictionary<string, object?>())
        {
            input[key] = value;
        }

        return input;
    }

    /// <summary>Sets an output of the innermost workflow.</summary>
    public static void SetOutput(ActivityExecutionContext context, string name, object? value)
    {
        if (OwnerOf(context) is not { } owner)
        {
            context.WorkflowExecutionContext.Output[name] = value;
        }
        else if (owner.ActivityDescriptor.Outputs.FirstOrDefault(output => output.Name == name)?.ValueGetter(owner.Activity) is Output output)
        {
            owner.Set(output, value);
        }
        else
        {
            throw new InvalidOperationException($"The workflow '{owner.ActivityDescriptor.DisplayName}' has no output '{name}'; declare it, or set one that it has.");
        }
    }

    private static ActivityExecutionContext? OwnerOf(ActivityExecutionContext context)
    {
        var owner = context.ParentActivityExecutionContext;
        while (owner is not null && owner.Activity is not WorkflowDefinitionActivity)
        {
            owner = owner.ParentActivityExecutionContext;
        }

        return owner;
    }

    /// <summary>After a restart the evaluated value is in the state only.</summary>
    private static object? ValueOf(ActivityExecutionContext owner, InputDescriptor descriptor) =>
        descriptor.ValueGetter(owner.Activity) is Input input && owner.ExpressionExecutionContext.Memory.TryGetBlock(input.MemoryBlockReference().Id, out var block)
            ? block.Value
            : owner.ActivityState.TryGetValue(descriptor.Name, out var stored) ? stored : null;
}
