namespace SpeElsa.Activities;

/// <summary>An activity whose definition says how it is undone, because only its author knows.</summary>
internal interface IStatesUndo
{
    /// <summary>What the definition leaves open about the undo, and what to do; null where it says all. What only a run can tell counts as said.</summary>
    string? WhyUndoIsOpen { get; }
}
