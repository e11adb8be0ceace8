using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

// What the rules before publishing know of a task: a person can do anything, so its definition says it.
public sealed partial class HumanTask : IMovePart, IStatesUndo
{
    /// <summary>The value of <see cref="Does"/> for a task that switches MFA off.</summary>
    public const string DoesMfaOff = "MfaOff";

    /// <summary>The value of <see cref="Does"/> for a task that switches MFA on again.</summary>
    public const string DoesMfaOn = "MfaOn";

    /// <summary>The value of <see cref="Does"/> for a task that deletes or removes something of the old server.</summary>
    public const string DoesRemove = "Removes";

    /// <summary>What the person does, where the rules of a move have to know it.</summary>
    [Input(
        DisplayName = "Does",
        Description = "Where the rules of a move have to know it. MfaOff, MfaOn: switches MFA off, or on again, and no check tells. "
            + "Removes: takes a role, an entry or data of the old server away, which must come after the sign-off",
        Category = "Rules",
        UIHint = "dropdown",
        Options = new[] { DoesMfaOff, DoesMfaOn, DoesRemove },
        Order = 30)]
    public Input<string> Does { get; set; } = new("");

    IReadOnlyList<MovePart> IMovePart.Parts
    {
        get
        {
            var does = PartsOf(Does);
            return Written.In(EndsUndo).IsYes ? [.. does, MovePart.SignsOff] : does;
        }
    }

    /// <summary>What an input like <see cref="Does"/> says.</summary>
    internal static IReadOnlyList<MovePart> PartsOf(Input<string> does) => Written.In(does).Constant switch
    {
        DoesMfaOff => [MovePart.MfaOff()],
        DoesMfaOn => [MovePart.MfaOn()],
        DoesRemove => [MovePart.Removes],
        _ => [],
    };

    string? IStatesUndo.WhyUndoIsOpen => Written.In(Undo) switch
    {
        { IsEmpty: true } => $"Choose {UndoNothing}, {UndoStays} or {UndoTask} in its input 'Undo'",
        { Constant: UndoNothing or UndoStays } => Written.In(UndoReason).IsEmpty ? "Say why in its input 'Reason'" : null,
        { Constant: UndoTask } => Written.In(UndoTitle).IsEmpty || Written.In(UndoInstructions).IsEmpty ? "Say what a person does, in its inputs 'Title of the undo' and 'Instructions of the undo'" : null,
        { Constant: { } unknown } => $"It says '{unknown}'. Choose {UndoNothing}, {UndoStays} or {UndoTask} in its input 'Undo'",
        _ => null,
    };
}
