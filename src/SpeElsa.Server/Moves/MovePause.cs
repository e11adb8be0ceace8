using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Elsa.Workflows.Models;
using Elsa.Workflows.State;
using Microsoft.AspNetCore.Http.HttpResults;
using SpeElsa.Activities;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Server.Access;
using SpeElsa.Server.Identity;

namespace SpeElsa.Server.Moves;

/// <summary>Pauses a move, or lets it go on.</summary>
/// <param name="RequestedBy">Who wants it.</param>
/// <param name="Reason">Why.</param>
public sealed record PauseRequest(
    [property: Description("Who wants it"), MaxLength(RequestTexts.LongestName)] string? RequestedBy,
    [property: Description("Why")] string? Reason);

/// <summary>A move that somebody has paused: it ends what it has begun, takes answers of people, and begins no further step.</summary>
/// <param name="By">Who has.</param>
/// <param name="Reason">Why.</param>
/// <param name="Since">Since when.</param>
/// <param name="StillAtWork">Steps that had begun and go on to their end; while there are any, the move is not at rest.</param>
/// <param name="Next">Steps that begin when it is resumed, as far as that is known.</param>
public sealed record PauseView(string? By, string? Reason, DateTimeOffset Since, IReadOnlyList<string> StillAtWork, IReadOnlyList<string> Next)
{
    /// <summary>Reads it from the state of a move; null: nobody has paused it.</summary>
    internal static PauseView? Of(WorkflowState? state, WorkflowGraph graph, IReadOnlyList<StepView> steps, IReadOnlyList<BookmarkRecord> tasks)
    {
        if (state is null || Hold.Of(state) is not { } hold)
        {
            return null;
        }

        var people = tasks.Select(task => task.ActivityInstanceId).ToHashSet(StringComparer.Ordinal);
        return new PauseView(
            hold.By,
            hold.Reason,
            hold.Since,
            [.. steps.Where(step => step.CompletedAt is null && !people.Contains(step.Id)).Select(step => step.Name)],
            [.. state.ScheduledActivities.Select(item => graph.FindNodeById(item.ActivityNodeId)?.Activity).OfType<Elsa.Workflows.IActivity>().Select(activity => MoveReader.NameOf(activity, activity.Id))]);
    }

    /// <summary>In words, for one line.</summary>
    internal string Describe(IReadOnlyList<BookmarkRecord> tasks) => string.Join(
        " ",
        new[]
        {
            $"Paused{(By is null ? "" : $" by {By}")}{(string.IsNullOrWhiteSpace(Reason) ? "" : $": {Reason.TrimEnd('.')}")}.",
            StillAtWork.Count > 0 ? $"What has begun goes on to its end: {string.Join(", ", StillAtWork)}." : null,
            tasks.Count > 0 ? $"Answers are taken: {string.Join("; ", tasks.Select(task => HumanTasks.ReadStimulus(task.Payload)?.Title ?? task.Id))}." : null,
            Next.Count > 0 ? $"Next when it is resumed: {string.Join(", ", Next)}." : null,
        }.Where(text => text is not null));
}

/// <summary>Pausing a move at its next safe step, and going on.</summary>
internal static class MovePause
{
    public static void MapPause(this RouteGroupBuilder group)
    {
        group.MapPost("/{id}/pause", PauseAsync).RequireAuthorization(Policies.Operate).WithSummary("Pause a move before its next step")
            .WithDescription("What has begun goes on to its end, answers of people are taken, and no further step begins, of this move and of the workflows it has started. Clocks and windows go on. To pause what is paused changes nothing.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        group.MapPost("/{id}/resume", ResumeAsync).RequireAuthorization(Policies.Operate).WithSummary("Let a paused move go on")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static Task<Results<Accepted, ValidationProblem, ProblemHttpResult>> PauseAsync(
        string id, PauseRequest? request, HttpContext http, StimulusInbox inbox, CancellationToken cancellationToken) =>
        SendAsync(id, "pause", request, http, inbox.HoldAsync, cancellationToken);

    private static Task<Results<Accepted, ValidationProblem, ProblemHttpResult>> ResumeAsync(
        string id, PauseRequest? request, HttpContext http, StimulusInbox inbox, CancellationToken cancellationToken) =>
        SendAsync(id, "resume", request, http, inbox.ReleaseAsync, cancellationToken);

    private static async Task<Results<Accepted, ValidationProblem, ProblemHttpResult>> SendAsync(
        string id,
        string verb,
        PauseRequest? request,
        HttpContext http,
        Func<string, string, string?, string?, CancellationToken, Task<AcceptResult>> sendAsync,
        CancellationToken cancellationToken)
    {
        var (by, byError) = (await Caller.ReadAsync(http)).Speak(request?.RequestedBy);
        if (byError is not null)
        {
            return MoveEndpoints.Invalid("requestedBy", byError);
        }

        var (key, keyError) = Idempotency.Read(http.Request);
        if (keyError is not null)
        {
            return MoveEndpoints.Invalid(Idempotency.HeaderName, keyError);
        }

        var result = await sendAsync(id, $"{verb}:{id}:{key ?? Guid.NewGuid().ToString("N")}", by, request?.Reason, cancellationToken);
        return MoveEndpoints.Told(id, result.Acceptance);
    }
}
