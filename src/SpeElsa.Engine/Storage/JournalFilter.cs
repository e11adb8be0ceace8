namespace SpeElsa.Engine.Storage;

/// <summary>Which journal rows of an instance to find. Every condition that is given must hold; an empty list is no condition.</summary>
public sealed record JournalFilter
{
    /// <summary>About these activities.</summary>
    public IReadOnlyCollection<string> ActivityIds { get; init; } = [];

    /// <summary>About these nodes.</summary>
    public IReadOnlyCollection<string> NodeIds { get; init; } = [];

    /// <summary>About these executions.</summary>
    public IReadOnlyCollection<string> ExecutionIds { get; init; } = [];

    /// <summary>About activities of none of these types.</summary>
    public IReadOnlyCollection<string> ExceptActivityTypes { get; init; } = [];

    /// <summary>That tell of one of these events.</summary>
    public IReadOnlyCollection<string> EventNames { get; init; } = [];

    /// <summary>Whether a row is asked for.</summary>
    public bool Matches(JournalRecord row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return IsIn(ActivityIds, row.ActivityId)
            && IsIn(NodeIds, row.NodeId)
            && IsIn(ExecutionIds, row.ActivityInstanceId)
            && !ExceptActivityTypes.Contains(row.ActivityType)
            && IsIn(EventNames, row.EventName);
    }

    /// <summary>Whether it asks for all rows.</summary>
    public bool IsEmpty => ActivityIds.Count + NodeIds.Count + ExecutionIds.Count + ExceptActivityTypes.Count + EventNames.Count == 0;

    private static bool IsIn(IReadOnlyCollection<string> wanted, string value) => wanted.Count == 0 || wanted.Contains(value);
}
