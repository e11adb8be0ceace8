using Elsa.Workflows.Models;

namespace Elsa.Workflows.State;

/// <summary>An exception as it is stored.</summary>
public class ExceptionState
{
    /// <summary>The exception's type name.</summary>
    public string Type { get; set; } = "";

    /// <summary>Its message.</summary>
    public string Message { get; set; } = "";

    /// <summary>Where it was thrown.</summary>
    public string? StackTrace { get; set; }

    /// <summary>What caused it.</summary>
    public ExceptionState? InnerException { get; set; }

    /// <summary>Describes an exception.</summary>
    public static ExceptionState FromException(Exception ex)
    {
        ArgumentNullException.ThrowIfNull(ex);
        return new ExceptionState
        {
            Type = ex.GetType().FullName ?? ex.GetType().Name,
            Message = ex.Message,
            StackTrace = ex.StackTrace,
            InnerException = ex.InnerException is null ? null : FromException(ex.InnerException),
        };
    }
}

/// <summary>One execution of an activity as it is stored.</summary>
public class ActivityExecutionContextState
{
    /// <summary>The execution id.</summary>
    public string Id { get; set; } = "";

    /// <summary>How deep it is nested.</summary>
    public int CallStackDepth { get; set; }

    /// <summary>The execution that scheduled it.</summary>
    public string? ParentContextId { get; set; }

    /// <summary>Its node.</summary>
    public string ScheduledActivityNodeId { get; set; } = "";

    /// <summary>The node that scheduled it.</summary>
    public string? OwnerActivityNodeId { get; set; }

    /// <summary>State of the activity's own; "Variables" holds the values of its variables by id.</summary>
    public IDictionary<string, object?> Properties { get; set; } = new Dictionary<string, object?>();

    /// <summary>Facts about the execution.</summary>
    public IDictionary<string, object?> Metadata { get; set; } = new Dictionary<string, object?>();

    /// <summary>Evaluated inputs by name.</summary>
    public IDictionary<string, object?> ActivityState { get; set; } = new Dictionary<string, object?>();

    /// <summary>Variables declared while running.</summary>
    public ICollection<DynamicVariableState> DynamicVariables { get; set; } = [];

    /// <summary>Where it stands.</summary>
    public ActivityStatus Status { get; set; }

    /// <summary>Whether its code was running.</summary>
    public bool IsExecuting { get; set; }

    /// <summary>How often it faulted.</summary>
    public int FaultCount { get; set; }

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; set; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? CompletedAt { get; set; }

    /// <summary>What the scheduling activity attached.</summary>
    public object? Tag { get; set; }

    /// <summary>The method of the scheduling activity to run when it has completed.</summary>
    public string? CompletionCallback { get; set; }

    /// <summary>The execution whose code scheduled it.</summary>
    public string? SchedulingActivityExecutionId { get; set; }

    /// <summary>The activity of that execution.</summary>
    public string? SchedulingActivityId { get; set; }

    /// <summary>Input given by the scheduling activity.</summary>
    public IDictionary<string, object?>? ActivityInput { get; set; }

    /// <summary>Its outcomes, where it has completed and the one that scheduled it failed when it heard of it.</summary>
    public ICollection<string>? UnheardOutcomes { get; set; }

    /// <summary>Entries with an intent so far.</summary>
    public int Attempt { get; set; }
}

/// <summary>A variable declared while running, as it is stored.</summary>
public class DynamicVariableState
{
    /// <summary>Its id.</summary>
    public string Id { get; set; } = "";

    /// <summary>Its name.</summary>
    public string Name { get; set; } = "";
}

/// <summary>A variable of scheduled work, as it is stored.</summary>
public class ScheduledVariableState
{
    /// <summary>Its id.</summary>
    public string Id { get; set; } = "";

    /// <summary>Its name.</summary>
    public string Name { get; set; } = "";

    /// <summary>Its value.</summary>
    public object? Value { get; set; }
}

/// <summary>Who waits for whom, as Elsa writes it. Written for readers; this engine reads the callback from the child's own state.</summary>
public class CompletionCallbackState
{
    /// <summary>The execution that waits.</summary>
    public string OwnerInstanceId { get; set; } = "";

    /// <summary>The node it waits for.</summary>
    public string ChildNodeId { get; set; } = "";

    /// <summary>The method that goes on.</summary>
    public string? MethodName { get; set; }
}

/// <summary>Scheduled work as it is stored.</summary>
public class ActivityWorkItemState
{
    /// <summary>The node to run.</summary>
    public string ActivityNodeId { get; set; } = "";

    /// <summary>The execution that scheduled it.</summary>
    public string? OwnerContextId { get; set; }

    /// <summary>What the scheduling activity attached.</summary>
    public object? Tag { get; set; }

    /// <summary>The execution to go on with, where it has begun.</summary>
    public string? ExistingActivityExecutionContextId { get; set; }

    /// <summary>The method of the owner to run when it has completed.</summary>
    public string? CompletionCallback { get; set; }

    /// <summary>The bookmark whose stimulus is being handled, where there is one.</summary>
    public Bookmark? Resumed { get; set; }

    /// <summary>Input of that stimulus.</summary>
    public IDictionary<string, object?>? Input { get; set; }

    /// <summary>Input given by the scheduling activity.</summary>
    public IDictionary<string, object?>? ActivityInput { get; set; }

    /// <summary>The execution whose code scheduled it.</summary>
    public string? SchedulingActivityExecutionId { get; set; }

    /// <summary>The activity of that execution.</summary>
    public string? SchedulingActivityId { get; set; }

    /// <summary>How many executions led to it.</summary>
    public int SchedulingCallStackDepth { get; set; }

    /// <summary>Variables to declare in its scope.</summary>
    public ICollection<ScheduledVariableState>? Variables { get; set; }
}

/// <summary>A workflow instance as it is stored: enough to go on after any commit.</summary>
public class WorkflowState
{
    /// <summary>The instance.</summary>
    public string Id { get; set; } = "";

    /// <summary>The definition.</summary>
    public string DefinitionId { get; set; } = "";

    /// <summary>The version the instance is bound to.</summary>
    public string DefinitionVersionId { get; set; } = "";

    /// <summary>Its number.</summary>
    public int DefinitionVersion { get; set; }

    /// <summary>The instance that started this one.</summary>
    public string? ParentWorkflowInstanceId { get; set; }

    /// <summary>What outside thing the run is about.</summary>
    public string? CorrelationId { get; set; }

    /// <summary>A name for people.</summary>
    public string? Name { get; set; }

    /// <summary>Whether it has ended.</summary>
    public WorkflowStatus Status { get; set; }

    /// <summary>How it stands.</summary>
    public WorkflowSubStatus SubStatus { get; set; }

    /// <summary>Whether a burst was under way.</summary>
    public bool IsExecuting { get; set; }

    /// <summary>What it waits on.</summary>
    public ICollection<Bookmark> Bookmarks { get; set; } = [];

    /// <summary>What went wrong.</summary>
    public ICollection<ActivityIncident> Incidents { get; set; } = [];

    /// <summary>Whether it is the engine's own.</summary>
    public bool IsSystem { get; set; }

    /// <summary>Who waits for whom.</summary>
    public ICollection<CompletionCallbackState> CompletionCallbacks { get; set; } = [];

    /// <summary>Executions that have not ended, and the workflow's own.</summary>
    public ICollection<ActivityExecutionContextState> ActivityExecutionContexts { get; set; } = [];

    /// <summary>Work to do next, in order.</summary>
    public ICollection<ActivityWorkItemState> ScheduledActivities { get; set; } = [];

    /// <summary>Work that failed, for a retry.</summary>
    public ICollection<ActivityWorkItemState>? FaultedActivities { get; set; }

    /// <summary>Last number given to a journal row.</summary>
    public long ExecutionLogSequence { get; set; }

    /// <summary>Last number given to an execution or bookmark.</summary>
    public long LastId { get; set; }

    /// <summary>Input of the run.</summary>
    public IDictionary<string, object?> Input { get; set; } = new Dictionary<string, object?>();

    /// <summary>Output of the run.</summary>
    public IDictionary<string, object?> Output { get; set; } = new Dictionary<string, object?>();

    /// <summary>Facts about the run.</summary>
    public IDictionary<string, object?> Properties { get; set; } = new Dictionary<string, object?>();

    /// <summary>The activity whose stimulus started the run, or null.</summary>
    public string? TriggerActivityId { get; set; }

    /// <summary>The last outputs of each activity: activity id, output name, value.</summary>
    public IDictionary<string, IDictionary<string, object?>> ActivityOutputs { get; set; } =
        new Dictionary<string, IDictionary<string, object?>>();

    /// <summary>The activity that put out a value last.</summary>
    public string? LastOutputActivityId { get; set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; set; }
}
