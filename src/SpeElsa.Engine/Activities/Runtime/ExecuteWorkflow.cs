using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace Elsa.Workflows.Runtime.Activities;

/// <summary>Runs another workflow and waits for its end. A child that faults does not fault this run: its result says so.</summary>
[Activity("Elsa", "Composition", "Runs another workflow", Kind = ActivityKind.Task)]
public class ExecuteWorkflow : Activity<ExecuteWorkflowResult>
{
    /// <summary>Which workflow.</summary>
    [Input(DisplayName = "Workflow Definition", UIHint = "workflow-definition-picker", Description = "The workflow to run")]
    public Input<string> WorkflowDefinitionId { get; set; } = new("");

    /// <summary>What the child is about.</summary>
    [Input(DisplayName = "Correlation ID", Description = "The correlation ID of the workflow to run")]
    public Input<string?> CorrelationId { get; set; } = new((string?)null);

    /// <summary>The child's input.</summary>
    [Input(Description = "The input of the workflow to run", UIHint = "dictionary")]
    public Input<IDictionary<string, object?>?> Input { get; set; } = new((IDictionary<string, object?>?)null);

    /// <summary>Whether to wait for its end. Default true.</summary>
    [Input(DisplayName = "Wait for Completion", Description = "Wait for the end of the workflow")]
    public Input<bool> WaitForCompletion { get; set; } = new(true);

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
            context.Set(Result, new ExecuteWorkflowResult { WorkflowInstanceId = child });
            await context.CompleteActivityAsync();
        }
    }

    private ValueTask OnChildEndedAsync(ActivityExecutionContext context)
    {
        context.Set(Result, ExecuteWorkflowResult.Of(ChildWorkflows.Ended(context)));
        return context.CompleteActivityAsync();
    }
}
