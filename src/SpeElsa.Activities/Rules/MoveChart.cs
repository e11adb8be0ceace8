using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Activities;
using Elsa.Workflows.Activities.Flowchart.Models;

namespace SpeElsa.Activities;

/// <summary>An arrow of a flowchart.</summary>
/// <param name="Index">Its number in the workflow.</param>
/// <param name="Source">Where it begins.</param>
/// <param name="Port">The outcome that follows it.</param>
/// <param name="Target">Where it ends.</param>
internal sealed record MoveArrow(int Index, MovePlace Source, string Port, MovePlace Target)
{
    /// <summary>Whether it leads back to what came before, and so begins another round.</summary>
    public bool IsBack { get; set; }
}

/// <summary>The arrows of a flowchart, and when an activity with several of them into it runs.</summary>
internal sealed class MoveChart
{
    private readonly ILookup<MovePlace, MoveArrow> _outbound;
    private readonly ILookup<MovePlace, MoveArrow> _inbound;
    private readonly Dictionary<MovePlace, MoveArrow[]> _joins = [];
    private readonly Dictionary<MoveArrow, HashSet<int>> _waysTo = [];
    private readonly Dictionary<MovePlace, HashSet<int>> _ahead = [];

    public MoveChart(Flowchart flowchart, IReadOnlyCollection<MovePlace> places, Func<int> number)
    {
        var byActivity = places.ToDictionary(place => place.Activity, (IEqualityComparer<IActivity>)ReferenceEqualityComparer.Instance);
        Arrows =
        [
            .. flowchart.Connections
                .Where(connection => byActivity.ContainsKey(connection.Source.Activity) && byActivity.ContainsKey(connection.Target.Activity))
                .Select(connection => (Source: byActivity[connection.Source.Activity], Port: connection.Source.Port ?? "Done", Target: byActivity[connection.Target.Activity]))
                .Distinct()
                .Select(arrow => new MoveArrow(number(), arrow.Source, arrow.Port, arrow.Target)),
        ];
        _outbound = Arrows.ToLookup(arrow => arrow.Source);
        _inbound = Arrows.ToLookup(arrow => arrow.Target);
        Start = places.FirstOrDefault(place => place.Activity == flowchart.Start)
            ?? places.FirstOrDefault(place => place.Activity is IStartNode)
            ?? places.FirstOrDefault(place => place.Activity is Activity { CanStartWorkflow: true })
            ?? places.FirstOrDefault(place => !_inbound.Contains(place))
            ?? places.First();
        var reached = MarkBackArrows(Start);
        foreach (var place in places)
        {
            _joins[place] = [.. _inbound[place].Where(arrow => !arrow.IsBack && reached.Contains(arrow.Source))];
        }
    }

    public IReadOnlyList<MoveArrow> Arrows { get; }

    /// <summary>Where it begins.</summary>
    public MovePlace Start { get; }

    public IEnumerable<MoveArrow> From(MovePlace place) => _outbound[place];

    public IEnumerable<MoveArrow> Into(MovePlace place) => _inbound[place];

    /// <summary>How the arrows into a place come together.</summary>
    public MergeMode ModeOf(MovePlace place) => _joins[place].Length < 2 ? MergeMode.Cascade
        : place.Activity is FlowJoin join ? ModeOf(join)
        : place.Activity.CustomProperties.TryGetValue("mergeMode", out var written) && Enum.TryParse<MergeMode>(written?.ToString(), ignoreCase: true, out var mode)
            && mode is not MergeMode.None ? mode
        : MergeMode.Merge;

    /// <summary>Whether a join has all it waits for.</summary>
    /// <param name="join">The join.</param>
    /// <param name="arrived">The arrows that were followed.</param>
    /// <param name="present">The places of this flowchart where something runs.</param>
    public bool IsReady(MovePlace join, IReadOnlySet<int> arrived, IReadOnlyCollection<int> present)
    {
        var missing = _joins[join].Where(arrow => !arrived.Contains(arrow.Index)).ToArray();
        return missing.Length < _joins[join].Length && ModeOf(join) switch
        {
            MergeMode.Converge => missing.Length == 0,
            MergeMode.Stream => !present.Any(index => missing.Any(arrow => arrow.Source.Index == index)),
            _ => !present.Any(index => missing.Any(arrow => WaysTo(arrow).Contains(index))),
        };
    }

    public IEnumerable<MoveArrow> ArrowsInto(MovePlace join) => _joins[join];

    /// <summary>The places that an arrow leads to without going back.</summary>
    public IReadOnlySet<int> Ahead(MovePlace place) => Spread(
        _ahead, place, [place], other => _outbound[other].Where(arrow => !arrow.IsBack).Select(arrow => arrow.Target));

    /// <summary>Adds a place and all that its arrows lead to, but for what is there already and what that leads to.</summary>
    public void AddBehind(MovePlace place, HashSet<MovePlace> found)
    {
        var open = new Queue<MovePlace>([place]);
        while (open.TryDequeue(out var next))
        {
            if (found.Add(next))
            {
                foreach (var arrow in _outbound[next])
                {
                    open.Enqueue(arrow.Target);
                }
            }
        }
    }

    /// <summary>The places from which the beginning of an arrow can still be come to without passing its end.</summary>
    public IReadOnlySet<int> WaysTo(MoveArrow arrow) => Spread(
        _waysTo, arrow, arrow.Source == arrow.Target ? [] : [arrow.Source], place => _inbound[place].Select(other => other.Source).Where(source => source != arrow.Target));

    private static MergeMode ModeOf(FlowJoin join) => Enum.TryParse<FlowJoinMode>(Written.In(join.Mode).Constant, ignoreCase: true, out var mode)
        ? mode switch
        {
            FlowJoinMode.WaitAll => MergeMode.Converge,
            FlowJoinMode.WaitAny => MergeMode.Race,
            _ => MergeMode.Merge,
        }
        : MergeMode.Merge;

    private static HashSet<int> Spread<TKey>(Dictionary<TKey, HashSet<int>> known, TKey key, IEnumerable<MovePlace> first, Func<MovePlace, IEnumerable<MovePlace>> next)
        where TKey : notnull
    {
        if (known.TryGetValue(key, out var found))
        {
            return found;
        }

        known[key] = found = [];
        var open = new Queue<MovePlace>(first);
        while (open.TryDequeue(out var place))
        {
            if (found.Add(place.Index))
            {
                foreach (var other in next(place))
                {
                    open.Enqueue(other);
                }
            }
        }

        return found;
    }

    /// <summary>Walks in depth from the start: an arrow to what is still on the way leads back. Without recursion, for long flowcharts.</summary>
    private HashSet<MovePlace> MarkBackArrows(MovePlace start)
    {
        var reached = new HashSet<MovePlace> { start };
        var way = new HashSet<MovePlace> { start };
        var stack = new Stack<(MovePlace Place, Queue<MoveArrow> Left)>([(start, new Queue<MoveArrow>(_outbound[start]))]);
        while (stack.TryPeek(out var top))
        {
            if (!top.Left.TryDequeue(out var arrow))
            {
                way.Remove(stack.Pop().Place);
            }
            else if (way.Contains(arrow.Target))
            {
                arrow.IsBack = true;
            }
            else if (reached.Add(arrow.Target))
            {
                way.Add(arrow.Target);
                stack.Push((arrow.Target, new Queue<MoveArrow>(_outbound[arrow.Target])));
            }
        }

        return reached;
    }
}
