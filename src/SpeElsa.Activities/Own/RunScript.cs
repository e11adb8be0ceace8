using System.Text.Json;
using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Machines;

namespace SpeElsa.Activities;

/// <summary>Runs a PowerShell script of the author's on one machine of the move.</summary>
/// <remarks>
/// Whether it is done the script under 'Done when' tells, before and after. Without one only a result does: a run that began and of which nobody knows what came
/// is a person's decision, and never repeated by itself. It runs by ticket; where its input has secrets, which are stored nowhere, it runs within one call.
/// </remarks>
[Activity(
    "SpeElsa",
    "RunScript",
    1,
    "Runs a PowerShell script on a machine of the move",
    "Your own steps",
    DisplayName = "Run script",
    Kind = ActivityKind.Task)]
public sealed partial class RunScript : MoveStep
{
    private const string Work = "script";

    /// <summary>The machine.</summary>
    [Input(DisplayName = "Machine", Description = "Where it runs, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>The script.</summary>
    [Input(
        DisplayName = "Script",
        Description = "Windows PowerShell 5.1. It finds the input as $InputObject; what it puts out is the result; Write-Host shows how far it is. Fail with throw, end early with return, not with exit",
        UIHint = "code-editor",
        UIHandler = typeof(PowerShellEditor),
        Order = 2)]
    public Input<string> Script { get; set; } = new("");

    /// <summary>What the script is told: a JSON object.</summary>
    [Input(
        DisplayName = "Input",
        Description = "JSON object that the scripts find as $InputObject. A text 'secret:' and the name of a secret is replaced by it just before the script runs",
        UIHint = "json-editor",
        Order = 3)]
    public Input<object?> Input { get; set; } = new((object?)null);

    /// <summary>A script that looks whether it is done; empty: only the script's own result tells.</summary>
    [Input(
        DisplayName = "Done when",
        Description = "A script that only looks, within ten minutes, and puts out $true, $false, or an object with done and evidence. It runs before and after. "
            + "Empty: the script runs once, and if nobody can know whether it did its work, a person decides",
        UIHint = "code-editor",
        UIHandler = typeof(PowerShellEditor),
        Order = 4)]
    public Input<string> DoneWhen { get; set; } = new("");

    /// <summary>How long the script may run. Default: 1 hour.</summary>
    [Input(
        DisplayName = "Time limit",
        Description = "How long the script may run before it is stopped and a person asked (hh:mm:ss). With a secret in the input never longer than ten minutes",
        DefaultValue = "01:00:00",
        Order = 5)]
    public Input<TimeSpan> TimeLimit { get; set; } = new(TimeSpan.FromHours(1));

    /// <summary>Whether users lose their service by this.</summary>
    [Input(
        DisplayName = "Downtime begins",
        Description = "Whether users lose their service by this; the journal then says so",
        UIHint = "checkbox",
        Order = 6)]
    public Input<bool> DowntimeBegins { get; set; } = new(false);

    /// <summary>Whether users have their service again after this.</summary>
    [Input(
        DisplayName = "Downtime ends",
        Description = "Whether users have their service again after this; the journal then says so",
        UIHint = "checkbox",
        Order = 7)]
    public Input<bool> DowntimeEnds { get; set; } = new(false);

    /// <summary>What the script put out that this one undoes; a workflow that undoes a move fills it in.</summary>
    [Input(DisplayName = "Undone result", Description = "What the script put out that this one undoes; it finds it as $UndoneResult", IsBrowsable = false, Order = 8)]
    public Input<object?> UndoneResult { get; set; } = new((object?)null);

    /// <summary>What the script put out; null where a person did its work, or it was done already.</summary>
    [Output(DisplayName = "Result", Description = "What the script put out: plain data; several objects as a list; a JSON text as what it says")]
    public Output<object>? Result { get; set; }

    /// <summary>Whether a secret that an administrator stores under this name may be had by scripts, as <c>secret:</c> and the name.</summary>
    /// <param name="secretName">The name.</param>
    public static bool MayHave(string secretName)
    {
        ArgumentNullException.ThrowIfNull(secretName);
        return secretName.StartsWith(ScriptSecrets.NamePrefix, StringComparison.Ordinal);
    }

    private protected override bool TellsLog => true;

    private protected override string? Subject(ActivityExecutionContext context) => context.Get(Machine);

    private protected override string WhatRetryDoes(ActivityExecutionContext context) => string.IsNullOrWhiteSpace(context.Get(DoneWhen))
        ? "run the script once more, from its first line, whatever it has done already. Look on the machine first."
        : "see whether 'Done when' says that it is done and, if not, run the script once more.";

    private protected override TimeSpan? TicketLimit(StepContext step) => step.Get(TimeLimit) is { Ticks: > 0 } limit ? limit : null;

    private protected override bool RepeatsWork(StepContext step) => HasLook(step);

    private bool HasLook(StepContext step) => !string.IsNullOrWhiteSpace(step.Get(DoneWhen));

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var (machine, state) = (step.Require(Machine, nameof(Machine)), step.State);
        var input = ReadInput(step);
        var mayHaveBegun = state.Phase is StepPhase.Observing && step.WasCutOff;
        if (mayHaveBegun && ScriptSecrets.AreIn(input))
        {
            (state.IsUnclear, state.MayRepeat) = (true, false);
        }
        else if (mayHaveBegun && await MayRunUnseenAsync(step, machine))
        {
            // Starting it again meets it; looking now could find its work done while it still runs.
            return Observation.NotDone($"The script was begun on {machine} just before a stop.");
        }

        var result = ResultOf(step);
        if (HasLook(step))
        {
            var (isDone, seen) = await LookAsync(step, machine, input);
            return isDone
                ? Observation.Done(new { result, seen })
                : Observation.NotDone($"'Done when' says on {machine} that it is not done.", new { result, seen });
        }

        if (HasResult(state))
        {
            return Observation.Done(new { result });
        }

        return !state.MayRepeat && (state.IsUnclear || state.Tickets.Exists(item => item is { Number: > 0, IsRunning: false, IsDone: false }))
            ? Observation.CannotTell(
                $"The script was begun on {machine} and gave no result, so it may have done its work, a part of it, or nothing. Look there. "
                + "Retry runs it once more, MarkDone says that its work is done.")
            : Observation.NotDone($"The script has not run on {machine} yet.");
    }

    private protected override async Task<MoveAct> ActAsync(StepContext step, Observation observation)
    {
        var machine = step.Require(Machine, nameof(Machine));
        var input = ReadInput(step);
        var told = Told(step, step.Require(Script, nameof(Script)), input);
        if (!ScriptSecrets.AreIn(input))
        {
            return MoveAct.Started($"Runs the script on {machine}", new TicketWork(Work, machine, MachineScripts.InvokeOwnScript, told));
        }

        var secrets = new ScriptSecrets();
        told["input"] = await secrets.ResolveAsync(step, input);
        await CallAsync(step, machine, told, secrets);
        return MoveAct.Finished($"Ran the script on {machine}, with secrets");
    }

    private protected override Task FinishingAsync(StepContext step, bool isDone)
    {
        if (!isDone)
        {
            return Task.CompletedTask;
        }

        Put(step.Context, Result, Wire.Plain(ResultOf(step)));
        var what = $"'{HumanTasks.NameOf(step.Context)}' on {step.Get(Machine)}";
        if (step.Get(DowntimeBegins))
        {
            step.Journal(Downtime.StartedEvent, what);
        }

        if (step.Get(DowntimeEnds))
        {
            step.Journal(Downtime.EndedEvent, what);
        }

        return Task.CompletedTask;
    }

    private static bool HasResult(StepState state) => state.Result is not null || state.Tickets.Exists(item => item.IsDone);

    private static JsonNode? ResultOf(StepContext step) =>
        (step.State.Result ?? step.State.Tickets.Find(item => item.IsDone)?.Result) is { } answer ? ScriptValue.Read(answer) : null;

    private JsonObject ReadInput(StepContext step)
    {
        try
        {
            return Wire.Read<JsonObject>(step.Get(Input)) ?? [];
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException($"The input of '{HumanTasks.NameOf(step.Context)}' is not a JSON object: {exception.Message}", exception);
        }
    }

    private JsonObject Told(StepContext step, string script, JsonObject input) => new()
    {
        ["script"] = script,
        ["input"] = input.DeepClone(),
        ["undone"] = step.Get(UndoneResult) is { } undone ? JsonSerializer.SerializeToNode(Wire.Plain(undone), Wire.Options) : null,
    };

    private async Task<(bool IsDone, JsonNode? Evidence)> LookAsync(StepContext step, string machine, JsonObject input)
    {
        var secrets = new ScriptSecrets();
        var told = Told(step, step.Require(DoneWhen, nameof(DoneWhen)), input);
        (told["input"], told["quiet"]) = (await secrets.ResolveAsync(step, input), true);
        try
        {
            var answer = await step.Machine(machine).InvokeAsync(MachineScripts.InvokeOwnScript, told, step.CancellationToken);
            return ScriptValue.ReadDone(secrets.Hide(ScriptValue.Read(answer)));
        }
        catch (MachineScriptException exception)
        {
            // It only looks, so it may look again; but what went wrong may tell a secret.
            var why = $"'Done when' could not tell. {secrets.Hide(exception.Message)}";
            throw exception.CanRetry ? new IOException(why) : new InvalidOperationException(why);
        }
    }

    /// <summary>Nothing of a call with secrets is stored on the machine, so there is no ticket that would know of it afterwards.</summary>
    private async Task CallAsync(StepContext step, string machine, JsonObject told, ScriptSecrets secrets)
    {
        told["quiet"] = true;
        using var limit = new CancellationTokenSource(TicketLimit(step) ?? Timeout.InfiniteTimeSpan, step.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, step.CancellationToken);
        try
        {
            var answer = await step.Machine(machine).InvokeAsync(MachineScripts.InvokeOwnScript, told, either.Token);
            step.State.Result = JsonSerializer.SerializeToElement(secrets.Hide(JsonSerializer.SerializeToNode(answer)));
            (step.State.IsUnclear, step.State.MayRepeat) = (false, false);
        }
        catch (MachineScriptException exception) when (!HasNotBegun(exception.Error.Code))
        {
            (step.State.IsUnclear, step.State.MayRepeat) = (true, false);
            throw new InvalidOperationException(secrets.Hide(exception.Message));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !step.CancellationToken.IsCancellationRequested)
        {
            (step.State.IsUnclear, step.State.MayRepeat) = (true, false);
            throw new InvalidOperationException($"The script on {machine} had not ended after {step.Get(TimeLimit)}. What it did until then stays, and it may go on.");
        }
    }

    private static bool HasNotBegun(string code) => code.StartsWith("machine.", StringComparison.Ordinal);
}
