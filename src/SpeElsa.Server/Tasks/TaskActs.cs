using Microsoft.AspNetCore.Identity;
using SpeElsa.Activities;
using SpeElsa.Server.Identity;

namespace SpeElsa.Server.Tasks;

/// <summary>What people do with a task besides answering it: take it, give it back, pass it on, say something about it. Null is what came of it when all went well.</summary>
internal sealed class TaskActs(TaskStore tasks, TaskSettings settings, TimeProvider timeProvider)
{
    /// <summary>Whether somebody else has taken a task or was given it.</summary>
    public static string? TakenBy(TaskRow row, string owner, DateTimeOffset now) =>
        row.ClaimedId is not null && row.ClaimedId != owner && row.ClaimedUntil > now ? row.ClaimedBy
        : row.AssignedId is not null && row.AssignedId != owner && (row.ClaimedId != owner || row.ClaimedUntil <= now) ? row.AssignedTo
        : null;

    /// <summary>Takes a task for a while; taken again by the same person it is kept longer.</summary>
    public Task<AnswerResult?> ClaimAsync(string id, Caller caller, ClaimTaskRequest request, CancellationToken cancellationToken) =>
        ActAsync(id, caller, request.By, async (row, by, owner) =>
        {
            var now = timeProvider.GetUtcNow();
            var other = TakenBy(row, owner, now);
            if (other is not null && !request.TakeOver)
            {
                return Held(row, other, now);
            }

            if (other is not null && string.IsNullOrWhiteSpace(request.Reason))
            {
                return Wrong("reason", $"Say why you take it over from {other}.");
            }

            var isRenewed = row.ClaimedId == owner && row.ClaimedUntil > now;
            (row.ClaimedId, row.ClaimedBy, row.ClaimedUntil) = (owner, by, now + settings.ClaimFor);
            if (other is not null)
            {
                (row.AssignedId, row.AssignedTo) = (null, null);
            }

            return isRenewed ? await KeepAsync(row, by, TaskNotes.Claimed, null, cancellationToken)
                : await KeepAsync(row, by, other is null ? TaskNotes.Claimed : TaskNotes.TakenOver, other is null ? null : $"From {other}: {request.Reason}", cancellationToken);
        }, cancellationToken);

    /// <summary>Gives back what somebody has taken himself.</summary>
    public Task<AnswerResult?> ReleaseAsync(string id, Caller caller, TaskActRequest request, CancellationToken cancellationToken) =>
        ActAsync(id, caller, request.By, async (row, by, owner) =>
        {
            if (row.ClaimedId != owner)
            {
                return row.ClaimedUntil > timeProvider.GetUtcNow()
                    ? Held(row, row.ClaimedBy!, timeProvider.GetUtcNow())
                    : null;
            }

            (row.ClaimedId, row.ClaimedBy, row.ClaimedUntil) = (null, null, null);
            return await KeepAsync(row, by, TaskNotes.Released, request.Text, cancellationToken);
        }, cancellationToken);

    /// <summary>Gives a task to somebody who may do it.</summary>
    public Task<AnswerResult?> AssignAsync(string id, Caller caller, AssignTaskRequest request, UserManager<Account> accounts, CancellationToken cancellationToken) =>
        ActAsync(id, caller, request.By, async (row, by, _) =>
        {
            var (person, wrong) = await ForAsync(row, request.To, accounts);
            if (person is null)
            {
                return wrong;
            }

            if (HumanTasks.ReadStimulus(row.Asked)!.NotBy.Any(other => other.Account == person.Account))
            {
                return Wrong("to", $"{person.Name} has answered the other part of it already; it takes a second person.");
            }

            (row.AssignedId, row.AssignedTo) = (person.Account, person.Name);
            (row.ClaimedId, row.ClaimedBy, row.ClaimedUntil) = (null, null, null);
            return await KeepAsync(row, by, TaskNotes.Assigned, string.IsNullOrWhiteSpace(request.Reason) ? $"To {person.Name}" : $"To {person.Name}: {request.Reason}", cancellationToken);
        }, cancellationToken);

    /// <summary>Gives a task back to everybody who may do it, with the reason why one does not.</summary>
    public Task<AnswerResult?> SendBackAsync(string id, Caller caller, TaskActRequest request, CancellationToken cancellationToken) =>
        ActAsync(id, caller, request.By, async (row, by, owner) =>
        {
            if (string.IsNullOrWhiteSpace(request.Text))
            {
                return Wrong("text", "Say why you do not do it, for whoever takes it next.");
            }

            if (TakenBy(row, owner, timeProvider.GetUtcNow()) is { } other)
            {
                return Held(row, other, timeProvider.GetUtcNow());
            }

            (row.AssignedId, row.AssignedTo) = (null, null);
            (row.ClaimedId, row.ClaimedBy, row.ClaimedUntil) = (null, null, null);
            return await KeepAsync(row, by, TaskNotes.SentBack, request.Text, cancellationToken);
        }, cancellationToken);

    /// <summary>Adds a comment, also to a task that is closed.</summary>
    public async Task<AnswerResult?> CommentAsync(string id, Caller caller, TaskActRequest request, CancellationToken cancellationToken)
    {
        var (by, error) = caller.Speak(request.By);
        if (error is not null)
        {
            return Wrong("by", error);
        }

        if (string.IsNullOrWhiteSpace(request.Text))
        {
            return Wrong("text", "The comment is empty.");
        }

        if (await tasks.FindAsync(id, cancellationToken) is null)
        {
            return TaskAnswers.Unknown(id);
        }

        await tasks.NoteAsync(id, by, TaskNotes.Commented, request.Text, null, cancellationToken);
        return null;
    }

    /// <summary>Says that a task is somebody else's now.</summary>
    public static AnswerResult.Refused Held(TaskRow row, string other, DateTimeOffset now)
    {
        var claimed = row.ClaimedUntil > now;
        return new AnswerResult.Refused(
            StatusCodes.Status409Conflict,
            claimed ? "Somebody else has taken this task" : "This task was given to somebody else",
            claimed
                ? $"{other} has taken it until {row.ClaimedUntil:u}. He can release it; who must have it now takes it over: POST /api/tasks/{row.Id}/claim with takeOver and a reason."
                : $"It was given to {other}. POST /api/tasks/{row.Id}/assign gives it to you; who must have it now takes it over: POST /api/tasks/{row.Id}/claim with takeOver and a reason.",
            new Dictionary<string, object?> { ["heldBy"] = other, ["until"] = claimed ? row.ClaimedUntil : null });
    }

    /// <summary>Finds a task that waits, for somebody who may do something about it.</summary>
    /// <returns>The task and in whose name he speaks, or why not.</returns>
    public async Task<(TaskRow? Row, string By, AnswerResult? Refusal)> FindOpenAsync(string id, Caller caller, string? name, CancellationToken cancellationToken)
    {
        var (by, error) = caller.Speak(name);
        if (error is not null)
        {
            return (null, "", Wrong("by", error));
        }

        if (await tasks.FindAsync(id, cancellationToken) is not { } row)
        {
            return (null, "", TaskAnswers.Unknown(id));
        }

        if (row.State is TaskState.Closed)
        {
            return (null, "", new AnswerResult.Refused(
                StatusCodes.Status409Conflict, "The task is closed", row.ClosedBy is null ? $"Its move has ended: GET /api/moves/{row.MoveId}." : $"{row.ClosedBy} answered '{row.Outcome}' at {row.ClosedAt:u}."));
        }

        return caller.MayAnswer(row.Role) ? (row, by!, null) : (null, "", TaskAnswers.ForOthers(HumanTasks.ReadStimulus(row.Asked)!));
    }

    /// <summary>Finds the person that a task is to be given to.</summary>
    public static async Task<(Caller? Person, AnswerResult.Wrong? Wrong)> ForAsync(TaskRow row, string? name, UserManager<Account> accounts)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return (null, Wrong("to", "Say to whom: the name of an account."));
        }

        if (await accounts.FindByNameAsync(name) is not { } account)
        {
            return (null, Wrong("to", $"There is no account '{name}'."));
        }

        var person = await Caller.OfAsync(account, accounts);
        return person.MayAnswer(row.Role) ? (person, null) : (null, Wrong("to", $"{person.Name} does not have the role '{row.Role}', which this task is for."));
    }

    public static AnswerResult.Wrong Wrong(string field, string error) => new(new Dictionary<string, string[]> { [field] = [error] });

    private async Task<AnswerResult?> ActAsync(string id, Caller caller, string? name, Func<TaskRow, string, string, Task<AnswerResult?>> act, CancellationToken cancellationToken)
    {
        var (row, by, refusal) = await FindOpenAsync(id, caller, name, cancellationToken);
        return row is null ? refusal : await act(row, by, caller.OwnerId(by));
    }

    private async Task<AnswerResult?> KeepAsync(TaskRow row, string by, string kind, string? text, CancellationToken cancellationToken) =>
        await tasks.ChangeAsync(row, by, kind, text, cancellationToken)
            ? null
            : new AnswerResult.Refused(StatusCodes.Status409Conflict, "The task has changed", $"Somebody has changed it meanwhile. GET /api/tasks/{row.Id} shows how it stands.");
}
