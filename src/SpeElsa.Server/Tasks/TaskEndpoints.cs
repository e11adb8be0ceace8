using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using SpeElsa.Activities;
using SpeElsa.Engine.Storage;
using SpeElsa.Server.Access;
using SpeElsa.Server.Identity;
using SpeElsa.Server.Moves;

namespace SpeElsa.Server.Tasks;

/// <summary>What waits for people, and their answers.</summary>
internal static class TaskEndpoints
{
    public static void MapTasks(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/tasks").WithTags("Tasks");
        group.MapGet("/", ListAsync).RequireAuthorization(Policies.Read).WithSummary("What waits for a person, longest waiting first");
        group.MapPost("/{id}/complete", CompleteAsync).RequireAuthorization(Policies.Answer).WithSummary("Answer a task")
            .WithDescription("With an Idempotency-Key header a repeat is harmless: it gets the first answer again. Without one, an equal answer counts as a repeat.")
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<Results<Ok<PagedList<TaskView>>, ValidationProblem, ProblemHttpResult>> ListAsync(
        IInstanceReader reader,
        CancellationToken cancellationToken,
        [Description("Only of this move")] string? moveId = null,
        [Description("Which page, from 1")] int page = 1,
        [Description("How many rows a page has, at most 200")] int pageSize = 25)
    {
        if (MoveEndpoints.CheckPage(page, pageSize) is { } problem)
        {
            return problem;
        }

        if (moveId is not null && await reader.FindAsync(moveId, cancellationToken) is null)
        {
            return MoveEndpoints.Unknown(moveId);
        }

        var (items, total) = await reader.ListBookmarksAsync(HumanTasks.BookmarkName, moveId, (page - 1) * pageSize, pageSize, cancellationToken);
        return TypedResults.Ok(new PagedList<TaskView>([.. items.Select(View)], total, page, pageSize));
    }

    private static async Task<Results<Ok<TaskReceipt>, Accepted<TaskReceipt>, ValidationProblem, ProblemHttpResult>> CompleteAsync(
        string id, CompleteTaskRequest request, HttpContext http, TaskAnswers answers, CancellationToken cancellationToken)
    {
        var (key, keyError) = Idempotency.Read(http.Request);
        if (keyError is not null)
        {
            return TypedResults.ValidationProblem(new Dictionary<string, string[]> { [Idempotency.HeaderName] = [keyError] });
        }

        return await answers.CompleteAsync(id, key, request, await Caller.ReadAsync(http), cancellationToken) switch
        {
            AnswerResult.Stored { Receipt: { Status: "accepted" } receipt } => TypedResults.Ok(receipt),
            AnswerResult.Stored { Receipt: var receipt } => TypedResults.Accepted($"/api/moves/{receipt.MoveId}", receipt),
            AnswerResult.Wrong wrong => TypedResults.ValidationProblem(
                new Dictionary<string, string[]>(wrong.Errors), "Nothing was stored; correct the answer and send it again.", title: "The answer does not fit the task"),
            AnswerResult.Refused refused => TypedResults.Problem(
                refused.Detail, statusCode: refused.StatusCode, title: refused.Title, extensions: refused.Facts?.ToDictionary()),
            var other => throw new InvalidOperationException($"Unknown result {other.GetType().Name}"),
        };
    }

    private static TaskView View(BookmarkRecord bookmark)
    {
        var asked = HumanTasks.ReadStimulus(bookmark.Payload)!;
        return new TaskView
        {
            Id = bookmark.Id,
            MoveId = bookmark.InstanceId,
            TaskName = asked.TaskName,
            Round = asked.Round,
            Kind = asked.Kind,
            Title = asked.Title,
            Instructions = asked.Instructions,
            Finding = asked.Finding,
            Fields = asked.Fields,
            Outcomes = asked.Outcomes,
            Role = asked.Role,
            NeedsPerson = asked.NeedsPerson,
            NotBy = [.. asked.NotBy.Select(person => person.Name)],
            CreatedAt = bookmark.CreatedAt,
        };
    }
}
