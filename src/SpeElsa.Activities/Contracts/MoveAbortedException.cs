namespace SpeElsa.Activities;

/// <summary>A person ended the move at a decision.</summary>
/// <param name="activityName">The step that asked.</param>
/// <param name="decidedBy">Who decided.</param>
/// <param name="reason">Why.</param>
public sealed class MoveAbortedException(string activityName, string decidedBy, string reason)
    : Exception($"The move was aborted at '{activityName}' by {decidedBy}: {reason}")
{
    /// <summary>The step that asked.</summary>
    public string ActivityName { get; } = activityName;

    /// <summary>Who decided.</summary>
    public string DecidedBy { get; } = decidedBy;

    /// <summary>Why.</summary>
    public string Reason { get; } = reason;
}
