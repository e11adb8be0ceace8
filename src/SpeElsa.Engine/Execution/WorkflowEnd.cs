using Elsa.Workflows;

namespace SpeElsa.Engine.Execution;

/// <summary>Ends a run before its root has completed.</summary>
internal static class WorkflowEnd
{
    public static void Finish(WorkflowExecutionContext workflow, WorkflowSubStatus subStatus)
    {
        workflow.RemoveScheduled(_ => true);
        foreach (var context in workflow.ActivityExecutionContexts.Where(context => !context.IsExecuting && context.ParentActivityExecutionContext is not null).ToArray())
        {
            if (context.Children.All(child => !child.IsExecuting))
            {
                ActivityCompletion.Cancel(context);
            }
        }

        workflow.RemoveBookmarks(_ => true);
        workflow.SubStatus = subStatus;
        workflow.FinishedAt = workflow.Now;
    }
}
