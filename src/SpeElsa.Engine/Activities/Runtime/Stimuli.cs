namespace Elsa.Workflows.Runtime.Stimuli;

/// <summary>An event by name.</summary>
public class EventStimulus(string eventName)
{
    /// <summary>The event.</summary>
    public string EventName { get; set; } = eventName;
}

/// <summary>A task by its id.</summary>
public class RunTaskStimulus(string taskId, string taskName)
{
    /// <summary>The task.</summary>
    public string TaskId { get; set; } = taskId;

    /// <summary>What kind of task.</summary>
    public string TaskName { get; set; } = taskName;
}

/// <summary>The end of a child.</summary>
public class ExecuteWorkflowStimulus(string childInstanceId)
{
    /// <summary>The child.</summary>
    public string ChildInstanceId { get; set; } = childInstanceId;
}

/// <summary>The end of a child.</summary>
public class DispatchWorkflowStimulus(string childInstanceId)
{
    /// <summary>The child.</summary>
    public string ChildInstanceId { get; set; } = childInstanceId;
}

/// <summary>The ends of many children.</summary>
public class BulkDispatchWorkflowsStimulus(string parentInstanceId)
{
    /// <summary>The run that waits for them.</summary>
    public string ParentInstanceId { get; set; } = parentInstanceId;

    /// <summary>How many they are.</summary>
    public long ScheduledInstanceIdsCount { get; set; }
}
