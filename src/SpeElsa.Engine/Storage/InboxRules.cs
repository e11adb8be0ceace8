using Elsa.Workflows;

namespace SpeElsa.Engine.Storage;

/// <summary>What becomes of a new stimulus.</summary>
public enum InboxAnswer
{
    /// <summary>The instance has ended and takes nothing.</summary>
    Refuse,

    /// <summary>
    /// It is stored and wakes nobody: a run that has ended by a fault may be retried, and a timer that fell due or a signal that came meanwhile must not
    /// be lost. It is stored as pending: a retry that is under way at this moment has not seen it, and looks again because of it.
    /// </summary>
    Keep,

    /// <summary>It is stored, and a burst is to look at it.</summary>
    Wake,
}

/// <summary>What the inbox of an instance takes, the same in every store.</summary>
public static class InboxRules
{
    /// <summary>Decides.</summary>
    /// <param name="status">How the instance stands.</param>
    /// <param name="subStatus">How it stands in detail.</param>
    /// <param name="kind">What is asked of it.</param>
    public static InboxAnswer AnswerTo(WorkflowStatus status, WorkflowSubStatus subStatus, StimulusKind kind) => (status, subStatus, kind) switch
    {
        (not WorkflowStatus.Finished, _, _) or (_, WorkflowSubStatus.Faulted, StimulusKind.Retry) => InboxAnswer.Wake,
        (_, WorkflowSubStatus.Faulted, StimulusKind.Resume) => InboxAnswer.Keep,
        _ => InboxAnswer.Refuse,
    };
}
