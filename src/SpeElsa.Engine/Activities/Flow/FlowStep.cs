using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Activities;
using Elsa.Workflows.Activities.Flowchart.Models;
using SpeElsa.Engine.Execution;

namespace SpeElsa.Engine.Flow;

/// <summary>One step of a flowchart: an activity is left by some of its arrows, and what can run then is scheduled.</summary>
internal sealed class FlowStep(ActivityExecutionContext flow, FlowScope scope, FlowTopology topology, ActivityCompletionCallback onCompleted)
{
    /// <summary>1. Follow the arrows. 2. Give up what has lost a race. 3. Run the joins that nothing else can come to.</summary>
    public async ValueTask LeaveAsync(ActivityExecutionContext child, IReadOnlyCollection<string> outcomes)
    {
        var won = new List<int>();
        foreach (var arrow in topology.Outbound(child.Activity).Where(arrow => outcomes.Contains(arrow.Port, StringComparer.Ordinal)))
        {
            await FollowAsync(arrow, won);
        }

        foreach (var target in won)
        {
            GiveUpWaysTo(target, child);
        }

        await SettleAsync();
    }

    private async ValueTask FollowAsync(FlowArrow arrow, List<int> won)
    {
        if (arrow.IsBackward)
        {
            Forget(topology.Ahead(arrow.Target));
            await ScheduleAsync(arrow.Target);
            return;
        }

        var mode = topology.ForwardInbound(arrow.Target).Count > 1 ? await ModeOfAsync(arrow.TargetActivity, arrow.Target) : MergeMode.Cascade;
        if (mode is MergeMode.Cascade)
        {
            await ScheduleAsync(arrow.Target);
        }
        else if (mode is not MergeMode.Race)
        {
            Arrive(arrow, mode);
        }
        else if (scope.Won.Add(arrow.TargetActivity.Id))
        {
            won.Add(arrow.Target);
            await ScheduleAsync(arrow.Target);
        }
    }

    private async ValueTask<MergeMode> ModeOfAsync(IActivity activity, int index) =>
        scope.Arrivals.TryGetValue(activity.Id, out var arrivals) ? arrivals.Mode
        : activity is FlowJoin join ? await FlowMerge.ModeOfAsync(join, flow)
        : topology.WrittenMode(index);

    private void Arrive(FlowArrow arrow, MergeMode mode)
    {
        if (!scope.Arrivals.TryGetValue(arrow.TargetActivity.Id, out var arrivals))
        {
            scope.Arrivals[arrow.TargetActivity.Id] = arrivals = new FlowArrivals { Mode = mode };
        }

        arrivals.Followed.Add(arrow.Key);
    }

    /// <summary>Another round begins: what lies ahead has not been come to in it.</summary>
    private void Forget(System.Collections.BitArray ahead)
    {
        foreach (var (id, arrivals) in scope.Arrivals.ToArray())
        {
            if (topology.Find(id) is { } target)
            {
                arrivals.Followed.ExceptWith(topology.ForwardInbound(target).Where(arrow => ahead[arrow.Source]).Select(arrow => arrow.Key));
            }

            if (arrivals.Followed.Count == 0)
            {
                scope.Arrivals.Remove(id);
            }
        }

        scope.Won.RemoveWhere(id => topology.Find(id) is not { } target || ahead[target]);
    }

    private void GiveUpWaysTo(int target, ActivityExecutionContext winner)
    {
        var ways = topology.WaysTo(target, forwardOnly: true);
        bool IsOnTheWay(IActivity activity) => topology.Find(activity) is { } index && ways[index];

        flow.WorkflowExecutionContext.RemoveScheduled(item => item.Owner == flow && item.Context is null && IsOnTheWay(item.Node.Activity));
        foreach (var child in flow.Children.Where(child => child != winner && IsOnTheWay(child.Activity)).ToArray())
        {
            ActivityCompletion.Cancel(child);
        }

        foreach (var id in scope.Arrivals.Keys.Where(id => topology.Find(id) is { } index && ways[index]).ToArray())
        {
            scope.Arrivals.Remove(id);
        }
    }

    /// <summary>One at a time, the earliest first: a join that runs may be what a later one has to wait for.</summary>
    private async ValueTask SettleAsync()
    {
        while (FindReady() is { } ready)
        {
            scope.Arrivals.Remove(topology.Activity(ready).Id);
            await ScheduleAsync(ready);
        }

        scope.Won.RemoveWhere(id => topology.Find(id) is not { } target || !Present().Any(index => topology.WaysTo(target, forwardOnly: false)[index]));
    }

    private int? FindReady() => scope.Arrivals
        .Select(join => (Index: topology.Find(join.Key), Arrivals: join.Value))
        .Where(join => join.Index is not null && IsReady(join.Index.Value, join.Arrivals))
        .OrderBy(join => topology.Rank(join.Index!.Value))
        .Select(join => join.Index)
        .FirstOrDefault();

    private bool IsReady(int target, FlowArrivals arrivals)
    {
        var missing = topology.ForwardInbound(target).Where(arrow => !arrivals.Followed.Contains(arrow.Key));
        return arrivals.Mode switch
        {
            MergeMode.Converge => !missing.Any(),
            MergeMode.Stream => !Present().Any(index => missing.Any(arrow => arrow.Source == index)),
            _ => !Present().Where(index => topology.WaysTo(target, forwardOnly: false)[index]).Any(index => missing.Any(arrow => topology.WaysTo(arrow)[index])),
        };
    }

    /// <summary>The activities from which something can still come: scheduled, running, waiting or faulted.</summary>
    private IEnumerable<int> Present() => flow.Children.Select(child => child.Activity)
        .Concat(flow.WorkflowExecutionContext.Scheduled.Where(item => item.Owner == flow).Select(item => item.Node.Activity))
        .Select(topology.Find)
        .OfType<int>();

    private ValueTask ScheduleAsync(int index) => flow.ScheduleActivityAsync(topology.Activity(index), onCompleted);
}
