using Elsa.Workflows;
using Elsa.Workflows.Models;
using Elsa.Workflows.State;

namespace SpeElsa.Engine.Runtime.Migration;

/// <summary>Moves a stored state from one version to another: what runs and waits stands at the places of the new version, what has ended stays ended.</summary>
internal sealed class StateMigration(MigrationMap map)
{
    private const string VariablesKey = "Variables";
    private readonly Dictionary<string, ActivityNode> _places = new(StringComparer.Ordinal);

    /// <summary>Changes the state. If the map has blocking findings afterwards, it is not to be used.</summary>
    public void Apply(WorkflowState state, WorkflowIdentity target)
    {
        foreach (var context in state.ActivityExecutionContexts)
        {
            Move(context);
        }

        foreach (var context in state.ActivityExecutionContexts.Where(context => context.ParentContextId is not null))
        {
            CheckPlace(context);
        }

        foreach (var item in state.ScheduledActivities.Concat(state.FaultedActivities ?? []))
        {
            Move(item);
        }

        foreach (var bookmark in state.Bookmarks)
        {
            Move(bookmark);
        }

        foreach (var callback in state.CompletionCallbacks)
        {
            callback.ChildNodeId = map.NodeOf(callback.ChildNodeId)?.NodeId ?? callback.ChildNodeId;
        }

        LetContainersFollow(state);
        state.ActivityOutputs = state.ActivityOutputs.ToDictionary(outputs => map.ActivityOf(outputs.Key), outputs => outputs.Value, StringComparer.Ordinal);
        state.LastOutputActivityId = state.LastOutputActivityId is { } last ? map.ActivityOf(last) : null;
        state.DefinitionVersionId = target.Id;
        state.DefinitionVersion = target.Version;
    }

    private void Move(ActivityExecutionContextState context)
    {
        if (map.NodeOf(context.ScheduledActivityNodeId) is not { } node)
        {
            return;
        }

        _places[context.Id] = node;
        context.ScheduledActivityNodeId = node.NodeId;
        context.OwnerActivityNodeId = node.Parent?.NodeId;
        if (node.Activity is IVariableContainer container)
        {
            MoveVariables(context, container);
        }
    }

    private void CheckPlace(ActivityExecutionContextState context)
    {
        if (_places.TryGetValue(context.Id, out var node) && _places.TryGetValue(context.ParentContextId!, out var parent))
        {
            map.CheckContainer(node, parent);
        }
    }

    /// <summary>A variable is the one of the same id, else the one of the same name. What is gone is told; what is new begins with its initial value.</summary>
    private void MoveVariables(ActivityExecutionContextState context, IVariableContainer container)
    {
        if (!context.Properties.TryGetValue(VariablesKey, out var stored) || stored is not IDictionary<string, object?> values)
        {
            return;
        }

        var moved = new Dictionary<string, object?>();
        foreach (var (id, value) in values)
        {
            var variable = container.Variables.FirstOrDefault(candidate => candidate.Id == id);
            if (variable is not null || context.DynamicVariables.Any(dynamic => dynamic.Id == id))
            {
                moved[id] = value;
            }
            else
            {
                map.Warn($"variable:{id}", container.Id, $"The new version has no variable '{id}'; its value is left behind in the old state and the journal.");
            }
        }

        context.Properties[VariablesKey] = moved;
    }

    private void Move(ActivityWorkItemState item)
    {
        item.ActivityNodeId = map.NodeOf(item.ActivityNodeId)?.NodeId ?? item.ActivityNodeId;
        if (item.Resumed is { } bookmark)
        {
            Move(bookmark);
        }
    }

    private void Move(Bookmark bookmark)
    {
        if (map.NodeOf(bookmark.ActivityNodeId) is { } node)
        {
            bookmark.ActivityNodeId = node.NodeId;
            bookmark.ActivityId = node.Activity.Id;
        }
    }

    private void LetContainersFollow(WorkflowState state)
    {
        foreach (var context in state.ActivityExecutionContexts)
        {
            if (_places.TryGetValue(context.Id, out var node) && node.Activity is IMigratesState container)
            {
                container.Migrate(context, Running(state, context), map);
            }
        }
    }

    private string[] Running(WorkflowState state, ActivityExecutionContextState owner) =>
    [
        .. state.ActivityExecutionContexts.Where(context => context.ParentContextId == owner.Id && _places.ContainsKey(context.Id)).Select(context => _places[context.Id].Activity.Id),
        .. state.ScheduledActivities.Where(item => item.OwnerContextId == owner.Id && item.ExistingActivityExecutionContextId is null)
            .Select(item => map.To.FindNodeById(item.ActivityNodeId)?.Activity.Id).OfType<string>(),
    ];
}
