using System.Text.Json;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

// How the definition says that what a person has done is undone. Evaluated when the task is opened, so that an undo finds it in the journal.
public sealed partial class HumanTask
{
    /// <summary>The value of <see cref="Undo"/> for a task that changes nothing that has to be put back.</summary>
    public const string UndoNothing = "Nothing";

    /// <summary>The value of <see cref="Undo"/> for a task that a person undoes.</summary>
    public const string UndoTask = "Task";

    /// <summary>The value of <see cref="Undo"/> for a task whose effect stays.</summary>
    public const string UndoStays = "Stays";

    /// <summary>The value of <see cref="UndoWhen"/> for what must be back before the old server starts.</summary>
    public const string UndoBeforeStart = "BeforeStart";

    /// <summary>The value of <see cref="UndoWhen"/> for what needs the old Management Server, and must be back before the other roles start.</summary>
    public const string UndoAfterManagement = "AfterManagement";

    /// <summary>The value of <see cref="UndoWhen"/> for what needs the old server's roles.</summary>
    public const string UndoAfterStart = "AfterStart";

    /// <summary>The value of <see cref="UndoWhen"/> for what comes when everything serves again.</summary>
    public const string UndoLast = "Last";

    private const string UndoCategory = "Undo";

    // The Management Server starts at 0, the Instance Host at 10.
    private const int AfterManagementOrder = 4;
    private const int SoonCheckedOrder = 1;
    private const int LaterCheckedOrder = 6;

    /// <summary>How the task is undone; empty: the undo asks a person to look.</summary>
    [Input(
        DisplayName = "Undo",
        Description = "Nothing: there is nothing to undo. Task: a person undoes it. Stays: what was done stays. Empty: an undo asks a person to look",
        Category = UndoCategory,
        UIHint = "dropdown",
        Options = new[] { UndoNothing, UndoTask, UndoStays },
        Order = 20)]
    public Input<string> Undo { get; set; } = new("");

    /// <summary>Why there is nothing to undo, or why what was done stays.</summary>
    [Input(DisplayName = "Reason", Description = "Why there is nothing to undo, or why what was done stays", Category = UndoCategory, UIHint = "singleline", Order = 21)]
    public Input<string> UndoReason { get; set; } = new("");

    /// <summary>What a person does to undo it, in a few words.</summary>
    [Input(DisplayName = "Title of the undo", Description = "What a person does to undo it, in a few words", Category = UndoCategory, UIHint = "singleline", Order = 22)]
    public Input<string> UndoTitle { get; set; } = new("");

    /// <summary>How it is undone.</summary>
    [Input(
        DisplayName = "Instructions of the undo",
        Description = "Who undoes it, where, with which words and clicks",
        Category = UndoCategory,
        UIHint = "multiline",
        Order = 23)]
    public Input<string> UndoInstructions { get; set; } = new("");

    /// <summary>What is to be filled in when it is undone, as <see cref="Fields"/>.</summary>
    [Input(DisplayName = "Fields of the undo", Description = "JSON list, as for the task itself", Category = UndoCategory, UIHint = "json-editor", Order = 24)]
    public Input<object?> UndoFields { get; set; } = new((object?)null);

    /// <summary>The machine that the undo is about; empty: the old server.</summary>
    [Input(
        DisplayName = "Machine of the undo",
        Description = "The machine that the undo is about, and that its check looks at; empty: the old server",
        Category = UndoCategory,
        UIHint = "dropdown",
        UIHandler = typeof(MachineChoices),
        Order = 25)]
    public Input<string> UndoMachine { get; set; } = new("");

    /// <summary>When it is undone.</summary>
    [Input(
        DisplayName = "When",
        Description = "BeforeStart: before the old server's services start. AfterManagement: as soon as its Management Server answers, before the others start. AfterStart: as soon as its roles answer. Last: when everything serves again",
        Category = UndoCategory,
        UIHint = "dropdown",
        Options = new[] { UndoBeforeStart, UndoAfterManagement, UndoAfterStart, UndoLast },
        DefaultValue = UndoBeforeStart,
        Order = 26)]
    public Input<string> UndoWhen { get; set; } = new(UndoBeforeStart);

    /// <summary>The check that tells whether it is undone, such as SpeElsa.CheckMfaOn; empty: nothing can tell.</summary>
    [Input(
        DisplayName = "Check of the undo",
        Description = "The activity that tells whether it is undone, such as SpeElsa.CheckMfaOn; what it finds leads back to the person. Empty: nothing can tell",
        Category = UndoCategory,
        UIHint = "singleline",
        Order = 27)]
    public Input<string> UndoCheck { get; set; } = new("");

    /// <summary>What the check of the undo is told besides the machine, by the names of its inputs.</summary>
    [Input(
        DisplayName = "Inputs of the check",
        Description = "JSON object of texts: what the check of the undo is told besides the machine, by the names of its inputs",
        Category = UndoCategory,
        UIHint = "json-editor",
        Order = 29)]
    public Input<object?> UndoCheckInputs { get; set; } = new((object?)null);

    /// <summary>Whether the move is not undone any more once this is done.</summary>
    [Input(
        DisplayName = "Ends undo",
        Description = "Whether the move is not undone any more once this is done, as after a sign-off",
        Category = UndoCategory,
        UIHint = "checkbox",
        Order = 28)]
    public Input<bool> EndsUndo { get; set; } = new(false);

    internal static StepUndo UndoOf(StepFacts facts)
    {
        switch (facts.Text(nameof(Undo)))
        {
            case UndoNothing:
                return StepUndo.Nothing(facts.TextOr(nameof(UndoReason), "Its definition says that there is nothing to undo."));
            case UndoStays:
                return StepUndo.Stays(facts.TextOr(nameof(UndoReason), "Its definition says that it can not be undone."));
            case UndoTask:
                return ByTask(facts);
            default:
                return StepUndo.By(UndoSteps.Task(
                    $"undo-{TaskNameOf(facts)}",
                    $"See whether '{facts.Text(nameof(Title))}' has to be undone",
                    $"""
                    The definition of the move does not say how this task is undone. A person was asked:

                    {facts.Text(nameof(Instructions))}

                    {(facts.HasEnded ? $"It was answered {facts.Outcome} by {facts.CompletedBy}." : "It was not answered, but somebody may have begun.")} Put back what was changed, then complete this task.
                    """,
                    null,
                    UndoPhase.BeforeStart));
        }
    }

    /// <summary>The phase that an input like <see cref="UndoWhen"/> names.</summary>
    internal static UndoPhase PhaseOf(string when) => when switch
    {
        UndoLast => UndoPhase.Check,
        UndoAfterStart => UndoPhase.AfterStart,
        UndoAfterManagement => UndoPhase.Start,
        _ => UndoPhase.BeforeStart,
    };

    /// <summary>The place in its phase of what a definition says.</summary>
    internal static int OrderIn(UndoPhase phase) => phase is UndoPhase.Start ? AfterManagementOrder : 10;

    private static StepUndo ByTask(StepFacts facts)
    {
        var machine = facts.TextOr(nameof(UndoMachine), facts.Move.Source);
        var phase = PhaseOf(facts.Text(nameof(UndoWhen)));
        var open = facts.HasEnded ? "" : "\n\nThis was asked of somebody and not answered. Where it was not begun, there is nothing to put back: complete this task then.";
        var task = UndoSteps.Task($"undo-{TaskNameOf(facts)}", facts.Text(nameof(UndoTitle)), facts.Text(nameof(UndoInstructions)) + open, machine, phase) with
        {
            Order = OrderIn(phase),
            Inputs = facts.Inputs.TryGetValue(nameof(UndoFields), out var fields) && fields.ValueKind is not JsonValueKind.Null
                ? new Dictionary<string, object?> { ["fields"] = fields }
                : new Dictionary<string, object?>(),
        };
        if (facts.Text(nameof(UndoCheck)) is not { Length: > 0 } check)
        {
            return StepUndo.By(task);
        }

        // What must be back before a start can only be looked at later, by a Management Server that runs; the rest is asked of people only if need be.
        var told = facts.Inputs.TryGetValue(nameof(UndoCheckInputs), out var inputs) && inputs.ValueKind is JsonValueKind.Object
            ? Wire.Read<Dictionary<string, string>>(inputs)!
            : [];
        var look = UndoSteps.Check(check, machine, told, task);
        if (phase is UndoPhase.BeforeStart or UndoPhase.Start)
        {
            look = look with { Phase = UndoPhase.Start, Order = phase is UndoPhase.BeforeStart ? SoonCheckedOrder : LaterCheckedOrder };
            return facts.HasEnded ? StepUndo.By(task, look) : StepUndo.By(look);
        }

        return StepUndo.By(look with { Phase = phase, Order = task.Order });
    }

    private static string TaskNameOf(StepFacts facts) => facts.TextOr(nameof(TaskName), facts.ActivityId);
}
