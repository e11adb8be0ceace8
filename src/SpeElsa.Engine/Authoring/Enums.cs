namespace Elsa.Workflows;

/// <summary>What kind of work an activity does.</summary>
public enum ActivityKind
{
    /// <summary>Short work without lasting effects outside the workflow.</summary>
    Action = 0,

    /// <summary>Can start a workflow.</summary>
    Trigger = 1,

    /// <summary>Has effects and always runs in the background.</summary>
    Job = 2,

    /// <summary>Has effects: an intent is committed before it runs, its result after.</summary>
    Task = 3,
}

/// <summary>Where one execution of an activity stands.</summary>
public enum ActivityStatus
{
    /// <summary>Scheduled.</summary>
    Pending = 0,

    /// <summary>Running or waiting.</summary>
    Running = 1,

    /// <summary>Ended.</summary>
    Completed = 2,

    /// <summary>Given up on request.</summary>
    Canceled = 3,

    /// <summary>Threw.</summary>
    Faulted = 4,
}

/// <summary>Whether a workflow instance has ended.</summary>
public enum WorkflowStatus
{
    /// <summary>Not ended.</summary>
    Running = 0,

    /// <summary>Ended, for whatever reason.</summary>
    Finished = 1,
}

/// <summary>How a workflow instance stands.</summary>
public enum WorkflowSubStatus
{
    /// <summary>Stored, not begun.</summary>
    Pending = 0,

    /// <summary>In a burst.</summary>
    Executing = 1,

    /// <summary>Waiting.</summary>
    Suspended = 2,

    /// <summary>Ended well.</summary>
    Finished = 3,

    /// <summary>Ended on request.</summary>
    Cancelled = 4,

    /// <summary>Ended by a fault.</summary>
    Faulted = 5,

    /// <summary>Stopped in the middle of a burst; goes on by itself.</summary>
    Interrupted = 6,
}
