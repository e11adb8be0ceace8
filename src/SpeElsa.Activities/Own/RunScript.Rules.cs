using System.Text.RegularExpressions;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

// What the rules before publishing know of a script: it can do anything, so its definition says it.
public sealed partial class RunScript : IStatesUndo
{
    /// <summary>What the script does, where the rules of a move have to know it.</summary>
    [Input(
        DisplayName = "Does",
        Description = "Where the rules of a move have to know it. MfaOff, MfaOn: switches MFA off, or on again. "
            + "Removes: takes a role, an entry or data of the old server away, which must come after the sign-off",
        Category = "Rules",
        UIHint = "dropdown",
        Options = new[] { HumanTask.DoesMfaOff, HumanTask.DoesMfaOn, HumanTask.DoesRemove },
        Order = 30)]
    public Input<string> Does { get; set; } = new("");

    private protected override IReadOnlyList<MovePart> Parts => HumanTask.PartsOf(Does);

    string? IStatesUndo.WhyUndoIsOpen => Written.In(UndoBy) switch
    {
        { IsEmpty: true } => $"Choose {UndoByScript}, {HumanTask.UndoTask}, {HumanTask.UndoNothing} or {HumanTask.UndoStays} in its input 'Undo'",
        { Constant: HumanTask.UndoNothing or HumanTask.UndoStays } => Written.In(UndoReason).IsEmpty ? "Say why in its input 'Reason'" : null,
        { Constant: UndoByScript } => Written.In(UndoScript).IsEmpty ? "Write the script that undoes it, in its input 'Undo script'" : null,
        { Constant: HumanTask.UndoTask } => Written.In(UndoTitle).IsEmpty || Written.In(UndoInstructions).IsEmpty ? "Say what a person does, in its inputs 'Title of the undo' and 'Instructions of the undo'" : null,
        { Constant: { } unknown } => $"It says '{unknown}'. Choose {UndoByScript}, {HumanTask.UndoTask}, {HumanTask.UndoNothing} or {HumanTask.UndoStays} in its input 'Undo'",
        _ => null,
    };

    /// <summary>What a run could only fail with, and what to do; null where nothing is.</summary>
    internal string? WhyItCanNotRun => Written.In(Machine).IsEmpty ? "Choose a machine"
        : Written.In(Script).IsEmpty ? "Write the script"
        : new[] { Script, DoneWhen, UndoScript, UndoneWhen }.Any(script => Written.In(script).Constant is { } text && Exit().IsMatch(text)) ? "Its scripts may not end with exit: use return, or throw to fail"
        : null;

    /// <summary>A statement of its own; the machine, which can parse it, refuses the rest.</summary>
    [GeneratedRegex(@"(?m)^[\t ]*exit\b[\t ]*[-\w$]*[\t ]*;?[\t ]*\r?$", RegexOptions.IgnoreCase)]
    private static partial Regex Exit();
}
