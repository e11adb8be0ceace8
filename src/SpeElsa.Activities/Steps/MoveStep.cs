using Elsa.Extensions;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Machines;
using SpeElsa.MailStore;

namespace SpeElsa.Activities;

/// <summary>Base of the steps of a move: observe, act, observe.</summary>
/// <remarks>
/// Run for the first time or entered again after a crash, the path is the same:
/// 1. Observe. Done already: finish with the evidence. Can not be told: a person decides.
/// 2. Act, or start tickets for long work and look after them by timer; no thread waits.
/// 3. Observe again. Only this second observation makes the step done; if it does not show in time, a person decides.
/// A transient error is tried again by timer, from 1. Any other is a decision: retry, skip, mark done, abort.
/// </remarks>
public abstract partial class MoveStep : Activity, IMovePart
{
    IReadOnlyList<MovePart> IMovePart.Parts => Parts;

    /// <summary>What the last observation saw.</summary>
    [Output(DisplayName = "Evidence", Description = "What the last observation saw")]
    public Output<object>? Evidence { get; set; }

    /// <summary>The port the step leaves by when a person says that it is done or not needed.</summary>
    private protected virtual string PassOutcome => HumanTasks.DoneOutcome;

    /// <summary>Whether the step can do anything about what it sees.</summary>
    private protected virtual bool CanAct => true;

    /// <summary>Whether the move can go on without it; false where later steps need what it puts out.</summary>
    private protected virtual bool CanSkip => true;

    /// <summary>What it is in a move, as far as the rules before publishing ask, read off its inputs as they are written.</summary>
    private protected virtual IReadOnlyList<MovePart> Parts => [];

    /// <summary>The outcome when all is well.</summary>
    internal string Passes => PassOutcome;

    /// <summary>Whether it changes something, and does not only look.</summary>
    internal bool Acts => CanAct;

    /// <summary>Looks at the world; changes nothing.</summary>
    private protected abstract Task<Observation> ObserveAsync(StepContext step);

    /// <summary>Does what is missing. It may have been done in part, or wholly with only its record lost.</summary>
    private protected virtual Task<MoveAct> ActAsync(StepContext step, Observation observation) =>
        throw new InvalidOperationException($"{GetType().Name} only observes.");

    /// <summary>Runs just before the step ends, in the same commit; it is not done when a person skips it, or a check found something wrong.</summary>
    private protected virtual Task FinishingAsync(StepContext step, bool isDone) => Task.CompletedTask;

    /// <inheritdoc />
    protected sealed override ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var step = new StepContext(context);
        if (context.GetService<IMoveEnd>()?.IsOrdered(step.MoveId) == true)
        {
            // The order is taken as soon as the move waits; whoever gave it wants nothing more to be done.
            context.DelayFor(step.Options.FirstPoll, OnDueAsync);
            step.Save();
            return ValueTask.CompletedTask;
        }

        return RunAsync(step);
    }

    /// <summary>Goes on when a wait is over.</summary>
    protected ValueTask OnDueAsync(ActivityExecutionContext context) => RunAsync(new StepContext(context));

    private async ValueTask RunAsync(StepContext step)
    {
        ClosingState? end = null;
        try
        {
            end = await AdvanceAsync(step);
            if (end is not null)
            {
                await FinishingAsync(step, end.Outcome == PassOutcome);
            }
        }
#pragma warning disable CA1031 // A step has no dead end: whatever goes wrong is tried again or becomes a decision.
        catch (Exception exception) when (!IsShutdown(exception, step))
#pragma warning restore CA1031
        {
            end = Recover(step, exception, await WhyAsync(step, exception));
        }

        step.Save();
        if (end is not null)
        {
            AnswerProof.Judge(step.Context, this, end);
            await CompleteAsync(step.Context, end);
        }
    }

    private async Task<ClosingState?> AdvanceAsync(StepContext step)
    {
        var state = step.State;
        if (state.Phase is StepPhase.Closing)
        {
            await RemoveTicketsAsync(step);
            return state.Closing;
        }

        if (state.Calls.Count > 0 && !await LookAfterCallsAsync(step))
        {
            return null;
        }

        if (state.Phase is StepPhase.Working && !await LookAfterTicketsAsync(step))
        {
            return null;
        }

        while (true)
        {
            var observation = await ObserveAsync(step);
            Record(step, observation);
            switch (observation.State)
            {
                case ObservationState.Done:
                    return Close(step, observation);
                case ObservationState.CannotTell:
                    return AskOrReport(step, observation.Reason!);
                case ObservationState.Pending:
                    WaitForEffect(step, observation);
                    return null;
            }

            if (state.Phase is StepPhase.Acted || !CanAct)
            {
                Ask(
                    step,
                    state.Phase is StepPhase.Acted ? $"The step was carried out, but afterwards: {observation.Reason}" : observation.Reason!);
                return null;
            }

            if (await WhyByHandAsync(step) is { } byHand)
            {
                Ask(step, $"{observation.Reason} {byHand}");
                return null;
            }

            var act = await ActAsync(step, observation);
            step.Journal("Acted", act.Summary);
            state.Waited = TimeSpan.Zero;
            state.Polls = 0;
            if (act.Works.Count == 0)
            {
                state.Phase = StepPhase.Acted;
                if (state.Calls.Count > 0 && !await LookAfterCallsAsync(step))
                {
                    return null;
                }

                continue;
            }

            Plan(state, act.Works);
            state.Phase = StepPhase.Working;
            if (!await LookAfterTicketsAsync(step))
            {
                return null;
            }
        }
    }

    private static void Record(StepContext step, Observation observation)
    {
        var seen = $"{observation.State}: {observation.Finding ?? observation.Reason}".TrimEnd(':', ' ');
        if (step.State.Observed != seen || observation.State is ObservationState.Done)
        {
            step.State.Observed = seen;
            step.Journal("Observed", seen, observation.Evidence);
        }
    }

    /// <summary>
    /// Long work keeps its result on the machine until ours is committed; so the end is stored first and the tickets go after.
    /// </summary>
    private ClosingState? Close(StepContext step, Observation observation)
    {
        var end = new ClosingState
        {
            Outcome = observation.Outcome,
            Finding = observation.Finding,
            Unproven = observation.Unproven,
            Evidence = observation.Evidence is null
                ? null
                : System.Text.Json.JsonSerializer.SerializeToElement(observation.Evidence, observation.Evidence.GetType(), Wire.Options),
        };
        if (step.State.Tickets.Count == 0)
        {
            return end;
        }

        step.State.Phase = StepPhase.Closing;
        step.State.Closing = end;
        step.Context.DelayFor(TimeSpan.FromMilliseconds(1), OnDueAsync);
        return null;
    }

    private void WaitForEffect(StepContext step, Observation observation)
    {
        var wait = step.Options.Poll(step.State.Polls++);
        if (step.State.Waited + wait > step.Options.SettleFor)
        {
            Ask(step, $"After {step.Options.SettleFor.TotalSeconds:0} seconds still: {observation.Reason}");
            return;
        }

        // Whoever pends has acted, now or before a crash: it must show, not be done once more.
        step.State.Waited += wait;
        step.State.Phase = StepPhase.Acted;
        step.Context.DelayFor(wait, OnDueAsync);
    }

    /// <summary>What the step can find out about a failure beyond its message, such as who has a file open; looks only.</summary>
    private protected virtual Task<string?> ExplainAsync(StepContext step, Exception exception) => Task.FromResult<string?>(null);

    private async Task<string> WhyAsync(StepContext step, Exception exception)
    {
        try
        {
            return await ExplainAsync(step, exception) is { } more ? $"{exception.Message} {more}" : exception.Message;
        }
        catch (MachineScriptException)
        {
            // The failure itself is what counts; nothing more can be found out about it.
            return exception.Message;
        }
    }

    /// <summary>What stands in the place of the question, where nobody is to be asked; null where a person decides.</summary>
    private protected virtual Observation? InPlaceOfQuestion(StepContext step, string reason) => null;

    private ClosingState? AskOrReport(StepContext step, string reason)
    {
        if (InPlaceOfQuestion(step, reason) is { } report)
        {
            Record(step, report);
            return Close(step, report);
        }

        Ask(step, reason);
        return null;
    }

    private ClosingState? Recover(StepContext step, Exception exception, string why)
    {
        var delays = step.Options.Retries;
        if (IsTransient(exception) && step.State.Retries < delays.Count)
        {
            var delay = delays[step.State.Retries++];
            step.Journal("Retrying", $"{why} Trying again in {delay.TotalSeconds:0.#} s.");
            step.Context.DelayFor(delay, OnDueAsync);
            return null;
        }

        return AskOrReport(step, why);
    }

    private async ValueTask CompleteAsync(ActivityExecutionContext context, ClosingState end)
    {
        var evidence = Wire.Plain(end.Evidence);
        Put(context, Evidence, evidence);
        PutFinding(context, end.Finding);
        context.JournalData["Evidence"] = evidence!;
        if (end.Finding is not null)
        {
            context.JournalData["Finding"] = end.Finding;
        }

        await context.CompleteActivityWithOutcomesAsync(end.Outcome);
    }

    private protected virtual void PutFinding(ActivityExecutionContext context, string? finding)
    {
    }

    private protected static void Put<T>(ActivityExecutionContext context, Output<T>? output, T? value)
    {
        if (output is not null)
        {
            context.Set(output, value);
        }
    }

    private static bool IsShutdown(Exception exception, StepContext step) =>
        exception is OperationCanceledException && step.CancellationToken.IsCancellationRequested;

    private static bool IsTransient(Exception exception) => exception switch
    {
        MachineScriptException script => script.CanRetry,
        ManagementApiException api => api.CanRetry || api.Failure is ManagementApiFailure.TokenLost,
        TicketFailedException ticket => ticket.CanRetry,
        IOException or TimeoutException or HttpRequestException or OperationCanceledException => true,
        _ => false,
    };
}
