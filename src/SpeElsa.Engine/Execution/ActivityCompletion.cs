using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Models;

namespace SpeElsa.Engine.Execution;

/// <summary>Ends executions and tells the ones that scheduled them.</summary>
internal static class ActivityCompletion
{
    public static async ValueTask CompleteAsync(ActivityExecutionContext context, object? result)
    {
        if (context.Status is ActivityStatus.Completed or ActivityStatus.Canceled)
        {
            return;
        }

        var workflow = context.WorkflowExecutionContext;
        End(context, ActivityStatus.Completed);
        var outcomes = (result as Outcomes ?? Outcomes.Default).Names;
        workflow.Log(context, "Completed", payload: JournalPayload.Completed(context, outcomes), role: context.HasEffects ? JournalRole.Result : JournalRole.None);
        var parent = context.ParentActivityExecutionContext;
        if (parent is null)
        {
            workflow.SubStatus = WorkflowSubStatus.Finished;
            workflow.FinishedAt = workflow.Now;
        }
        else
        {
            workflow.RemoveContext(context);
            await TellAsync(context, parent, result);
        }
    }

    /// <summary>Tells the parent again, after it had failed.</summary>
    public static async ValueTask TellAgainAsync(ActivityExecutionContext context)
    {
        var outcomes = new Outcomes(context.UnheardOutcomes ?? []);
        context.UnheardOutcomes = null;
        context.TransitionTo(ActivityStatus.Completed);
        context.WorkflowExecutionContext.RemoveContext(context);
        await TellAsync(context, context.ParentActivityExecutionContext!, outcomes);
    }

    private static async ValueTask TellAsync(ActivityExecutionContext context, ActivityExecutionContext parent, object? result)
    {
        if (context.CompletionCallbackName is not { } callback)
        {
            return;
        }

        try
        {
            await ActivityMethods.Completion(parent.Activity, callback)(new ActivityCompletedContext(parent, context, result));
        }
        catch (Exception) when (context.WorkflowExecutionContext.Unheard is null)
        {
            // The activity has done its work and must not do it again: a retry only tells the parent again.
            context.UnheardOutcomes = (result as Outcomes ?? Outcomes.Default).Names;
            context.WorkflowExecutionContext.RestoreContext(context);
            context.WorkflowExecutionContext.Unheard = context;
            throw;
        }
    }

    /// <summary>Gives up an execution and all it scheduled.</summary>
    public static void Cancel(ActivityExecutionContext context)
    {
        if (context.Status is ActivityStatus.Completed or ActivityStatus.Canceled)
        {
            return;
        }

        End(context, ActivityStatus.Canceled);
        context.WorkflowExecutionContext.Log(context, "Canceled", role: context is { HasEffects: true, Attempt: > 0 } ? JournalRole.Result : JournalRole.None);
        context.WorkflowExecutionContext.RemoveContext(context);
    }

    /// <summary>Gives up an execution and tells the one that scheduled it, as if it had completed without any outcome.</summary>
    public static async ValueTask GiveUpAsync(ActivityExecutionContext context)
    {
        var parent = context.ParentActivityExecutionContext;
        Cancel(context);
        if (parent is { Status: ActivityStatus.Running } && context.CompletionCallbackName is { } callback)
        {
            await ActivityMethods.Completion(parent.Activity, callback)(new ActivityCompletedContext(parent, context, Outcomes.Empty));
        }
    }

    /// <summary>Ends an execution on the word of one below it. The one that gave the word is done with that, and nobody goes on after it.</summary>
    public static async ValueTask CompleteFromWithinAsync(ActivityExecutionContext context, ActivityExecutionContext sender, object? result = null)
    {
        if (sender != context)
        {
            sender.CompletionCallbackName = null;
            await CompleteAsync(sender, null);
        }

        await CompleteAsync(context, result);
    }

    private static void End(ActivityExecutionContext context, ActivityStatus status)
    {
        var workflow = context.WorkflowExecutionContext;
        foreach (var child in context.Children.ToArray())
        {
            Cancel(child);
        }

        workflow.RemoveScheduled(item => item.Owner == context || item.Context == context);
        workflow.RemoveBookmarks(bookmark => bookmark.ActivityInstanceId == context.Id);
        context.TransitionTo(status);
    }
}
