using System.Collections;
using System.Collections.Concurrent;
using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Activities;
using Elsa.Workflows.Activities.Flowchart.Models;

namespace SpeElsa.Engine.Flow;

/// <summary>What follows from the arrows and the start alone; computed once per flowchart and start, and shared by all runs.</summary>
internal sealed class FlowTopology
{
    private readonly IActivity[] _activities;
    private readonly Dictionary<IActivity, int> _indices = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, int> _indicesById = new(StringComparer.Ordinal);
    private readonly FlowArrow[][] _outbound;
    private readonly FlowArrow[][] _inbound;
    private readonly FlowArrow[][] _forwardInbound;
    private readonly MergeMode[] _modes;
    private readonly int[] _ranks;
    private readonly ConcurrentDictionary<FlowArrow, BitArray> _waysToArrow = new();
    private readonly ConcurrentDictionary<(int Target, bool ForwardOnly), BitArray> _waysTo = new();
    private readonly ConcurrentDictionary<int, BitArray> _ahead = new();

    public FlowTopology(Flowchart flowchart, string startId)
    {
        _activities =
        [
            .. flowchart.Activities
                .Concat(flowchart.Connections.SelectMany(connection => new[] { connection.Source.Activity, connection.Target.Activity }))
                .Distinct<IActivity>(ReferenceEqualityComparer.Instance),
        ];
        for (var index = 0; index < _activities.Length; index++)
        {
            _indices.Add(_activities[index], index);
            _indicesById.TryAdd(_activities[index].Id, index);
        }

        var arrows = flowchart.Connections.Select(ArrowOf).DistinctBy(arrow => (arrow.Target, arrow.Key)).ToArray();
        _outbound = Group(arrows, arrow => arrow.Source);
        _inbound = Group(arrows, arrow => arrow.Target);
        _modes = [.. _activities.Select(FlowMerge.ModeOf)];
        _ranks = new int[_activities.Length];
        var visited = new BitArray(_activities.Length);
        var last = _activities.Length;
        if (_indicesById.TryGetValue(startId, out var start))
        {
            Walk(start, visited, ref last);
        }

        var reachable = new BitArray(visited);
        for (var index = 0; index < _activities.Length; index++)
        {
            Walk(index, visited, ref last);
        }

        _forwardInbound = [.. _inbound.Select(inbound => inbound.Where(arrow => !arrow.IsBackward && reachable[arrow.Source]).ToArray())];
    }

    public IReadOnlyList<FlowArrow> Outbound(IActivity activity) => _indices.TryGetValue(activity, out var index) ? _outbound[index] : [];

    /// <summary>The arrows into an activity that the start leads to and that do not lead back.</summary>
    public IReadOnlyList<FlowArrow> ForwardInbound(int index) => _forwardInbound[index];

    public IActivity Activity(int index) => _activities[index];

    /// <summary>What is written on the activity itself.</summary>
    public MergeMode WrittenMode(int index) => _modes[index];

    public int? Find(IActivity activity) => _indices.TryGetValue(activity, out var index) ? index : null;

    public int? Find(string activityId) => _indicesById.TryGetValue(activityId, out var index) ? index : null;

    /// <summary>Earlier activities have lower ranks: the order of the forward arrows.</summary>
    public int Rank(int index) => _ranks[index];

    /// <summary>Which activities can come to the beginning of the arrow, whatever way, without passing its end.</summary>
    public BitArray WaysTo(FlowArrow arrow) => _waysToArrow.GetOrAdd(arrow, key => Backwards([key.Source], key.Target, forwardOnly: false));

    /// <summary>Which activities can come to the beginning of a forward arrow into that activity without passing it.</summary>
    public BitArray WaysTo(int target, bool forwardOnly) => _waysTo.GetOrAdd(
        (target, forwardOnly),
        key => Backwards(ForwardInbound(key.Target).Select(arrow => arrow.Source), key.Target, key.ForwardOnly));

    /// <summary>That activity and what it leads to without going back.</summary>
    public BitArray Ahead(int from) => _ahead.GetOrAdd(from, Forwards);

    private FlowArrow ArrowOf(Connection connection) => new(
        _indices[connection.Source.Activity],
        _indices[connection.Target.Activity],
        connection.Target.Activity,
        connection.Source.Activity.Id,
        connection.Source.Port ?? "Done");

    private FlowArrow[][] Group(FlowArrow[] arrows, Func<FlowArrow, int> end)
    {
        var groups = arrows.ToLookup(end);
        return [.. Enumerable.Range(0, _activities.Length).Select(index => groups[index].ToArray())];
    }

    private BitArray Backwards(IEnumerable<int> last, int avoiding, bool forwardOnly) => Spread(
        last.Where(index => index != avoiding),
        index => _inbound[index].Where(arrow => arrow.Source != avoiding && !(forwardOnly && arrow.IsBackward)).Select(arrow => arrow.Source));

    private BitArray Forwards(int first) => Spread([first], index => _outbound[index].Where(arrow => !arrow.IsBackward).Select(arrow => arrow.Target));

    private BitArray Spread(IEnumerable<int> first, Func<int, IEnumerable<int>> next)
    {
        var found = new BitArray(_activities.Length);
        var open = new Queue<int>(first);
        while (open.TryDequeue(out var index))
        {
            if (found[index])
            {
                continue;
            }

            found[index] = true;
            foreach (var neighbour in next(index))
            {
                open.Enqueue(neighbour);
            }
        }

        return found;
    }

    /// <summary>
    /// Walks in depth, so that an arrow to an activity that is still on the path is a backward one, and numbers activities from the last to the first as
    /// they are left. Iterative, so that long flowcharts do not exhaust the stack.
    /// </summary>
    private void Walk(int start, BitArray visited, ref int last)
    {
        if (visited[start])
        {
            return;
        }

        visited[start] = true;
        var path = new HashSet<int> { start };
        var stack = new Stack<(int Activity, int Next)>([(start, 0)]);
        while (stack.TryPop(out var top))
        {
            if (top.Next == _outbound[top.Activity].Length)
            {
                path.Remove(top.Activity);
                _ranks[top.Activity] = --last;
                continue;
            }

            stack.Push((top.Activity, top.Next + 1));
            var arrow = _outbound[top.Activity][top.Next];
            if (path.Contains(arrow.Target))
            {
                arrow.IsBackward = true;
            }
            else if (!visited[arrow.Target])
            {
                visited[arrow.Target] = true;
                path.Add(arrow.Target);
                stack.Push((arrow.Target, 0));
            }
        }
    }
}
