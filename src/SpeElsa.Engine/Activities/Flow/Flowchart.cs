using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using Elsa.Workflows.Activities.Flowchart.Models;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Options;
using Elsa.Workflows.Signals;
using Elsa.Workflows.State;
using SpeElsa.Engine.Flow;
using SpeElsa.Engine.Runtime.Migration;
using SpeElsa.Engine.Serialization;

namespace Elsa.Workflows.Activities.Flowchart.Activities;

/// <summary>Runs activities along arrows: each outcome of an activity follows the connections from the port of that name.</summary>
/// <remarks>
/// <para>
/// An arrow is followed, or it can still be followed, or it is dead. It can still be followed while something that is scheduled, runs, waits or has
/// faulted can come to its beginning without passing its end. Arrows from what the start does not lead to are dead from the start.
/// </para>
/// <para>
/// An activity with one arrow into it runs each time that arrow is followed. For one with several, <see cref="MergeMode"/> (the custom property
/// "mergeMode", or the mode of a <see cref="FlowJoin"/>) says when it runs:
/// Merge, which is also None: when an arrow was followed and no other can be.
/// Converge: when all were followed; one dead arrow blocks it, and the way behind it is dead then.
/// Stream: when an arrow was followed and no activity at the beginning of another one is scheduled, runs or waits; later arrivals run it again.
/// Cascade: each time an arrow is followed.
/// Race: when the first arrow is followed. Everything else that stands on a way to it, by arrows that lead forward, is given up, whatever other ways
/// lead on from there; arrivals are ignored until no arrow into it can be followed any more.
/// In all modes an activity whose arrows are all dead does not run, and the arrows from it are dead.
/// </para>
/// <para>
/// An arrow back to an earlier activity runs it at once and starts another round: what has arrived ahead of it is forgotten.
/// A child that was given up has no outcome: it is a dead end. A terminal activity ends the flowchart; so does the end of all there is to run.
/// </para>
/// </remarks>
[Activity("Elsa", "Flow", "Runs activities along arrows")]
[Browsable(false)]
public class Flowchart : Container, IMigratesState
{
    private const string ScopeKey = "FlowScope";
    private static readonly ConditionalWeakTable<Flowchart, ConcurrentDictionary<string, FlowTopology>> Topologies = [];

    /// <summary>Creates an empty one.</summary>
    public Flowchart()
    {
        OnSignalReceived<ScheduleActivityOutcomes>(OnOutcomesAsync);
        OnSignalReceived<ScheduleChildActivity>(OnChildAskedForAsync);
    }

    /// <summary>
    /// Where it begins. A run that was started by a trigger of this flowchart begins at that trigger in any case; otherwise here, else at the Start
    /// activity, else at the one that can start the workflow, else at the first without an arrow into it.
    /// </summary>
    [Port]
    [Browsable(false)]
    public IActivity? Start { get; set; }

    /// <summary>The arrows.</summary>
    public ICollection<Connection> Connections { get; set; } = [];

    /// <inheritdoc />
    protected override async ValueTask ScheduleChildrenAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (FlowStart.Find(this, context.WorkflowExecutionContext) is { } start)
        {
            context.SetProperty(ScopeKey, new FlowScope { Start = start.Id });
            await context.ScheduleActivityAsync(start, OnChildCompletedAsync);
        }
        else
        {
            await context.CompleteActivityAsync();
        }
    }

    private async ValueTask OnChildCompletedAsync(ActivityCompletedContext context)
    {
        var (flow, child) = (context.TargetContext, context.ChildContext);
        var isGivenUp = child.Status is ActivityStatus.Canceled;
        if (child.Activity is ITerminalNode && !isGivenUp)
        {
            await flow.CompleteActivityAsync();
            return;
        }

        await StepOf(flow).LeaveAsync(child, isGivenUp ? [] : (context.Result as Outcomes ?? Outcomes.Default).Names);
        if (!flow.IsWaiting && flow.Status is ActivityStatus.Running)
        {
            await flow.CompleteActivityAsync();
        }
    }

    /// <summary>An activity of this flowchart goes on, but some of its outcomes are to be followed now.</summary>
    private async ValueTask OnOutcomesAsync(ScheduleActivityOutcomes signal, SignalContext context)
    {
        var (flow, sender) = (context.ReceiverActivityExecutionContext, context.SenderActivityExecutionContext);
        if (sender.ParentActivityExecutionContext == flow)
        {
            context.StopPropagation();
            await StepOf(flow).LeaveAsync(sender, signal.Outcomes);
        }
    }

    private async ValueTask OnChildAskedForAsync(ScheduleChildActivity signal, SignalContext context)
    {
        if (Activities.Contains(signal.Activity))
        {
            context.StopPropagation();
            await context.ReceiverActivityExecutionContext.ScheduleActivityAsync(signal.Activity, new ScheduleWorkOptions(OnChildCompletedAsync)
            {
                ExistingActivityExecutionContext = signal.ActivityExecutionContext,
                Input = signal.Input,
            });
        }
    }

    private FlowStep StepOf(ActivityExecutionContext flow)
    {
        var scope = flow.GetProperty(ScopeKey, () => new FlowScope());
        var topology = Topologies.GetOrCreateValue(this).GetOrAdd(scope.Start, static (start, flowchart) => new FlowTopology(flowchart, start), this);
        return new FlowStep(flow, scope, topology, OnChildCompletedAsync);
    }

    /// <summary>What has arrived at joins is kept, under the names of the new version.</summary>
    void IMigratesState.Migrate(ActivityExecutionContextState state, IReadOnlyCollection<string> running, MigrationMap map)
    {
        if (!state.Properties.TryGetValue(ScopeKey, out var stored) || ObjectConverter.ConvertTo<FlowScope>(stored) is not { } scope)
        {
            return;
        }

        var activities = Activities.Select(activity => activity.Id).ToHashSet(StringComparer.Ordinal);
        scope.Start = map.ActivityOf(scope.Start);
        scope.Won = [.. scope.Won.Select(map.ActivityOf).Where(activities.Contains)];
        scope.Arrivals = scope.Arrivals.Select(arrival => (Id: map.ActivityOf(arrival.Key), arrival.Value))
            .Where(arrival => activities.Contains(arrival.Id))
            .ToDictionary(arrival => arrival.Id, arrival => Rename(arrival.Value, map), StringComparer.Ordinal);
        state.Properties[ScopeKey] = scope;
    }

    private static FlowArrivals Rename(FlowArrivals arrivals, MigrationMap map)
    {
        arrivals.Followed = [.. arrivals.Followed.Select(key => key.Split(':', 2)).Select(parts => $"{map.ActivityOf(parts[0])}:{parts[1]}")];
        return arrivals;
    }
}
