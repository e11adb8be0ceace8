using Elsa.Workflows.Management.Activities.WorkflowDefinitionActivity;

namespace Elsa.Workflows.Models;

/// <summary>An activity at its place in a workflow.</summary>
public class ActivityNode(IActivity activity, string port, ActivityNode? parent)
{
    /// <summary>The path of ids from the root, joined by colons.</summary>
    public string NodeId { get; } = parent is null ? activity.Id : $"{parent.NodeId}:{activity.Id}";

    /// <summary>The activity.</summary>
    public IActivity Activity { get; } = activity;

    /// <summary>The property of the parent that holds it.</summary>
    public string Port { get; } = port;

    /// <summary>The node that holds it, or null for the workflow.</summary>
    public ActivityNode? Parent { get; } = parent;

    /// <summary>The nodes it holds.</summary>
    public ICollection<ActivityNode> Children { get; } = [];

    /// <summary>The activity's type, as it was when the graph was made.</summary>
    internal ActivityDescriptor Descriptor { get; init; } = new();

    /// <summary>All nodes below it.</summary>
    public IEnumerable<ActivityNode> Descendants() => Children.SelectMany(child => child.Descendants().Prepend(child));
}

/// <summary>A workflow as a tree of nodes with look-ups. Immutable once built, shared by all runs of the version.</summary>
public class WorkflowGraph
{
    private readonly Dictionary<IActivity, ActivityNode> _byActivity;
    private readonly Dictionary<string, ActivityNode> _byNodeId;
    private readonly Dictionary<string, ActivityNode> _byActivityId;

    internal WorkflowGraph(Activities.Workflow workflow, ActivityNode root)
    {
        Workflow = workflow;
        Root = root;
        Nodes = [.. root.Descendants().Prepend(root)];
        _byActivity = Nodes.ToDictionary(node => node.Activity, (IEqualityComparer<IActivity>)ReferenceEqualityComparer.Instance);
        _byNodeId = Nodes.ToDictionary(node => node.NodeId, StringComparer.Ordinal);
        _byActivityId = new Dictionary<string, ActivityNode>(StringComparer.Ordinal);

        // An activity of a workflow that is used as an activity never hides one of the workflow itself.
        foreach (var node in Nodes.OrderBy(NestedWorkflows))
        {
            _byActivityId.TryAdd(node.Activity.Id, node);
        }
    }

    /// <summary>The workflow.</summary>
    public Activities.Workflow Workflow { get; }

    /// <summary>The workflow's node.</summary>
    public ActivityNode Root { get; }

    /// <summary>All nodes, parents first.</summary>
    public IReadOnlyList<ActivityNode> Nodes { get; }

    /// <summary>Finds a node.</summary>
    public ActivityNode? FindNodeById(string nodeId) => _byNodeId.GetValueOrDefault(nodeId);

    /// <summary>Finds a node.</summary>
    public ActivityNode? FindNodeByActivity(IActivity activity) => _byActivity.GetValueOrDefault(activity);

    /// <summary>Finds a node.</summary>
    public ActivityNode? FindNodeByActivityId(string activityId) => _byActivityId.GetValueOrDefault(activityId);

    /// <summary>Finds an activity by its name, or its id where none has the name.</summary>
    public IActivity? FindActivityByIdOrName(string idOrName) =>
        Nodes.FirstOrDefault(node => node.Activity.Name == idOrName)?.Activity ?? FindNodeByActivityId(idOrName)?.Activity;

    private static int NestedWorkflows(ActivityNode node)
    {
        var count = 0;
        for (var parent = node.Parent; parent is not null; parent = parent.Parent)
        {
            count += parent.Activity is WorkflowDefinitionActivity ? 1 : 0;
        }

        return count;
    }
}
