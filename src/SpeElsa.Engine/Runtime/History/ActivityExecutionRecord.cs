using Elsa.Workflows.State;

namespace Elsa.Workflows.Runtime.Entities;

/// <summary>One execution of an activity as the journal tells it.</summary>
public class ActivityExecutionRecord
{
    /// <summary>The execution.</summary>
    public string Id { get; set; } = "";

    /// <summary>The instance.</summary>
    public string WorkflowInstanceId { get; set; } = "";

    /// <summary>The activity.</summary>
    public string ActivityId { get; set; } = "";

    /// <summary>Its node.</summary>
    public string ActivityNodeId { get; set; } = "";

    /// <summary>Its type.</summary>
    public string ActivityType { get; set; } = "";

    /// <summary>The version of its type.</summary>
    public int ActivityTypeVersion { get; set; }

    /// <summary>Its name.</summary>
    public string? ActivityName { get; set; }

    /// <summary>Evaluated inputs by name; null where it has none.</summary>
    public IDictionary<string, object?>? ActivityState { get; set; }

    /// <summary>What it wrote into the journal, and its outcomes; null where that is nothing.</summary>
    public IDictionary<string, object?>? Payload { get; set; }

    /// <summary>Outputs by name; null where it has none.</summary>
    public IDictionary<string, object?>? Outputs { get; set; }

    /// <summary>Its own state; only known while it runs.</summary>
    public IDictionary<string, object?> Properties { get; set; } = new Dictionary<string, object?>();

    /// <summary>Facts about the execution; only known while it runs.</summary>
    public IDictionary<string, object?> Metadata { get; set; } = new Dictionary<string, object?>();

    /// <summary>What it threw, or null.</summary>
    public ExceptionState? Exception { get; set; }

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; set; }

    /// <summary>When it ended, or null.</summary>
    public DateTimeOffset? CompletedAt { get; set; }

    /// <summary>Whether it waits.</summary>
    public bool HasBookmarks { get; set; }

    /// <summary>Where it stands.</summary>
    public ActivityStatus Status { get; set; }

    /// <summary>Faults of it and of all that it scheduled.</summary>
    public int AggregateFaultCount { get; set; }

    /// <summary>The execution that holds it, or null for the workflow's root.</summary>
    public string? ParentActivityExecutionId { get; set; }

    /// <summary>The execution whose code scheduled it: in a flowchart the activity before it.</summary>
    public string? SchedulingActivityExecutionId { get; set; }

    /// <summary>The activity of that execution.</summary>
    public string? SchedulingActivityId { get; set; }

    /// <summary>The instance of that execution, where it is another one.</summary>
    public string? SchedulingWorkflowInstanceId { get; set; }

    /// <summary>How many executions led to it.</summary>
    public int CallStackDepth { get; set; }

    /// <summary>Entries with an intent; 2 or more means that an earlier one may have acted.</summary>
    public int Attempt { get; set; }

    /// <summary>One that does not change with this one. What is in its dictionaries is shared.</summary>
    internal ActivityExecutionRecord Copy() => (ActivityExecutionRecord)MemberwiseClone();
}
