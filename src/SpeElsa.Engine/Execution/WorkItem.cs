using Elsa.Workflows;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;

namespace SpeElsa.Engine.Execution;

/// <summary>Something to run: an activity for the first time, or one that goes on after a stimulus.</summary>
internal sealed class WorkItem(ActivityNode node, ActivityExecutionContext? owner)
{
    public ActivityNode Node { get; } = node;

    public ActivityExecutionContext? Owner { get; } = owner;

    public string? CompletionCallback { get; init; }

    public object? Tag { get; init; }

    public IReadOnlyList<Variable> Variables { get; init; } = [];

    /// <summary>Input given by the scheduling activity.</summary>
    public IDictionary<string, object?>? ActivityInput { get; init; }

    /// <summary>The execution whose code scheduled it.</summary>
    public string? SchedulingExecutionId { get; init; }

    /// <summary>The activity of that execution.</summary>
    public string? SchedulingActivityId { get; init; }

    /// <summary>How many executions led to it.</summary>
    public int SchedulingDepth { get; init; }

    /// <summary>The execution, once it has begun. Stored, so that a re-run after a crash enters the same one again.</summary>
    public ActivityExecutionContext? Context { get; set; }

    /// <summary>Whether running it begins something, which a run on hold leaves. The workflow itself begins all the same: what it was started with has to find its place.</summary>
    public bool Begins => Context is null && Owner is not null;

    /// <summary>The bookmark whose stimulus this is, or null for a first run.</summary>
    public Bookmark? Resumed { get; init; }

    /// <summary>Input of that stimulus.</summary>
    public IDictionary<string, object?>? Input { get; init; }
}
