using Elsa.Workflows;
using SpeElsa.Engine.Runtime;

namespace SpeElsa.Engine.Execution;

/// <summary>Ends a run before its root has completed.</summary>
internal static class WorkflowEnd
{
    public static void Finish(WorkflowExecutionContext workflow, WorkflowSubStatus subStatus)
    {
        workflow.RemoveScheduled(_ => true);
        var running = Ancestry(workflow.Current?.Context).ToHashSet();
        foreach (var context in workflow.ActivityExecutionContexts.Where(context => context.ParentActivityExecutionContext is not null && !running.Contains(context)).ToArray())
        {
            ActivityCompletion.Cancel(context);
        }

        workflow.RemoveBookmarks(_ => true);
        workflow.SubStatus = subStatus;
        workflow.FinishedAt = workflow.Now;
    }

    /// <summary>
    /// Lets a run that has ended rest: what is left of it goes, and the run that waits for it is told. In the same commit as the end itself, since
    /// nothing claims an ended run again. A faulted run keeps what it was about to do: a retry goes on there.
    /// </summary>
    public static void Settle(WorkflowExecutionContext workflow)
    {
        if (workflow.Status is not WorkflowStatus.Finished || workflow.IsSettled)
        {
            return;
        }

        workflow.IsSettled = true;
        workflow.FinishedAt ??= workflow.Now;
        if (workflow.SubStatus is not WorkflowSubStatus.Faulted)
        {
            workflow.RemoveScheduled(_ => true);
            workflow.RemoveBookmarks(_ => true);
            workflow.RemoveContexts();
        }

        if (workflow.GetProperty<string>(ChildEnded.ParentBookmarkKey) is { } bookmarkId && workflow.ParentWorkflowInstanceId is { } parentId)
        {
            workflow.AddOutbox(ChildEnded.OutboxKind, ChildEnded.Of(workflow, parentId, bookmarkId));
        }
    }

    /// <summary>The execution that asks for the end is in the middle of its own code: it and those above it are left to end by themselves.</summary>
    private static IEnumerable<ActivityExecutionContext> Ancestry(ActivityExecutionContext? context)
    {
        for (; context is not null; context = context.ParentActivityExecutionContext)
        {
            yield return context;
        }
    }
}
