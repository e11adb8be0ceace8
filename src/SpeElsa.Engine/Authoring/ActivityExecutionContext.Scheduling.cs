using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;
using Elsa.Workflows.Options;

namespace Elsa.Workflows;

public partial class ActivityExecutionContext
{
    /// <summary>Schedules a child.</summary>
    /// <param name="activity">An activity of this definition; null schedules nothing.</param>
    /// <param name="completionCallback">A method of this activity, run when the child has completed; its name is stored.</param>
    /// <param name="tag">Attached to the child.</param>
    /// <param name="variables">Declared in the child's scope.</param>
    public ValueTask ScheduleActivityAsync(
        IActivity? activity,
        ActivityCompletionCallback? completionCallback,
        object? tag = null,
        IEnumerable<Variable>? variables = null) =>
        ScheduleActivityAsync(activity, new ScheduleWorkOptions(completionCallback, tag, variables?.ToArray()));

    /// <summary>Schedules a child.</summary>
    public ValueTask ScheduleActivityAsync(IActivity? activity, ScheduleWorkOptions? options = null) => ScheduleActivityAsync(activity, this, options);

    /// <summary>Schedules a child of another execution.</summary>
    public ValueTask ScheduleActivityAsync(IActivity? activity, ActivityExecutionContext? owner, ScheduleWorkOptions? options = null)
    {
        if (activity is not null)
        {
            WorkflowExecutionContext.Schedule(WorkflowExecutionContext.NodeOf(activity), owner ?? this, options);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Schedules a node.</summary>
    public Task ScheduleActivityAsync(ActivityNode? activityNode, ActivityExecutionContext? owner = null, ScheduleWorkOptions? options = null)
    {
        if (activityNode is not null)
        {
            WorkflowExecutionContext.Schedule(activityNode, owner ?? this, options);
        }

        return Task.CompletedTask;
    }

    /// <summary>Schedules several children.</summary>
    public ValueTask ScheduleActivitiesAsync(params IActivity?[] activities) => ScheduleActivities(activities, (ScheduleWorkOptions?)null);

    /// <summary>Schedules several children.</summary>
    public ValueTask ScheduleActivities(
        IEnumerable<IActivity?> activities,
        ActivityCompletionCallback? completionCallback,
        object? tag = null,
        IEnumerable<Variable>? variables = null) =>
        ScheduleActivities(activities, new ScheduleWorkOptions(completionCallback, tag, variables?.ToArray()));

    /// <summary>Schedules several children.</summary>
    public async ValueTask ScheduleActivities(IEnumerable<IActivity?> activities, ScheduleWorkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(activities);
        foreach (var activity in activities)
        {
            await ScheduleActivityAsync(activity, options);
        }
    }

    /// <summary>Forgets which methods of this activity wait for the children that run now.</summary>
    public void ClearCompletionCallbacks()
    {
        foreach (var child in _children)
        {
            child.CompletionCallbackName = null;
        }
    }
}
