using Elsa.Workflows;
using Elsa.Workflows.Models;
using Elsa.Workflows.State;

namespace SpeElsa.Engine.Execution;

/// <summary>Decides what a fault does to the instance.</summary>
internal static class IncidentPolicy
{
    /// <summary>Journals the fault, keeps it as an incident, and lets the workflow's incident strategy say what becomes of the run.</summary>
    public static void Handle(ActivityExecutionContext context, Exception exception)
    {
        var workflow = context.WorkflowExecutionContext;
        context.Exception = exception;
        context.AggregateFaultCount++;
        context.TransitionTo(ActivityStatus.Faulted);
        if (workflow.Current is { } item && item.Context == context)
        {
            workflow.Faulted.Add(item);
        }

        context.JournalData["Exception"] = exception.GetType().Name;
        workflow.Log(
            context,
            "Faulted",
            exception.Message,
            payload: new Dictionary<string, object?>(context.JournalData),
            role: context is { HasEffects: true, IsExecuting: true } ? JournalRole.Result : JournalRole.None);
        workflow.Incidents.Add(new ActivityIncident
        {
            ActivityId = context.Activity.Id,
            ActivityNodeId = context.NodeId,
            ActivityInstanceId = context.Id,
            ActivityType = context.Activity.Type,
            Message = exception.Message,
            Exception = ExceptionState.FromException(exception),
            Timestamp = workflow.Now,
        });
        IncidentStrategies.Find(workflow.Workflow.Options.IncidentStrategyType, workflow.ServiceProvider).HandleIncident(context);
    }

    /// <summary>Nothing is scheduled, nothing is waited for, and the workflow has not ended: say so instead of sleeping for ever.</summary>
    public static void Stuck(WorkflowExecutionContext workflow)
    {
        const string Message = "The workflow has neither ended nor anything to wait for: an activity returned without completing and without a bookmark.";
        var context = workflow.ActivityExecutionContexts.LastOrDefault(candidate => candidate.Children.Count == 0);
        if (context is null)
        {
            workflow.SubStatus = WorkflowSubStatus.Faulted;
            return;
        }

        Handle(context, new InvalidOperationException(Message));
        workflow.SubStatus = WorkflowSubStatus.Faulted;
        workflow.FinishedAt ??= workflow.Now;
    }
}
