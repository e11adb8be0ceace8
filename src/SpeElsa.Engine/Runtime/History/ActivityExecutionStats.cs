namespace SpeElsa.Engine.Runtime.History;

/// <summary>How often the activities of a node ran, as a designer colours it.</summary>
/// <param name="ActivityId">The activity.</param>
/// <param name="ActivityNodeId">Its node.</param>
/// <param name="StartedCount">Executions.</param>
/// <param name="CompletedCount">Executions that have ended.</param>
/// <param name="UncompletedCount">Executions that have not.</param>
/// <param name="IsBlocked">Whether one waits.</param>
/// <param name="IsFaulted">Whether one has faulted.</param>
/// <param name="AggregateFaultCount">Faults of them and of all they scheduled.</param>
public sealed record ActivityExecutionStats(
    string ActivityId, string ActivityNodeId, int StartedCount, int CompletedCount, int UncompletedCount, bool IsBlocked, bool IsFaulted, int AggregateFaultCount)
{
    /// <summary>Whether one was retried.</summary>
    public bool WasRetried { get; init; }
}
