using System.Text.Json;
using Elsa.Workflows;

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
            RequiredFor = [HumanTasks.SkipOutcome, HumanTasks.AbortOutcome],
            Description = "Why the step is skipped, or the move aborted.",
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

    private void Ask(StepContext step, string reason)
    {
        var id = HumanTasks.Open(step.Context, Describe(step.Context, reason), OnDecidedAsync);
        step.Journal("DecisionRequested", reason, new { taskId = id });
    }

    private HumanTaskStimulus Describe(ActivityExecutionContext context, string reason)
    {
        var name = HumanTasks.NameOf(context);
        return new HumanTaskStimulus
        {
            TaskName = $"decide-{string.Concat(context.Activity.Id.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '-'))}",
            Round = 0,
            Title = $"Decide: {name}",
            Instructions = CanSkip
                ? """
                  The step can not go on by itself. Put right what the finding says, then choose:
                  Retry – look again and, if need be, act again. It is always safe: what is done already is not done twice.
                  Skip – go on without this step. Say why.
                  MarkDone – you have done it yourself. Say how you know.
                  Abort – end the move here. Say why. Nothing is undone by this.
                  """
                : """
                  The step can not go on by itself, and what comes later needs what it finds out. Put right what the finding says, then choose:
                  Retry – look again.
                  Abort – end the move here. Say why. Nothing is undone by this.
                  """,
            Fields = DecisionFields,
            Outcomes = CanSkip
                ? [HumanTasks.RetryOutcome, HumanTasks.SkipOutcome, HumanTasks.MarkDoneOutcome, HumanTasks.AbortOutcome]
                : [HumanTasks.RetryOutcome, HumanTasks.AbortOutcome],
            Finding = reason,
            Kind = HumanTasks.DecisionKind,
        };
    }
}
