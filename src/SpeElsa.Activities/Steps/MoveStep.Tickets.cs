using System.Globalization;
using Elsa.Extensions;
using SpeElsa.Machines;

namespace SpeElsa.Activities;

// Long work: one ticket per work, named by the execution, the work's place and its number, so that whoever starts it again meets the first.
public abstract partial class MoveStep
{
    internal const string TicketStartedEvent = "TicketStarted";
    internal const string TicketUnclearEvent = "TicketUnclear";
    private const string ProgressKey = "Progress";
    private const int MaxFailures = 3;

    /// <summary>How long one ticket may run before it is stopped; null: as long as it likes.</summary>
    private protected virtual TimeSpan? TicketLimit(StepContext step) => null;

    /// <summary>Whether work that was lost, or failed for a passing reason, is done again by itself; otherwise a person decides.</summary>
    private protected virtual bool RepeatsWork(StepContext step) => true;

    /// <summary>Whether what a ticket says is written down, and not its warnings only.</summary>
    private protected virtual bool TellsLog => false;

    /// <summary>Keeps what has succeeded before and plans the rest anew.</summary>
    private static void Plan(StepState state, IReadOnlyList<TicketWork> works)
    {
        foreach (var work in works)
        {
            var item = state.Tickets.Find(candidate => candidate.Key == work.Key);
            if (item is null)
            {
                state.Tickets.Add(new TicketItem { Key = work.Key, Machine = work.Machine, Script = work.Script.Name, Input = work.Input });
            }
            else if (item is { IsDone: false, IsRunning: false })
            {
                (item.Machine, item.Script, item.Input) = (work.Machine, work.Script.Name, work.Input);
            }
        }
    }

    /// <summary>Looks at every ticket that runs and starts what is next on each machine.</summary>
    /// <returns>True when all have succeeded; otherwise a timer is set.</returns>
    private async Task<bool> LookAfterTicketsAsync(StepContext step)
    {
        var state = step.State;
        foreach (var lane in state.Tickets.GroupBy(item => item.Machine, StringComparer.Ordinal))
        {
            foreach (var item in lane.Where(item => !item.IsDone))
            {
                var status = item.IsRunning ? await LookAsync(step, item) : await StartAsync(step, item);
                Take(step, item, status);
                if (!item.IsDone)
                {
                    break;
                }
            }
        }

        state.Retries = 0;
        SetProgress(step);
        if (state.Tickets.TrueForAll(item => item.IsDone))
        {
            state.Phase = StepPhase.Acted;
            return true;
        }

        step.Context.DelayFor(step.Options.Poll(state.Polls++), OnDueAsync);
        return false;
    }

    private async Task<TicketStatus> LookAsync(StepContext step, TicketItem item)
    {
        var status = await StatusAsync();
        if (status.State is not TicketState.Running || TicketLimit(step) is not { } limit || step.Now - item.StartedAt <= limit)
        {
            return status;
        }

        await step.Machine(item.Machine).CancelAsync(TicketId(step, item), step.CancellationToken);
        status = await StatusAsync();
        if (status.State is not TicketState.Cancelled)
        {
            // It came to its end in that moment.
            return status;
        }

        (item.IsRunning, step.State.Phase) = (false, StepPhase.Observing);
        throw new TicketFailedException(
            item, new ScriptError(ScriptErrorCodes.TimedOut, $"it had not ended after {limit} and was stopped. What it did until then stays.", item.Script, null, null), canRetry: false);

        Task<TicketStatus> StatusAsync() => step.Machine(item.Machine).GetStatusAsync(TicketId(step, item), item.LastSequence, step.CancellationToken);
    }

    /// <summary>Whether a ticket was started by an entry that was cut off before it could store that.</summary>
    private protected static async Task<bool> MayRunUnseenAsync(StepContext step, string machine)
    {
        var number = step.State.Tickets is [var item, ..] ? item.Number + 1 : 1;
        var status = await step.Machine(machine).GetStatusAsync(TicketId(step, 0, number), 0, step.CancellationToken);
        return status.State is not TicketState.Unknown;
    }

    private static async Task<TicketStatus> StartAsync(StepContext step, TicketItem item)
    {
        item.Number++;
        try
        {
            var script = MachineScripts.All.FirstOrDefault(candidate => candidate.Name == item.Script)
                ?? throw new InvalidOperationException($"There is no script '{item.Script}' any more.");
            var status = await step.Machine(item.Machine).StartAsync(TicketId(step, item), script, item.Input, step.CancellationToken);
            (item.IsRunning, item.StartedAt, step.State.MayRepeat) = (true, step.Now, false);
            step.Journal(TicketStartedEvent, $"{item.Script} on {item.Machine}: {item.Key}", new { ticket = TicketId(step, item), machine = item.Machine });
            return status;
        }
        catch
        {
            // Whether it began is open: the same ticket is started again, which is harmless if it did. Whoever ends the move has to know of it.
            step.Journal(TicketUnclearEvent, $"{item.Script} on {item.Machine}: {item.Key}", new { ticket = TicketId(step, item), machine = item.Machine });
            item.Number--;
            throw;
        }
    }

    private void Take(StepContext step, TicketItem item, TicketStatus status)
    {
        item.LastSequence = Math.Max(item.LastSequence, status.LastSequence);
        foreach (var entry in status.Log)
        {
            if (string.Equals(entry.Level, "warning", StringComparison.OrdinalIgnoreCase))
            {
                step.Journal("TicketWarning", $"{item.Key}: {entry.Message}");
            }
            else if (TellsLog)
            {
                step.Journal("TicketSaid", entry.Message);
            }
        }

        if (status.Progress is { } progress)
        {
            (item.BytesDone, item.BytesTotal) = (progress.BytesDone, progress.BytesTotal);
            (item.FilesDone, item.FilesTotal) = (progress.FilesDone, progress.FilesTotal);
            (item.BytesPerSecond, item.Activity) = (progress.BytesPerSecond, progress.Activity);
        }

        switch (status.State)
        {
            case TicketState.Running:
                return;
            case TicketState.Succeeded:
                item.IsRunning = false;
                item.BytesPerSecond = 0;
                item.Result = status.Result ?? System.Text.Json.JsonSerializer.SerializeToElement(new { });
                step.Journal("TicketSucceeded", $"{item.Script} on {item.Machine}: {item.Key}", item.Result);
                return;
            case TicketState.Failed:
                throw Fail(step, item, status.Error);
            case TicketState.Cancelled:
                throw Fail(step, item, new ScriptError(ScriptErrorCodes.Cancelled, "Somebody stopped it.", item.Script, null, null));
            default:
                // The machine was restarted, or lost the ticket: what it did is open, so observe and act again with the next ticket.
                step.State.Phase = StepPhase.Observing;
                step.Journal(
                    "TicketLost", $"{item.Script} on {item.Machine} is {status.State}: {item.Key}", new { ticket = TicketId(step, item) });
                throw Fail(
                    step,
                    item,
                    new ScriptError(
                        ScriptErrorCodes.NoResult,
                        "It began and never ended: the machine was restarted, or stopped it.",
                        item.Script,
                        null,
                        null));
        }
    }

    private TicketFailedException Fail(StepContext step, TicketItem item, ScriptError? error)
    {
        item.IsRunning = false;
        item.LastSequence = 0;
        var canRetry = error is not null && RepeatsWork(step) && ScriptErrorCodes.CanRetry(error.Code) && ++step.State.Failures <= MaxFailures;
        return new TicketFailedException(item, error, canRetry);
    }

    private static async Task RemoveTicketsAsync(StepContext step)
    {
        foreach (var item in step.State.Tickets)
        {
            for (var number = 1; number <= item.Number; number++)
            {
                var ticket = TicketId(step, item, number);
                try
                {
                    if (item.IsRunning && number == item.Number)
                    {
                        await step.Machine(item.Machine).CancelAsync(ticket, step.CancellationToken);
                    }

                    await step.Machine(item.Machine).CompleteAsync(ticket, step.CancellationToken);
                }
                catch (MachineScriptException exception)
                {
                    // What is left is a small directory without secrets; it must not hold up a move.
                    step.Journal("TicketLeft", exception.Message);
                }
            }
        }
    }

    private static void SetProgress(StepContext step)
    {
        var items = step.State.Tickets;
        var rate = items.Sum(item => item.BytesPerSecond);
        var done = items.Sum(item => item.BytesDone);
        var total = items.Sum(item => item.BytesTotal);
        step.Context.SetProperty(ProgressKey, new Dictionary<string, object?>
        {
            ["bytesDone"] = done,
            ["bytesTotal"] = total,
            ["filesDone"] = items.Sum(item => item.FilesDone),
            ["filesTotal"] = items.Sum(item => item.FilesTotal),
            ["bytesPerSecond"] = Math.Round(rate),
            ["secondsLeft"] = rate > 0 && total > done ? (long?)Math.Ceiling((total - done) / rate) : null,
            ["partsDone"] = items.Count(item => item.IsDone),
            ["partsTotal"] = items.Count,
            ["activity"] = string.Join(
                "; ", items.Where(item => item is { IsRunning: true, Activity: not null }).Select(item => item.Activity)),
        });
    }

    private static string TicketId(StepContext step, TicketItem item) => TicketId(step, item, item.Number);

    private static string TicketId(StepContext step, TicketItem item, int number) => TicketId(step, step.State.Tickets.IndexOf(item), number);

    private static string TicketId(StepContext step, int place, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{step.Context.Id}-{place}-{number}");
}

/// <summary>A work by ticket did not succeed.</summary>
internal sealed class TicketFailedException(TicketItem item, ScriptError? error, bool canRetry)
    : Exception($"{item.Script} on {item.Machine} ({item.Key}) did not succeed: {error?.Message ?? "it gave no reason."}")
{
    public bool CanRetry { get; } = canRetry;

    /// <summary>The work.</summary>
    public string Key { get; } = item.Key;

    /// <summary>The files it failed for, as its script names them.</summary>
    public IReadOnlyList<string> Files { get; } = error?.Files ?? [];
}
