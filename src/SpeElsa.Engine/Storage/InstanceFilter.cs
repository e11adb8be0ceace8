using Elsa.Workflows;

namespace SpeElsa.Engine.Storage;

/// <summary>Which instances to find. Every condition that is given must hold; an empty list is no condition.</summary>
public sealed record InstanceFilter
{
    /// <summary>These instances.</summary>
    public IReadOnlyCollection<string> Ids { get; init; } = [];

    /// <summary>Of these definitions.</summary>
    public IReadOnlyCollection<string> DefinitionIds { get; init; } = [];

    /// <summary>Of none of these definitions.</summary>
    public IReadOnlyCollection<string> ExceptDefinitionIds { get; init; } = [];

    /// <summary>Bound to these versions.</summary>
    public IReadOnlyCollection<string> VersionIds { get; init; } = [];

    /// <summary>Bound to a version with this number.</summary>
    public int? Version { get; init; }

    /// <summary>With these correlation ids.</summary>
    public IReadOnlyCollection<string> CorrelationIds { get; init; } = [];

    /// <summary>Started by these instances.</summary>
    public IReadOnlyCollection<string> ParentIds { get; init; } = [];

    /// <summary>With these names.</summary>
    public IReadOnlyCollection<string> Names { get; init; } = [];

    /// <summary>Ended or not.</summary>
    public IReadOnlyCollection<WorkflowStatus> Statuses { get; init; } = [];

    /// <summary>How they stand.</summary>
    public IReadOnlyCollection<WorkflowSubStatus> SubStatuses { get; init; } = [];

    /// <summary>With or without incidents.</summary>
    public bool? HasIncidents { get; init; }

    /// <summary>In a burst, or about to be in one; the opposite of <see cref="IInstanceReader.IsIdleAsync"/>.</summary>
    public bool? IsExecuting { get; init; }

    /// <summary>Part of the machinery or not.</summary>
    public bool? IsSystem { get; init; }

    /// <summary>Part of the name, the correlation id, the id or the definition's id; case does not matter for the letters a to z.</summary>
    public string? SearchTerm { get; init; }

    /// <summary>When things happened.</summary>
    public IReadOnlyCollection<TimestampCondition> Timestamps { get; init; } = [];
}

/// <summary>An instant of an instance.</summary>
public enum InstanceTimestamp
{
    /// <summary>When it was made.</summary>
    CreatedAt,

    /// <summary>When it last changed.</summary>
    UpdatedAt,

    /// <summary>When it ended. One that has not ended is neither before nor after any instant.</summary>
    FinishedAt,
}

/// <summary>How two instants are compared.</summary>
public enum TimestampComparison
{
    /// <summary>The same.</summary>
    Is,

    /// <summary>Not the same.</summary>
    IsNot,

    /// <summary>Before.</summary>
    LessThan,

    /// <summary>After.</summary>
    GreaterThan,

    /// <summary>Before or the same.</summary>
    LessThanOrEqual,

    /// <summary>After or the same.</summary>
    GreaterThanOrEqual,
}

/// <summary>A condition on an instant of an instance.</summary>
public readonly record struct TimestampCondition(InstanceTimestamp Column, TimestampComparison Comparison, DateTimeOffset Value);

/// <summary>What instances are ordered by.</summary>
public enum InstanceColumn
{
    /// <summary>When it was made.</summary>
    CreatedAt,

    /// <summary>When it last changed.</summary>
    UpdatedAt,

    /// <summary>When it ended.</summary>
    FinishedAt,

    /// <summary>The name.</summary>
    Name,
}

/// <summary>An order of instances; equal ones follow by id.</summary>
public readonly record struct InstanceOrder(InstanceColumn Column, bool Descending = false)
{
    /// <summary>Newest first.</summary>
    public static readonly InstanceOrder NewestFirst = new(InstanceColumn.CreatedAt, Descending: true);
}

/// <summary>The answer to deleting instances.</summary>
/// <param name="Deleted">How many were deleted.</param>
/// <param name="Running">Those that were left because they have not ended, or a burst still holds them.</param>
public sealed record InstanceDeletion(int Deleted, IReadOnlyList<string> Running);
