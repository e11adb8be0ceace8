using System.ComponentModel;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Memory;
using Elsa.Workflows.State;
using SpeElsa.Engine.Runtime.Migration;

namespace Elsa.Workflows.Activities;

/// <summary>Base of activities that hold a list of activities and a scope of variables.</summary>
public abstract class Container : Activity, IVariableContainer
{
    /// <summary>Creates a container.</summary>
    protected Container(string? source = null, int? line = null)
        : base(source, line)
    {
    }

    /// <summary>What it holds.</summary>
    public ICollection<IActivity> Activities { get; set; } = [];

    /// <inheritdoc />
    public ICollection<Variable> Variables { get; set; } = [];

    /// <inheritdoc />
    protected override ValueTask ExecuteAsync(ActivityExecutionContext context) => ScheduleChildrenAsync(context);

    /// <summary>Schedules what runs first.</summary>
    protected virtual ValueTask ScheduleChildrenAsync(ActivityExecutionContext context)
    {
        ScheduleChildren(context);
        return ValueTask.CompletedTask;
    }

    /// <summary>Schedules what runs first.</summary>
    protected virtual void ScheduleChildren(ActivityExecutionContext context)
    {
    }
}

/// <summary>Runs activities one after the other.</summary>
[Activity("Elsa", "Workflows", "Runs activities one after the other")]
[Browsable(false)]
public class Sequence : Container, IMigratesState
{
    private const string IndexKey = "CurrentIndex";

    /// <inheritdoc />
    protected override ValueTask ScheduleChildrenAsync(ActivityExecutionContext context) => ScheduleNextAsync(context);

    /// <summary>Goes on after the activity that runs, wherever that stands in the new version.</summary>
    void IMigratesState.Migrate(ActivityExecutionContextState state, IReadOnlyCollection<string> running, MigrationMap map)
    {
        var index = Activities.Select(activity => activity.Id).ToList().FindIndex(id => running.Contains(id));
        if (index >= 0)
        {
            state.Properties[IndexKey] = index + 1;
        }
    }

    private async ValueTask ScheduleNextAsync(ActivityExecutionContext context)
    {
        var index = context.GetProperty<int>(IndexKey);
        var next = Activities.ElementAtOrDefault(index);
        if (next is null)
        {
            await context.CompleteActivityAsync();
            return;
        }

        context.SetProperty(IndexKey, index + 1);
        await context.ScheduleActivityAsync(next, OnChildCompletedAsync);
    }

    private ValueTask OnChildCompletedAsync(ActivityCompletedContext context) => ScheduleNextAsync(context.TargetContext);
}

/// <summary>Runs activities side by side and completes when all have.</summary>
[Activity("Elsa", "Workflows", "Runs activities side by side")]
[Browsable(false)]
public class Parallel : Container
{
    private const string RemainingKey = "Remaining";

    /// <summary>Creates an empty one.</summary>
    public Parallel()
    {
    }

    /// <summary>Runs these.</summary>
    public Parallel(params IActivity[] activities) => Activities = activities;

    /// <inheritdoc />
    protected override async ValueTask ScheduleChildrenAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Activities.Count == 0)
        {
            await context.CompleteActivityAsync();
            return;
        }

        context.SetProperty(RemainingKey, Activities.Count);
        await context.ScheduleActivities(Activities, OnChildCompletedAsync);
    }

    private async ValueTask OnChildCompletedAsync(ActivityCompletedContext context)
    {
        if (context.TargetContext.UpdateProperty<int>(RemainingKey, remaining => remaining - 1) == 0)
        {
            await context.CompleteActivityAsync();
        }
    }
}
