using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Activities;

namespace SpeElsa.Engine.Flow;

/// <summary>Finds where a flowchart begins.</summary>
internal static class FlowStart
{
    public static IActivity? Find(Flowchart flowchart, WorkflowExecutionContext workflow) =>
        FindTrigger(flowchart, workflow)
        ?? flowchart.Start
        ?? flowchart.Activities.FirstOrDefault(activity => activity is IStartNode)
        ?? flowchart.Activities.FirstOrDefault(activity => activity is Activity { CanStartWorkflow: true })
        ?? FindWithoutInbound(flowchart)
        ?? flowchart.Activities.FirstOrDefault();

    /// <summary>The activity of the flowchart that is the trigger of the run, or that holds it.</summary>
    private static IActivity? FindTrigger(Flowchart flowchart, WorkflowExecutionContext workflow)
    {
        var node = workflow.TriggerActivityId is { } id ? workflow.FindNodeByActivityId(id) : null;
        while (node is not null && node.Parent?.Activity != flowchart)
        {
            node = node.Parent;
        }

        return node?.Activity;
    }

    private static IActivity? FindWithoutInbound(Flowchart flowchart)
    {
        var targets = flowchart.Connections.Select(connection => connection.Target.Activity).ToHashSet<IActivity>(ReferenceEqualityComparer.Instance);
        return flowchart.Activities.FirstOrDefault(activity => !targets.Contains(activity));
    }
}
