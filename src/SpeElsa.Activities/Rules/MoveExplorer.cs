using System.Collections.Immutable;
using Elsa.Workflows;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Activities.Flowchart.Models;
using Elsa.Workflows.Management.Activities.WorkflowDefinitionActivity;

namespace SpeElsa.Activities;

/// <summary>Where a run stands: the places where something runs, the arrows that wait at joins, and what holds.</summary>
internal sealed record MoveState(ImmutableSortedSet<int> Active, ImmutableSortedSet<int> Arrived, ImmutableSortedSet<int> Facts)
{
    public static MoveState None { get; } = new([], [], []);

    /// <summary>Equal states have equal keys.</summary>
    public string Key => $"{string.Join(',', Active)};{string.Join(',', Arrived)};{string.Join(',', Facts)}";
}

/// <summary>A state that was found, and how it was come to.</summary>
/// <param name="State">The state.</param>
/// <param name="Before">The number of the state before it; -1: none.</param>
/// <param name="Place">The place that was left.</param>
/// <param name="Outcomes">What it was left with.</param>
internal sealed record MoveNode(MoveState State, int Before, MovePlace? Place, string[] Outcomes)
{
    /// <summary>The states that can be next.</summary>
    public List<int> Next { get; } = [];

    /// <summary>Whether the workflow can end here, or goes no further for a reason that is told otherwise.</summary>
    public bool Ends { get; set; }
}

/// <summary>
/// Finds every state that a run of a workflow can come to, by every outcome of every activity and, where things run side by side, in every order.
/// A step that a person skips or marks as done counts as done: that is their word. One that is undone or aborted ends the run.
/// </summary>
internal sealed class MoveExplorer(MoveMap map, MoveLedger ledger)
{
    /// <summary>How much is looked at, in places of states: seconds at most, and far more than a move that people can read needs.</summary>
    private const int MostWork = 500_000;

    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<(MoveRule Rule, int Place), int> _broken = [];
    private readonly HashSet<int> _entered = [];
    private readonly Queue<int> _open = new();
    private int _work;

    public List<MoveNode> Nodes { get; } = [];

    /// <summary>The rules that are broken, each with the place it is about and the first state where it was seen.</summary>
    public IEnumerable<(MoveRule Rule, MovePlace Place, MoveNode Node)> Broken => _broken.Select(found => (found.Key.Rule, map.Places[found.Key.Place], Nodes[found.Value]));

    /// <summary>What was down or off where an end was found.</summary>
    public List<(MoveRule Rule, MoveFact Fact, MovePlace End, MoveNode Node)> OpenEnds { get; } = [];

    /// <summary>Whether all states were found, and not only the first so many.</summary>
    public bool IsComplete => _work <= MostWork;

    public bool WasEntered(MovePlace place) => _entered.Contains(place.Index);

    public void Explore()
    {
        foreach (var start in Starts())
        {
            Add(start, -1, null, []);
        }

        while (IsComplete && _open.TryDequeue(out var number))
        {
            Follow(number);
        }
    }

    /// <summary>The states from which no way leads to an end, though one did before; where none does from the start on, the last that came to a place.</summary>
    public IEnumerable<MoveNode> DeadEnds()
    {
        var before = new List<int>[Nodes.Count];
        for (var number = 0; number < Nodes.Count; number++)
        {
            foreach (var next in Nodes[number].Next)
            {
                (before[next] ??= []).Add(number);
            }
        }

        var alive = new HashSet<int>();
        var open = new Queue<int>(Enumerable.Range(0, Nodes.Count).Where(number => Nodes[number].Ends));
        while (open.TryDequeue(out var number))
        {
            if (alive.Add(number))
            {
                foreach (var earlier in before[number] ?? [])
                {
                    open.Enqueue(earlier);
                }
            }
        }

        return alive.Contains(0) ? Nodes.Where((node, number) => !alive.Contains(number) && (node.Before < 0 || alive.Contains(node.Before))) : [LastToAPlace()];
    }

    private MoveNode LastToAPlace()
    {
        var places = new HashSet<int>();
        var last = Nodes[0];
        foreach (var node in Nodes.Where(node => !places.IsSupersetOf(node.State.Active)))
        {
            places.UnionWith(node.State.Active);
            last = node;
        }

        return last;
    }

    private void Follow(int number)
    {
        var node = Nodes[number];
        foreach (var index in node.State.Active)
        {
            var place = map.Places[index];
            if (!IsComplete || node.State.Active.Any(place.Holds))
            {
                continue;
            }

            foreach (var outcomes in WaysOn(place))
            {
                foreach (var next in Go(number, place, outcomes).TakeWhile(_ => IsComplete))
                {
                    node.Next.Add(Add(next, number, place, outcomes));
                }
            }
        }
    }

    /// <summary>The ways to leave a place, or to go on in it (no outcome).</summary>
    private static IEnumerable<string[]> WaysOn(MovePlace place) => place.Kind switch
    {
        MovePlaceKind.Rounds => place.Ways.Prepend([]),
        MovePlaceKind.OneOf when place.MayPass => place.Ways.Prepend([]),
        MovePlaceKind.OneOf => [[]],
        _ => place.Ways,
    };

    private IEnumerable<MoveState> Go(int number, MovePlace place, string[] outcomes)
    {
        var state = Nodes[number].State;
        if (outcomes.Length == 0)
        {
            var round = place is { Kind: MovePlaceKind.Rounds, Activity: not While } ? state with { Facts = ledger.NextRound(state.Facts) } : state;
            return place.Children.Select(child => Enter(round, child));
        }

        var facts = ledger.Apply(place, outcomes, state.Facts, rule => _broken.TryAdd((rule, place.Index), number));
        return Leave(number, place, outcomes, Take(state, place) with { Facts = facts }, place);
    }

    private int Add(MoveState state, int before, MovePlace? place, string[] outcomes)
    {
        _work += 1 + state.Active.Count + state.Arrived.Count + state.Facts.Count;
        if (_known.TryGetValue(state.Key, out var number))
        {
            return number;
        }

        _known[state.Key] = number = Nodes.Count;
        Nodes.Add(new MoveNode(state, before, place, outcomes));
        _open.Enqueue(number);
        return number;
    }

    /// <summary>The workflow from its start, and from each activity that can start it.</summary>
    private IEnumerable<MoveState> Starts()
    {
        yield return Enter(MoveState.None, map.Root);
        foreach (var place in map.Places.Where(place => place is { Activity: Activity { CanStartWorkflow: true }, Parent.Chart: { } chart } && place != chart.Start))
        {
            var holders = MoveState.None;
            for (var holder = place.Parent; holder is not null; holder = holder.Parent)
            {
                holders = holders with { Active = holders.Active.Add(holder.Index) };
            }

            yield return Enter(holders, place);
        }
    }

    private MoveState Enter(MoveState state, MovePlace place)
    {
        _entered.Add(place.Index);
        state = state with { Active = state.Active.Add(place.Index) };
        return place.Kind switch
        {
            MovePlaceKind.Chart => Enter(state, place.Chart!.Start),
            MovePlaceKind.Row or MovePlaceKind.Whole => Enter(state, place.Children[0]),
            MovePlaceKind.SideBySide or MovePlaceKind.Race => place.Children.Aggregate(state, Enter),
            _ => state,
        };
    }

    private static MoveState Take(MoveState state, MovePlace place) => state with { Active = state.Active.Except(state.Active.Where(index => index == place.Index || place.Holds(index))) };

    /// <summary>Goes on after a place that has been taken out of the state.</summary>
    /// <param name="number">The state that is left.</param>
    /// <param name="place">The place.</param>
    /// <param name="outcomes">What it is left with.</param>
    /// <param name="state">What is left of the state.</param>
    /// <param name="last">The place that has done something; it is this one, or in this one.</param>
    private IEnumerable<MoveState> Leave(int number, MovePlace place, string[] outcomes, MoveState state, MovePlace last)
    {
        if (place.Activity is Fault)
        {
            Nodes[number].Ends = true;
            return [];
        }

        var ended = place.Activity switch
        {
            Finish => map.Root,
            Complete => Around(place, holder => holder.Activity is Composite or WorkflowDefinitionActivity),
            Break => Around(place, holder => holder.Kind is MovePlaceKind.Rounds),
            ITerminalNode => place.Parent!,
            _ => null,
        };
        return ended is not null ? LeaveAnyway(number, ended, state, last) : place.Parent switch
        {
            null => End(number, last, state),
            { Kind: MovePlaceKind.Chart } flowchart => LeaveInChart(number, flowchart, place, outcomes, state, last),
            { Kind: MovePlaceKind.Row } row when place.Position + 1 < row.Children.Count => [Enter(state, row.Children[place.Position + 1])],
            { Kind: MovePlaceKind.Rounds } => [state],
            { Kind: MovePlaceKind.SideBySide } branches when state.Active.Any(branches.Holds) => [state],
            var holder => LeaveAnyway(number, holder, state, last),
        };
    }

    private IEnumerable<MoveState> LeaveAnyway(int number, MovePlace place, MoveState state, MovePlace last)
    {
        var without = Take(state, place);
        if (place.Chart is { } chart)
        {
            without = without with { Arrived = without.Arrived.Except(chart.Arrows.Select(arrow => arrow.Index)) };
        }

        return place.Parent is null ? End(number, last, without) : place.Ways.SelectMany(outcomes => Leave(number, place, outcomes, without, last));
    }

    private IEnumerable<MoveState> End(int number, MovePlace last, MoveState state)
    {
        Nodes[number].Ends = true;
        OpenEnds.AddRange(ledger.Open(state.Facts).Select(open => (open.Rule, open.Fact, last, Nodes[number])));
        return [];
    }

    private IEnumerable<MoveState> LeaveInChart(int number, MovePlace flowchart, MovePlace place, string[] outcomes, MoveState state, MovePlace last)
    {
        var chart = flowchart.Chart!;
        foreach (var arrow in chart.From(place).Where(arrow => outcomes.Contains(arrow.Port, StringComparer.Ordinal)))
        {
            state = Follow(chart, flowchart, arrow, state);
        }

        state = Settle(chart, flowchart, state);
        if (state.Active.Any(flowchart.Holds))
        {
            return [state];
        }

        if (outcomes.Any(outcome => MoveMap.IsOpen(place, outcome)))
        {
            // It is told as an open outcome; what would come of it need not be told too.
            Nodes[number].Ends = true;
            return [];
        }

        return LeaveAnyway(number, flowchart, state, last);
    }

    private MoveState Follow(MoveChart chart, MovePlace flowchart, MoveArrow arrow, MoveState state)
    {
        if (arrow.IsBack)
        {
            var ahead = chart.Ahead(arrow.Target);
            state = state with { Arrived = state.Arrived.Except(chart.Arrows.Where(other => ahead.Contains(other.Source.Index)).Select(other => other.Index)) };
            return Enter(state, arrow.Target);
        }

        switch (chart.ModeOf(arrow.Target))
        {
            case MergeMode.Cascade:
                return Enter(state, arrow.Target);
            case MergeMode.Race:
                var ways = chart.ArrowsInto(arrow.Target).SelectMany(chart.WaysTo).ToHashSet();
                state = flowchart.Children.Where(child => ways.Contains(child.Index)).Aggregate(state, Take);
                return Enter(state with { Arrived = state.Arrived.Except(chart.Arrows.Where(other => ways.Contains(other.Target.Index)).Select(other => other.Index)) }, arrow.Target);
            default:
                return state with { Arrived = state.Arrived.Add(arrow.Index) };
        }
    }

    /// <summary>Runs the joins that nothing else can come to, one at a time, the earlier first: one that runs may be what a later one has to wait for.</summary>
    private MoveState Settle(MoveChart chart, MovePlace flowchart, MoveState state)
    {
        while (FindReady(chart, flowchart, state) is { } ready)
        {
            state = Enter(state with { Arrived = state.Arrived.Except(chart.ArrowsInto(ready).Select(arrow => arrow.Index)) }, ready);
        }

        return state;
    }

    private static MovePlace? FindReady(MoveChart chart, MovePlace flowchart, MoveState state)
    {
        if (state.Arrived.Count == 0)
        {
            return null;
        }

        var present = flowchart.Children.Where(child => state.Active.Contains(child.Index)).Select(child => child.Index).ToArray();
        var joins = chart.Arrows.Where(arrow => state.Arrived.Contains(arrow.Index)).Select(arrow => arrow.Target).Distinct().ToArray();
        return joins.FirstOrDefault(join => chart.IsReady(join, state.Arrived, [.. present, .. joins.Where(other => other != join).Select(other => other.Index)]))
            ?? joins.FirstOrDefault(join => chart.IsReady(join, state.Arrived, present));
    }

    private static MovePlace Around(MovePlace place, Func<MovePlace, bool> fits)
    {
        var holder = place.Parent!;
        while (holder.Parent is not null && !fits(holder))
        {
            holder = holder.Parent;
        }

        return holder;
    }
}
