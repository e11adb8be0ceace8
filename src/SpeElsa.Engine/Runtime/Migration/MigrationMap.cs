using Elsa.Workflows.Models;
using Elsa.Workflows.State;

namespace SpeElsa.Engine.Runtime.Migration;

/// <summary>Where the places of one version are in another one: at the activity of the same id, or at the one that was named instead.</summary>
internal sealed class MigrationMap(WorkflowGraph from, WorkflowGraph to, IReadOnlyDictionary<string, string> activities)
{
    private readonly Dictionary<string, MigrationFinding> _findings = new(StringComparer.Ordinal);

    public WorkflowGraph To => to;

    public IEnumerable<MigrationFinding> Findings => _findings.Values;

    /// <summary>The activity that stands for another; the same id where the new version has none.</summary>
    public string ActivityOf(string activityId) => activities.GetValueOrDefault(activityId, activityId);

    /// <summary>The node that stands for another, or null with a finding that keeps the instance where it is.</summary>
    public ActivityNode? NodeOf(string nodeId)
    {
        var old = from.FindNodeById(nodeId);
        if (old is null)
        {
            return Block(nodeId, null, $"The instance stands at the node '{nodeId}', which its own version does not have. It can not be migrated.");
        }

        var activityId = ActivityOf(old.Activity.Id);
        var found = activityId == old.Activity.Id && to.FindNodeById(nodeId) is { } same ? same : to.FindNodeByActivityId(activityId);
        if (found is null)
        {
            return Block(nodeId, old.Activity.Id, $"The new version has no activity '{activityId}'. Name the activity that takes the place of '{old.Activity.Id}'.");
        }

        return found.Activity.Type == old.Activity.Type
            ? found
            : Block(nodeId, old.Activity.Id, $"'{old.Activity.Id}' is of type {old.Activity.Type}, but '{found.Activity.Id}' of type {found.Activity.Type}. Name an activity of the same type.");
    }

    /// <summary>Where something stands has to be in the container that holds it now too.</summary>
    public void CheckContainer(ActivityNode node, ActivityNode container)
    {
        for (var parent = node.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent == container)
            {
                return;
            }
        }

        Block(node.NodeId, node.Activity.Id, $"'{node.Activity.Id}' is not in '{container.Activity.Id}' any more, where the instance runs it. Keep it there in the new version.");
    }

    public void Warn(string key, string? activityId, string message) => _findings.TryAdd(key, new MigrationFinding(false, activityId, message));

    private ActivityNode? Block(string key, string? activityId, string message)
    {
        _findings[key] = new MigrationFinding(true, activityId, message);
        return null;
    }
}

/// <summary>A container that remembers places of its own.</summary>
internal interface IMigratesState
{
    /// <summary>Changes what it remembers.</summary>
    /// <param name="state">The container's execution; its node is the new one already.</param>
    /// <param name="running">The activities of it that run or are scheduled, as they are called in the new version.</param>
    /// <param name="map">Where the others are.</param>
    void Migrate(ActivityExecutionContextState state, IReadOnlyCollection<string> running, MigrationMap map);
}
