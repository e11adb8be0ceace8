using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Server.Access;
using SpeElsa.Server.Identity;
using SpeElsa.Server.Moves.Undo;
using SpeElsa.Server.Moves.Windows;

namespace SpeElsa.Server.Moves;

/// <summary>Starts moves and tells how they stand.</summary>
internal static class MoveEndpoints
{
    private const int LargestPage = 200;

    public static void MapMoves(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/moves").WithTags("Moves");
        group.MapPost("/", StartAsync).RequireAuthorization(Policies.Operate).WithSummary("Start a move").WithDescription("With an Idempotency-Key header a repeat is harmless: it gets the first answer again.")
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        group.MapGet("/", ListAsync).RequireAuthorization(Policies.Read).WithSummary("List moves, newest first");
        group.MapGet("/{id}", GetAsync).RequireAuthorization(Policies.Read).WithSummary("How a move stands");
        group.MapPost("/{id}/cancel", CancelAsync).RequireAuthorization(Policies.Operate).WithSummary("End a move as it stands")
            .WithDescription("Nothing is undone and nothing more is done: the servers stay as they are.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        group.MapPause();
        group.MapUndo();
        group.MapWindow();
        group.MapGet("/{id}/journal", JournalAsync).RequireAuthorization(Policies.Read).WithSummary("The journal of a move, in order; each row holds the hash of the one before");
    }

    private static async Task<Results<Created<MoveReceipt>, ValidationProblem, ProblemHttpResult>> StartAsync(
        StartMoveRequest request, HttpContext http, MoveStarter moves, CancellationToken cancellationToken)
    {
        var (key, keyError) = Idempotency.Read(http.Request);
        if (keyError is not null)
        {
            return Invalid(Idempotency.HeaderName, keyError);
        }

        var (definition, errors) = await moves.CheckAsync(request, cancellationToken);
        if (errors.Count > 0)
        {
            return TypedResults.ValidationProblem(errors, "The plan can not be started as it stands; nothing was stored.", title: "The plan is not complete");
        }

        return await moves.StartAsync(definition!, request, key, (await Caller.ReadAsync(http)).Name, cancellationToken) is { } receipt
            ? TypedResults.Created($"/api/moves/{receipt.Id}", receipt)
            : Idempotency.KeyIsTaken("move");
    }

    private static async Task<Results<Ok<PagedList<MoveSummary>>, ValidationProblem>> ListAsync(
        MoveReader moves,
        CancellationToken cancellationToken,
        [Description("Which page, from 1")] int page = 1,
        [Description("How many rows a page has, at most 200")] int pageSize = 25)
    {
        if (CheckPage(page, pageSize) is { } problem)
        {
            return problem;
        }

        return TypedResults.Ok(await moves.ListAsync([], page, pageSize, cancellationToken));
    }

    private static async Task<Results<Ok<MoveView>, ProblemHttpResult>> GetAsync(string id, MoveReader moves, MoveWindows windows, CancellationToken cancellationToken) =>
        await moves.ReadAsync(id, cancellationToken) is { } move ? TypedResults.Ok(move with { Window = await windows.ReadAsync(move, cancellationToken) }) : Unknown(id);

    private static async Task<Results<Accepted, ValidationProblem, ProblemHttpResult>> CancelAsync(
        string id, CancelMoveRequest request, HttpContext http, StimulusInbox inbox, EndingMoves ending, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var (by, byError) = (await Caller.ReadAsync(http)).Speak(request.RequestedBy);
        if (byError is not null)
        {
            return Invalid("requestedBy", byError);
        }

        if (string.IsNullOrWhiteSpace(request.Reason))
        {
            return Invalid("reason", "Say why the move is ended.");
        }

        var result = await inbox.SendAsync(
            new Stimulus
            {
                Key = $"cancel:{id}",
                Kind = StimulusKind.Cancel,
                InstanceId = id,
                Input = JsonSerializer.Serialize(request with { RequestedBy = by }, JsonSerializerOptions.Web),
                ReceivedAt = timeProvider.GetUtcNow(),
            },
            cancellationToken);
        if (result.Acceptance is Acceptance.Accepted)
        {
            ending.Add(id);
        }

        return Told(id, result.Acceptance);
    }

    /// <summary>What somebody hears who has told a move to do something.</summary>
    internal static Results<Accepted, ValidationProblem, ProblemHttpResult> Told(string id, Acceptance acceptance) => acceptance switch
    {
        Acceptance.UnknownInstance => Unknown(id),
        Acceptance.InstanceFinished => TypedResults.Problem(
            $"Move {id} has ended already. GET /api/moves/{id} tells how.", statusCode: StatusCodes.Status409Conflict, title: "The move has ended"),
        _ => TypedResults.Accepted($"/api/moves/{id}"),
    };

    private static async Task<Results<Ok<IReadOnlyList<JournalView>>, ValidationProblem, ProblemHttpResult>> JournalAsync(
        string id,
        MoveReader moves,
        IInstanceReader reader,
        CancellationToken cancellationToken,
        [Description("Only rows after this one")] long after = 0,
        [Description("How many rows, at most 1000")] int take = 200)
    {
        if (after < 0 || take is < 1 or > 1000)
        {
            return Invalid("take", "'after' is 0 or more, 'take' is 1 to 1000.");
        }

        return await reader.FindAsync(id, cancellationToken) is null ? Unknown(id) : TypedResults.Ok(await moves.ReadJournalAsync(id, after, take, cancellationToken));
    }

    internal static ValidationProblem? CheckPage(int page, int pageSize) => page < 1 || pageSize is < 1 or > LargestPage || page > int.MaxValue / pageSize
        ? Invalid("page", $"'page' is 1 or more, 'pageSize' is 1 to {LargestPage}.")
        : null;

    internal static ProblemHttpResult Unknown(string id) =>
        TypedResults.Problem($"There is no move '{id}'. GET /api/moves lists them.", statusCode: StatusCodes.Status404NotFound, title: "Unknown move");

    internal static ValidationProblem Invalid(string field, string error) =>
        TypedResults.ValidationProblem(new Dictionary<string, string[]> { [field] = [error] }, title: "The request can not be used as it stands");
}
