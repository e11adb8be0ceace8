using System.Text.Json;
using Elsa.Workflows;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

// A step that can not go on by itself asks a person, on the step itself.
public abstract partial class MoveStep
{
    private static readonly HumanTaskField[] DecisionFields =
    [
        new()
        {
            Name = HumanTasks.ReasonField,
            Label = "Reason",
            Type = HumanTaskFieldTypes.Multiline,
            RequiredFor = [HumanTasks.SkipOutcome, HumanTasks.UndoOutcome, HumanTasks.AbortOutcome],
            Description = "Why the step is skipped, or the move undone or aborted.",
        },
        new()
        {
            Name = HumanTasks.EvidenceField,
            Label = "Evidence",
            Type = HumanTaskFieldTypes.Multiline,
            RequiredFor = [HumanTasks.MarkDoneOutcome],
            Description = "How you know that it is done: what you did, what you saw, where.",
        },
    ];

    /// <summary>Goes on with a person's decision.</summary>
    protected async ValueTask OnDecidedAsync(ActivityExecutionContext context)
    {
        var step = new StepContext(context);
        var completion = HumanTasks.ReadCompletion(context);
        var errors = completion is null
            ? ["The answer did not arrive."]
            : HumanTasks.Validate(Describe(context, ""), completion).SelectMany(error => error.Value).ToArray();
        if (completion is null || errors.Length > 0)
        {
            Ask(step, $"The last decision can not be used: {string.Join(" ", errors)} {step.State.Observed}");
            step.Save();
            return;
        }

        step.Journal("Decided", $"{completion.Outcome} by {completion.CompletedBy}", completion);
        var reason = completion.Text(HumanTasks.ReasonField) ?? "";
        switch (completion.Outcome)
        {
            case HumanTasks.RetryOutcome:
                Restart(step.State);
                step.State.MayRepeat = true;
                await RunAsync(step);
                break;
            case HumanTasks.SkipOutcome:
                await EndByDecisionAsync(step, new { skipped = true, reason, by = completion.CompletedBy }, isDone: false);
                break;
            case HumanTasks.MarkDoneOutcome:
                await EndByDecisionAsync(
                    step,
                    new { markedDone = true, evidence = completion.Text(HumanTasks.EvidenceField), by = completion.CompletedBy },
                    isDone: true);
                break;
            case HumanTasks.UndoOutcome:
                WaitForUndo(step, new UndoRequest(completion.CompletedBy, reason));
                step.Save();
                break;
            default:
                throw new MoveAbortedException(HumanTasks.NameOf(context), completion.CompletedBy, reason);
        }
    }

    /// <summary>A retry begins with a look at the world. Work that ended is done again only if that look sent us here.</summary>
    private static void Restart(StepState state)
    {
        if (state.Phase is StepPhase.Acted)
        {
            state.Tickets.ForEach(item => item.Result = null);
        }

        // Tickets that still run are looked after first; without any, what the world shows decides.
        state.Phase = state.Tickets.Exists(item => item.IsRunning) ? StepPhase.Working : StepPhase.Observing;
        (state.Retries, state.Failures, state.Polls) = (0, 0, 0);
        state.Waited = TimeSpan.Zero;
        state.Observed = null;
    }

    private async ValueTask EndByDecisionAsync(StepContext step, object evidence, bool isDone)
    {
        try
        {
            await RemoveTicketsAsync(step);
            await FinishingAsync(step, isDone);
        }
#pragma warning disable CA1031 // As in a run: whatever goes wrong becomes the next decision.
        catch (Exception exception) when (!IsShutdown(exception, step))
#pragma warning restore CA1031
        {
            Ask(step, exception.Message);
            step.Save();
            return;
        }

        var end = new ClosingState { Outcome = PassOutcome, Evidence = JsonSerializer.SerializeToElement(evidence, evidence.GetType(), Wire.Options) };
        await CompleteAsync(step.Context, end);
    }

    /// <summary>The host ends the move and starts the undo; until then nothing more is done here.</summary>
    private void WaitForUndo(StepContext step, UndoRequest request) =>
        step.Context.CreateBookmark(new CreateBookmarkArgs { BookmarkName = UndoRequest.BookmarkName, Stimulus = request, Callback = OnUndoRefusedAsync });

    /// <summary>Whoever can not undo says so by resuming: the step looks again, and asks again if need be.</summary>
    protected ValueTask OnUndoRefusedAsync(ActivityExecutionContext context)
    {
        var step = new StepContext(context);
        Restart(step.State);
        return RunAsync(step);
    }

    private void Ask(StepContext step, string reason)
    {
        var id = HumanTasks.Open(step.Context, Describe(step.Context, reason), OnDecidedAsync);
        step.Journal("DecisionRequested", reason, new { taskId = id });
    }

    /// <summary>What this execution is about, where one activity runs for several things side by side.</summary>
    private protected virtual string? Subject(ActivityExecutionContext context) => null;

    /// <summary>What a person is told of the choice to try again.</summary>
    private protected virtual string WhatRetryDoes(ActivityExecutionContext context) =>
        "look again and, if need be, act again. It is always safe: what is done already is not done twice.";

    private HumanTaskStimulus Describe(ActivityExecutionContext context, string reason)
    {
        var name = Subject(context) is { Length: > 0 } subject ? $"{HumanTasks.NameOf(context)} ({subject})" : HumanTasks.NameOf(context);
        return new HumanTaskStimulus
        {
            TaskName = $"decide-{HumanTasks.TaskNameOf(context.Activity.Id)}",
            Round = 0,
            Title = $"Decide: {name}",
            Instructions = string.Join('\n', Choices(context).Select(choice => $"{choice.Outcome} – {choice.Means}").Prepend(
                CanSkip
                    ? "The step can not go on by itself. Put right what the finding says, then choose:"
                    : "The step can not go on by itself, and what comes later needs what it finds out. Put right what the finding says, then choose:")),
            Fields = DecisionFields,
            Outcomes = [.. Choices(context).Select(choice => choice.Outcome)],
            Finding = reason,
            Kind = HumanTasks.DecisionKind,
        };
    }

    private IEnumerable<(string Outcome, string Means)> Choices(ActivityExecutionContext context)
    {
        yield return (HumanTasks.RetryOutcome, WhatRetryDoes(context));
        if (CanSkip)
        {
            yield return (HumanTasks.SkipOutcome, "go on without this step. Say why.");
            yield return (HumanTasks.MarkDoneOutcome, "you have done it yourself. Say how you know.");
        }

        // An undo is not undone: to go forward again, somebody starts a new move.
        if (UndoWorkflow.MoveOf(context.WorkflowExecutionContext.Workflow.Identity.DefinitionId) is null)
        {
            yield return (HumanTasks.UndoOutcome, "end the move here and bring the old server back, as the preview of the undo says. Say why.");
        }

        yield return (HumanTasks.AbortOutcome, "end it here. Say why. Nothing is undone by this.");
    }
}
