namespace SpeElsa.Activities;

// Every step says how it is undone; there is no default, so that none is forgotten.
public abstract partial class MoveStep
{
    /// <summary>
    /// How an execution of this step is undone. Asked of executions that have acted or may have, also of those that were cut off in the middle:
    /// the steps it answers look at the world first, as every step does.
    /// </summary>
    private protected abstract StepUndo Undo(StepFacts facts);

    /// <summary>
    /// Whether it is also asked of executions that found everything done already. For steps whose undo brings the baseline back: what a person
    /// has done by hand ahead of the step is put back with it.
    /// </summary>
    private protected virtual bool UndoesWhatWasFound => false;

    internal StepUndo UndoOf(StepFacts facts) => facts.MayHaveActed || UndoesWhatWasFound
        ? Undo(facts)
        : StepUndo.Nothing(CanAct ? "It found everything done already and changed nothing." : "It only looked.");
}
