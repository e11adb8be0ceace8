using Elsa.Workflows;

namespace SpeElsa.Engine.Execution;

/// <summary>Lets faulted executions go on where they failed. What had completed stays completed.</summary>
internal static class Retry
{
    /// <param name="workflow">The run, ended as Faulted or going on with incidents.</param>
    /// <param name="which">Ids of activities or executions; empty means all that have faulted.</param>
    /// <returns>Whether anything goes on.</returns>
    public static bool Apply(WorkflowExecutionContext workflow, IReadOnlyCollection<string> which)
    {
        ActivityExecutionContext[] faulted =
        [
            .. workflow.ActivityExecutionContexts.Where(context => context.Status is ActivityStatus.Faulted
                && (which.Count == 0 || which.Contains(context.Id) || which.Contains(context.Activity.Id))),
        ];
        if (faulted.Length == 0)
        {
            return false;
        }

        workflow.SubStatus = WorkflowSubStatus.Suspended;
        workflow.FinishedAt = null;
        foreach (var context in faulted)
        {
            Restart(workflow, context);
        }

        return true;
    }

    private static void Restart(WorkflowExecutionContext workflow, ActivityExecutionContext context)
    {
        var failed = workflow.Faulted.Find(item => item.Context == context) ?? new WorkItem(context.ActivityNode, context.ParentActivityExecutionContext) { Context = context };
        workflow.Faulted.Remove(failed);
        workflow.Incidents = [.. workflow.Incidents.Where(incident => incident.ActivityInstanceId != context.Id)];
        workflow.Log(context, "Retried");
        context.Exception = null;
        context.TransitionTo(ActivityStatus.Running);
        if (failed.Resumed is null)
        {
            // The reason may be an input: it is evaluated anew.
            context.ActivityState.Clear();
        }

        workflow.Schedule(failed);
    }
}
