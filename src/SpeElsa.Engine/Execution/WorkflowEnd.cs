using Elsa.Workflows;

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

    /// <summary>The execution that asks for the end is in the middle of its own code: it and those above it are left to end by themselves.</summary>
    private static IEnumerable<ActivityExecutionContext> Ancestry(ActivityExecutionContext? context)
    {
        for (; context is not null; context = context.ParentActivityExecutionContext)
        {
            yield return context;
        }
    }
}
