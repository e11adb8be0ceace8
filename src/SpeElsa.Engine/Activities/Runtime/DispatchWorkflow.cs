using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace Elsa.Workflows.Runtime.Activities;

/// <summary>Starts another workflow, and goes on at once or when it has ended. The result is the child's id, or its output where it was waited for.</summary>
[Activity("Elsa", "Composition", "Starts another workflow")]
public class DispatchWorkflow : Activity<object>
{
    /// <summary>Which workflow.</summary>
    [Input(DisplayName = "Workflow Definition", UIHint = "workflow-definition-picker", Description = "The workflow to start")]
    public Input<string> WorkflowDefinitionId { get; set; } = new("");

    /// <summary>What the child is about.</summary>
    [Input(DisplayName = "Correlation ID", Description = "The correlation ID of the workflow to start")]
    public Input<string?> CorrelationId { get; set; } = new((string?)null);

    /// <summary>The child's input.</summary>
    [Input(Description = "The input of the workflow to start", UIHint = "dictionary")]
    public Input<IDictionary<string, object?>?> Input { get; set; } = new((IDictionary<string, object?>?)null);

    /// <summary>Whether to wait for its end. Default false.</summary>
    [Input(DisplayName = "Wait for Completion", Description = "Wait for the end of the workflow")]
    public Input<bool> WaitForCompletion { get; set; } = new(false);

    /// <summary>Kept for other engines; here every run has a journal of its own.</summary>
    [Input(Category = "Open Telemetry", Description = "Kept for other engines")]
    public Input<bool> StartNewTrace { get; set; } = new(false);

    /// <summary>Kept for other engines; here all runs share the workers.</summary>
    [Input(DisplayName = "Channel", UIHint = "dropdown", UIHandler = typeof(ChannelOptions), Description = "Kept for other engines")]
    public Input<string?> ChannelName { get; set; } = new((string?)null);

    /// <inheritdoc />
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var definitionId = context.Get(WorkflowDefinitionId);
        await ChildWorkflows.CheckAsync(context, definitionId);
        var bookmark = context.Get(WaitForCompletion) ? context.CreateBookmark(new CreateBookmarkArgs { Callback = OnChildEndedAsync }) : null;
        var child = ChildWorkflows.Ask(context, 0, definitionId!, context.Get(CorrelationId), context.Get(Input), bookmark?.Id);
        context.JournalData["ChildInstanceId"] = child;
        if (bookmark is null)
        {
            context.Set(Result, child);
            await context.CompleteActivityAsync();
        }
    }

    private ValueTask OnChildEndedAsync(ActivityExecutionContext context)
    {
        context.Set(Result, ChildWorkflows.Ended(context).Output);
        return context.CompleteActivityAsync();
    }
}
