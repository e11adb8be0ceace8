using Elsa.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;
using SpeElsa.Activities;
using SpeElsa.Engine.Storage;
using SpeElsa.Server.Access;
using SpeElsa.Server.Identity;

namespace SpeElsa.Server.Moves.Undo;

/// <summary>The way back: what it would do, and its start.</summary>
internal static class UndoEndpoints
{
    /// <summary>A burst that is under way comes to its end first; it may be in the middle of a script.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    public static void MapUndo(this RouteGroupBuilder group)
    {
        group.MapGet("/{id}/undo", PreviewAsync).RequireAuthorization(Policies.Read).WithSummary("What would bring the old server back now, step by step")
            .WithDescription("Made from the journal as it stands. Nothing is changed. After the sign-off it says why nothing is offered any more.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPost("/{id}/undo", StartAsync).RequireAuthorization(Policies.Operate).WithSummary("End the move and bring the old server back")
            .WithDescription(
                "The move ends in order, then the undo starts as a workflow of its own. A move has one undo: a repeat gets the first answer again, with or without an "
                + "Idempotency-Key. 202: the wish is stored, but a step is still at work; the undo starts as soon as it has ended.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<UndoPreview>, ProblemHttpResult>> PreviewAsync(string id, IInstanceReader reader, UndoPreviews previews, CancellationToken cancellationToken) =>
        await reader.FindAsync(id, cancellationToken) is { } move ? TypedResults.Ok(await previews.ReadAsync(move, cancellationToken)) : MoveEndpoints.Unknown(id);

    private static async Task<Results<Created<UndoReceipt>, Accepted<UndoReceipt>, ValidationProblem, ProblemHttpResult>> StartAsync(
        string id,
        UndoMoveRequest request,
        HttpContext http,
        IInstanceReader reader,
        MoveHistoryReader histories,
        MoveUndo undo,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        // A move has one undo whatever the key; it is only looked at so that a wrong one is told.
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (Idempotency.Read(http.Request).Error is { } keyError)
        {
            errors[Idempotency.HeaderName] = [keyError];
        }

        var (by, byError) = (await Caller.ReadAsync(http)).Speak(request.RequestedBy);
        if (byError is not null)
        {
            errors["requestedBy"] = [byError];
        }

        if (string.IsNullOrWhiteSpace(request.Reason))
        {
            errors["reason"] = ["Say why."];
        }

        if (errors.Count > 0)
        {
            return TypedResults.ValidationProblem(errors, title: "The request can not be used as it stands");
        }

        if (await reader.FindAsync(id, cancellationToken) is not { } move)
        {
            return MoveEndpoints.Unknown(id);
        }

        if (await undo.FindReceiptAsync(id, cancellationToken) is { } known)
        {
            return TypedResults.Created($"/api/moves/{known.Id}", known);
        }

        if (UndoPreviews.WhyNot(move, await histories.PlanAsync(move, cancellationToken)) is { } refusal)
        {
            return TypedResults.Problem(refusal.Detail, statusCode: StatusCodes.Status409Conflict, title: refusal.Title);
        }

        var wish = new UndoRequest(by!, request.Reason!);
        if (move.Status is not WorkflowStatus.Finished)
        {
            await undo.WishAsync(id, wish, cancellationToken);
        }

        try
        {
            return await WaitAsync(id, wish, undo, timeProvider, cancellationToken) is { } receipt
                ? TypedResults.Created($"/api/moves/{receipt.Id}", receipt)
                : TypedResults.Accepted($"/api/moves/{id}", new UndoReceipt(UndoWorkflow.InstanceIdOf(id), id, wish.RequestedBy, wish.Reason, timeProvider.GetUtcNow()));
        }
        catch (UndoRefusedException exception)
        {
            return TypedResults.Problem(exception.Message, statusCode: StatusCodes.Status409Conflict, title: "The move is not undone");
        }
    }

    private static async Task<UndoReceipt?> WaitAsync(string id, UndoRequest wish, MoveUndo undo, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var began = timeProvider.GetTimestamp();
        while (true)
        {
            if (await undo.BeginAsync(id, wish, cancellationToken) is { } receipt)
            {
                return receipt;
            }

            if (timeProvider.GetElapsedTime(began) > Patience)
            {
                return null;
            }

            await Task.Delay(LookEvery, timeProvider, cancellationToken);
        }
    }
}
