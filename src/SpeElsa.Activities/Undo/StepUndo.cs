namespace SpeElsa.Activities;

/// <summary>How one step of a move is undone.</summary>
/// <param name="Kind">Which of the three answers it is.</param>
/// <param name="Why">In words: why there is nothing to undo, or why what was done stays. Empty where steps undo it.</param>
/// <param name="Steps">The steps that undo it; empty where nothing does.</param>
public sealed record StepUndo(UndoKind Kind, string Why, IReadOnlyList<UndoStep> Steps)
{
    /// <summary>The step has changed nothing that has to be put back.</summary>
    /// <param name="why">Why, in words.</param>
    public static StepUndo Nothing(string why) => new(UndoKind.Nothing, why, []);

    /// <summary>What the step has done stays, and going back is safe all the same.</summary>
    /// <param name="why">Why, and what a person may do about it, in words.</param>
    public static StepUndo Stays(string why) => new(UndoKind.Stays, why, []);

    /// <summary>These steps undo it. The plan orders them and leaves out what is wanted twice.</summary>
    /// <param name="steps">The steps.</param>
    public static StepUndo By(params IReadOnlyList<UndoStep> steps) => new(UndoKind.Steps, "", steps);

    /// <summary>The answer of steps that are part of an undo themselves.</summary>
    internal static StepUndo OfUndo { get; } = Nothing("It is a step of an undo. To go forward again, start a new move.");
}

/// <summary>The three answers to how a step is undone.</summary>
public enum UndoKind
{
    /// <summary>There is nothing to undo.</summary>
    Nothing,

    /// <summary>What it did stays.</summary>
    Stays,

    /// <summary>Steps undo it.</summary>
    Steps,
}

/// <summary>When a step of an undo runs. The order of the values is the order of the run: never do two servers serve.</summary>
public enum UndoPhase
{
    /// <summary>What the move had begun on the machines is stopped.</summary>
    EndWork,

    /// <summary>The new server goes out of service.</summary>
    NewOff,

    /// <summary>What must be as it was before anything of the old server starts: licence, configuration, certificates, start modes.</summary>
    BeforeStart,

    /// <summary>The services of the old server start, Management Server first.</summary>
    Start,

    /// <summary>What needs the old server's Management Server and Instance Host: instances, pairings, entries that became stale.</summary>
    AfterStart,

    /// <summary>How everything stands is compared with before the move, and what people switch on again is.</summary>
    Check,
}
