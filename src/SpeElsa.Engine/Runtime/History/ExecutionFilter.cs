namespace SpeElsa.Engine.Runtime.History;

/// <summary>Which executions of an instance to find. Every condition that is given must hold; an empty list is no condition.</summary>
public sealed record ExecutionFilter
{
    /// <summary>These executions.</summary>
    public IReadOnlyCollection<string> Ids { get; init; } = [];

    /// <summary>Of these activities.</summary>
    public IReadOnlyCollection<string> ActivityIds { get; init; } = [];

    /// <summary>Of these nodes.</summary>
    public IReadOnlyCollection<string> NodeIds { get; init; } = [];

    /// <summary>That have ended, or have not.</summary>
    public bool? Completed { get; init; }

    internal bool IsEmpty => Ids.Count + ActivityIds.Count + NodeIds.Count == 0;

    internal bool Matches(Elsa.Workflows.Runtime.Entities.ActivityExecutionRecord record) =>
        (Ids.Count == 0 || Ids.Contains(record.Id))
        && (ActivityIds.Count == 0 || ActivityIds.Contains(record.ActivityId))
        && (NodeIds.Count == 0 || NodeIds.Contains(record.ActivityNodeId))
        && (Completed is not { } completed || completed == record.CompletedAt is not null);
}
