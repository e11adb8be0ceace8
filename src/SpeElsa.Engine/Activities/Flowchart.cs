using System.Runtime.CompilerServices;
using Elsa.Workflows.Activities.Flowchart.Models;
using Elsa.Workflows.Attributes;

namespace Elsa.Workflows.Activities.Flowchart.Activities;

/// <summary>Runs activities along arrows: each outcome of an activity follows the connections from the port of that name.</summary>
/// <remarks>
/// An activity with several arrows into it runs when each of them is decided (followed, or known not to be) and at least one was followed.
/// An arrow back to an earlier activity starts another round: what lies ahead of that activity is undecided again.
/// Arrows from what the start does not lead to are never followed, so nothing waits for them.
/// </remarks>
[System.ComponentModel.Browsable(false)]
[Activity("Elsa", "Flow", "Runs activities along arrows")]
public class Flowchart : Container
{
    private const string ScopeKey = "FlowScope";
    private static readonly ConditionalWeakTable<Flowchart, FlowTopology> Topologies = [];

    /// <summary>Where it begins; null: the Start activity, else the one that can start the workflow, else the first without an arrow into it.</summary>
    [System.ComponentModel.Browsable(false)]
    [Port]
    public IActivity? Start { get; set; }

    /// <summary>The arrows.</summary>
    public ICollection<Connection> Connections { get; set; } = [];

    /// <inheritdoc />
    protected override async ValueTask ScheduleChildrenAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (FlowTopology.FindStart(this) is { } start)
        {
            await context.ScheduleActivityAsync(start, OnChildCompletedAsync);
        }
        else
        {
            await context.CompleteActivityAsync();
        }
    }

    private async ValueTask OnChildCompletedAsync(ActivityCompletedContext context)
    {
        var flow = context.TargetContext;
        var child = context.ChildContext.Activity;
        if (child is ITerminalNode)
        {
            await flow.CompleteActivityAsync();
            return;
        }

        var outcomes = (context.Result as Outcomes ?? Outcomes.Default).Names;
        var topology = Topologies.GetValue(this, static flowchart => new FlowTopology(flowchart));
        var outbound = topology.Outbound(child);
        var followed = outbound.Where(connection => outcomes.Contains(connection.Source.Port ?? "Done", StringComparer.Ordinal)).ToHashSet();
        var loops = followed.Any(topology.IsBackward);
        foreach (var connection in outbound)
        {
            // While a round goes back, the arrows ahead that were not followed are not decided: the next round comes by here again.
            if (followed.Contains(connection) || !loops)
            {
                await DecideAsync(flow, topology, connection, followed.Contains(connection));
            }
        }

        if (!flow.IsWaiting && flow.Status is ActivityStatus.Running)
        {
            await flow.CompleteActivityAsync();
        }
    }

    private async ValueTask DecideAsync(ActivityExecutionContext flow, FlowTopology topology, Connection connection, bool followed)
    {
        var scope = flow.GetProperty(ScopeKey, () => new FlowScope());
        var target = connection.Target.Activity;
        if (topology.IsBackward(connection))
        {
            if (followed)
            {
                scope.Forget(topology.AheadOf(target));
                await flow.ScheduleActivityAsync(target, OnChildCompletedAsync);
            }

            return;
        }

        scope.Decided[FlowTopology.KeyOf(connection)] = followed;
        var inbound = topology.ForwardInbound(target);
        if (!inbound.All(arrow => scope.Decided.ContainsKey(FlowTopology.KeyOf(arrow))))
        {
            return;
        }

        if (inbound.Any(arrow => scope.Decided[FlowTopology.KeyOf(arrow)]))
        {
            await flow.ScheduleActivityAsync(target, OnChildCompletedAsync);
            return;
        }

        foreach (var next in topology.Outbound(target).Where(arrow => !topology.IsBackward(arrow)))
        {
            await DecideAsync(flow, topology, next, followed: false);
        }
    }
}

/// <summary>Which arrows of the present round are decided, and how.</summary>
internal sealed class FlowScope
{
    public Dictionary<string, bool> Decided { get; set; } = [];

    public void Forget(IEnumerable<Connection> connections)
    {
        foreach (var connection in connections)
        {
            Decided.Remove(FlowTopology.KeyOf(connection));
        }
    }
}

/// <summary>What follows from the arrows alone; computed once per flowchart.</summary>
internal sealed class FlowTopology
{
    private readonly ILookup<IActivity, Connection> _outbound;
    private readonly ILookup<IActivity, Connection> _forwardInbound;
    private readonly HashSet<Connection> _backward = [];
    private readonly HashSet<IActivity> _visited = new(ReferenceEqualityComparer.Instance);

    public FlowTopology(Flowchart flowchart)
    {
        _outbound = flowchart.Connections.ToLookup(connection => connection.Source.Activity, ReferenceEqualityComparer.Instance as IEqualityComparer<IActivity>);
        FindBackward(FindStart(flowchart));
        var reachable = _visited.ToHashSet<IActivity>(ReferenceEqualityComparer.Instance);
        foreach (var activity in flowchart.Activities)
        {
            FindBackward(activity);
        }

        _forwardInbound = flowchart.Connections
            .Where(connection => !_backward.Contains(connection) && reachable.Contains(connection.Source.Activity))
            .ToLookup(connection => connection.Target.Activity, ReferenceEqualityComparer.Instance as IEqualityComparer<IActivity>);
    }

    public static IActivity? FindStart(Flowchart flowchart) =>
        flowchart.Start
        ?? flowchart.Activities.FirstOrDefault(activity => activity is IStartNode)
        ?? flowchart.Activities.FirstOrDefault(activity => activity is Activity { CanStartWorkflow: true })
        ?? flowchart.Activities.FirstOrDefault(activity => flowchart.Connections.All(connection => connection.Target.Activity != activity))
        ?? flowchart.Activities.FirstOrDefault();

    public static string KeyOf(Connection connection) =>
        $"{connection.Source.Activity.Id}:{connection.Source.Port ?? "Done"}->{connection.Target.Activity.Id}";

    public IEnumerable<Connection> Outbound(IActivity activity) => _outbound[activity];

    public IEnumerable<Connection> ForwardInbound(IActivity activity) => _forwardInbound[activity];

    public bool IsBackward(Connection connection) => _backward.Contains(connection);

    /// <summary>Every arrow that can be reached from the activity without going back.</summary>
    public IEnumerable<Connection> AheadOf(IActivity activity)
    {
        var seen = new HashSet<IActivity>(ReferenceEqualityComparer.Instance) { activity };
        var open = new Queue<IActivity>([activity]);
        while (open.TryDequeue(out var current))
        {
            foreach (var connection in Outbound(current).Where(connection => !IsBackward(connection)))
            {
                yield return connection;
                if (seen.Add(connection.Target.Activity))
                {
                    open.Enqueue(connection.Target.Activity);
                }
            }
        }
    }

    /// <summary>An arrow is backward if it ends at an activity that lies on the path to its beginning. Iterative, so that long flowcharts do not exhaust the stack.</summary>
    private void FindBackward(IActivity? start)
    {
        if (start is null || !_visited.Add(start))
        {
            return;
        }

        var path = new HashSet<IActivity>(ReferenceEqualityComparer.Instance) { start };
        var stack = new Stack<(IActivity Activity, IEnumerator<Connection> Next)>([(start, _outbound[start].GetEnumerator())]);
        while (stack.TryPeek(out var top))
        {
            if (!top.Next.MoveNext())
            {
                stack.Pop();
                path.Remove(top.Activity);
                continue;
            }

            var target = top.Next.Current.Target.Activity;
            if (path.Contains(target))
            {
                _backward.Add(top.Next.Current);
            }
            else if (_visited.Add(target))
            {
                path.Add(target);
                stack.Push((target, _outbound[target].GetEnumerator()));
            }
        }
    }
}
