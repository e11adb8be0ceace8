using System.Text.Json;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

// How the definition says that what a script has done is undone; evaluated when the step begins, so that an undo finds it in the journal.
public sealed partial class RunScript
{
    /// <summary>The value of <see cref="UndoBy"/> for a script that another one undoes.</summary>
    public const string UndoByScript = "Script";

    private const string UndoCategory = "Undo";

    /// <summary>How the script is undone.</summary>
    [Input(
        DisplayName = "Undo",
        Description = "Script: another script undoes it. Task: a person does. Nothing: there is nothing to undo. Stays: what was done stays",
        Category = UndoCategory,
        UIHint = "dropdown",
        Options = new[] { UndoByScript, HumanTask.UndoTask, HumanTask.UndoNothing, HumanTask.UndoStays },
        Order = 20)]
    public Input<string> UndoBy { get; set; } = new("");

    /// <summary>Why there is nothing to undo, or why what was done stays.</summary>
    [Input(DisplayName = "Reason", Description = "Why there is nothing to undo, or why what was done stays", Category = UndoCategory, UIHint = "singleline", Order = 21)]
    public Input<string> UndoReason { get; set; } = new("");

    /// <summary>The script that undoes it.</summary>
    [Input(
        DisplayName = "Undo script",
        Description = "Puts back what the script changed. It finds the same input as $InputObject, and what the script put out as $UndoneResult ($null where it did not come to that)",
        Category = UndoCategory,
        UIHint = "code-editor",
        UIHandler = typeof(PowerShellEditor),
        Order = 22)]
    public Input<string> UndoScript { get; set; } = new("");

    /// <summary>A script that looks whether it is undone, as <see cref="DoneWhen"/>.</summary>
    [Input(
        DisplayName = "Undone when",
        Description = "A script that looks whether it is undone, as 'Done when'. Empty: only the result of the undo script tells",
        Category = UndoCategory,
        UIHint = "code-editor",
        UIHandler = typeof(PowerShellEditor),
        Order = 23)]
    public Input<string> UndoneWhen { get; set; } = new("");

    /// <summary>What undoes it, in a few words; for a script it may be empty.</summary>
    [Input(DisplayName = "Title of the undo", Description = "What is done to undo it, in a few words", Category = UndoCategory, UIHint = "singleline", Order = 24)]
    public Input<string> UndoTitle { get; set; } = new("");

    /// <summary>For a person: how it is undone.</summary>
    [Input(
        DisplayName = "Instructions of the undo",
        Description = "For a person: who undoes it, where, with which words and clicks",
        Category = UndoCategory,
        UIHint = "multiline",
        Order = 25)]
    public Input<string> UndoInstructions { get; set; } = new("");

    /// <summary>The machine that the undo is about; empty: the same.</summary>
    [Input(
        DisplayName = "Machine of the undo",
        Description = "The machine that the undo is about; empty: the same",
        Category = UndoCategory,
        UIHint = "dropdown",
        UIHandler = typeof(MachineChoices),
        Order = 26)]
    public Input<string> UndoMachine { get; set; } = new("");

    /// <summary>When it is undone.</summary>
    [Input(
        DisplayName = "When",
        Description = "BeforeStart: before the old server's services start. AfterManagement: as soon as its Management Server answers, before the others start. AfterStart: as soon as its roles answer. Last: when everything serves again",
        Category = UndoCategory,
        UIHint = "dropdown",
        Options = new[] { HumanTask.UndoBeforeStart, HumanTask.UndoAfterManagement, HumanTask.UndoAfterStart, HumanTask.UndoLast },
        DefaultValue = HumanTask.UndoBeforeStart,
        Order = 27)]
    public Input<string> UndoWhen { get; set; } = new(HumanTask.UndoBeforeStart);

    private protected override StepUndo Undo(StepFacts facts) => facts.Text(nameof(UndoBy)) switch
    {
        HumanTask.UndoNothing => StepUndo.Nothing(facts.TextOr(nameof(UndoReason), "Its definition says that there is nothing to undo.")),
        HumanTask.UndoStays => StepUndo.Stays(facts.TextOr(nameof(UndoReason), "Its definition says that it can not be undone.")),
        UndoByScript => ByScript(facts),
        HumanTask.UndoTask => ByTask(facts, facts.Text(nameof(UndoTitle)), facts.Text(nameof(UndoInstructions))),
        _ => ByTask(facts, $"See whether '{facts.Name}' has to be undone", $"The definition of the move does not say how this script is undone. It ran on {MachineOf(facts)}:\n\n{TextOf(facts, Script, nameof(Script))}\n\nPut back what it changed, then complete this task."),
    };

    private StepUndo ByScript(StepFacts facts)
    {
        var machine = MachineOf(facts);
        var phase = HumanTask.PhaseOf(facts.Text(nameof(UndoWhen)));
        return StepUndo.By(new UndoStep
        {
            Type = "SpeElsa.RunScript",
            Title = facts.TextOr(nameof(UndoTitle), $"Run the script on {machine} that undoes '{facts.Name}'"),
            Phase = phase,
            Order = HumanTask.OrderIn(phase),
            Machine = machine,
            Inputs = new Dictionary<string, object?>
            {
                ["machine"] = machine,
                ["script"] = TextOf(facts, UndoScript, nameof(UndoScript)),
                ["doneWhen"] = TextOf(facts, UndoneWhen, nameof(UndoneWhen)),
                ["input"] = Written.In(Input).Constant ?? (object?)Given(facts, nameof(Input)),
                ["undoneResult"] = facts.Evidence is { ValueKind: JsonValueKind.Object } evidence && evidence.TryGetProperty("result", out var result) && result.ValueKind is not JsonValueKind.Null ? result : null,
                ["timeLimit"] = facts.Text(nameof(TimeLimit)),
                ["undoBy"] = HumanTask.UndoNothing,
                ["undoReason"] = StepUndo.OfUndo.Why,
            },
        });
    }

    private StepUndo ByTask(StepFacts facts, string title, string instructions)
    {
        var phase = HumanTask.PhaseOf(facts.Text(nameof(UndoWhen)));
        var open = facts.HasEnded ? "" : "\n\nThe script was cut off. Where it had done nothing, there is nothing to put back: complete this task then.";
        return StepUndo.By(UndoSteps.Task($"undo-{HumanTasks.TaskNameOf(facts.ActivityId)}", title, instructions + open, MachineOf(facts), phase) with { Order = HumanTask.OrderIn(phase) });
    }

    /// <summary>What is written in the definition, whole: the journal leaves out what is very long.</summary>
    private static string TextOf(StepFacts facts, Input<string> input, string name) => Written.In(input).Constant ?? facts.Text(name);

    private static JsonElement? Given(StepFacts facts, string name) =>
        facts.Inputs.TryGetValue(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value : null;

    private static string MachineOf(StepFacts facts) => facts.TextOr(nameof(UndoMachine), facts.Text(nameof(Machine)));
}
