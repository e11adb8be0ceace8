using Elsa.Workflows;

namespace SpeElsa.Engine.Storage;

/// <summary>What the inbox of an instance takes, the same in every store.</summary>
public static class InboxRules
{
    /// <summary>How a new stimulus is stored.</summary>
    /// <param name="status">How the instance stands.</param>
    /// <param name="subStatus">How it stands in detail.</param>
    /// <param name="kind">What is asked of it.</param>
    /// <returns>
    /// <see cref="StimulusState.Pending"/>: a burst is to look at it. <see cref="StimulusState.Waiting"/>: it is kept for a retry, because a run that has ended
    /// by a fault may go on, and a timer that fell due or a signal that came meanwhile must not be lost. Null: the instance has ended and takes nothing.
    /// </returns>
    public static StimulusState? StateOf(WorkflowStatus status, WorkflowSubStatus subStatus, StimulusKind kind) => (status, subStatus, kind) switch
    {
        (not WorkflowStatus.Finished, _, _) or (_, WorkflowSubStatus.Faulted, StimulusKind.Retry) => StimulusState.Pending,
        (_, WorkflowSubStatus.Faulted, StimulusKind.Resume) => StimulusState.Waiting,
        _ => null,
    };
}
