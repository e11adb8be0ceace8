using Elsa.Workflows;

namespace SpeElsa.Engine.Execution;

/// <summary>What a journal row promises about effects.</summary>
public enum JournalRole
{
    /// <summary>Nothing: it tells what happened inside the workflow.</summary>
    None = 0,

    /// <summary>An activity with effects is about to run; committed before it does.</summary>
    Intent = 1,

    /// <summary>What came of the last intent of that execution; committed with the state that follows from it.</summary>
    Result = 2,
}

/// <summary>A journal row before it has a number and a hash.</summary>
internal sealed record LogEntry(
    DateTimeOffset Timestamp,
    string EventName,
    string ActivityId,
    string NodeId,
    string ActivityInstanceId,
    string? ParentActivityInstanceId,
    string ActivityType,
    int ActivityTypeVersion,
    string? ActivityName,
    string? Message,
    string? Source,
    JournalRole Role,
    int Attempt,
    object? Payload)
{
    /// <summary>When the execution began that it is about.</summary>
    public DateTimeOffset StartedAt { get; init; }
}

/// <summary>The journal rows of a burst that are not committed yet.</summary>
internal sealed class ExecutionLog
{
    private List<LogEntry> _entries = [];

    public void Add(
        DateTimeOffset timestamp,
        ActivityExecutionContext context,
        string eventName,
        string? message,
        string? source,
        object? payload,
        JournalRole role) =>
        _entries.Add(new LogEntry(
            timestamp,
            eventName,
            context.Activity.Id,
            context.NodeId,
            context.Id,
            context.ParentActivityExecutionContext?.Id,
            context.Activity.Type,
            context.Activity.Version,
            context.Activity.Name,
            message,
            source,
            role,
            role is JournalRole.None ? 0 : context.Attempt,
            payload)
        {
            StartedAt = context.StartedAt,
        });

    public List<LogEntry> Take()
    {
        var taken = _entries;
        _entries = [];
        return taken;
    }
}
