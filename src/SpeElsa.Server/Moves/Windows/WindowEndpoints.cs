using Microsoft.AspNetCore.Http.HttpResults;
using SpeElsa.Server.Identity;

namespace SpeElsa.Server.Moves.Windows;

/// <summary>The maintenance window of a move that runs.</summary>
internal static class WindowEndpoints
{
    public static IServiceCollection AddMoveWindows(this IServiceCollection services)
    {
        services.AddSingleton<MoveWindows>();
        services.AddHostedService<WindowClock>();
        return services;
    }

    public static void MapWindow(this RouteGroupBuilder group) =>
        group.MapPut("/{id}/window", SetAsync).RequireAuthorization(Policies.Operate).WithSummary("Set or change the maintenance window of a move")
            .WithDescription("Nothing is stopped when a window ends: GET the move tells how it stands, and the log warns before. An empty window takes it away.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<MoveView>, ValidationProblem, ProblemHttpResult>> SetAsync(
        string id, WindowRequest request, HttpContext http, MoveReader moves, MoveWindows windows, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        if (WindowRequest.Check(request, timeProvider.GetUtcNow()) is { Count: > 0 } errors)
        {
            return TypedResults.ValidationProblem(errors, title: "The request can not be used as it stands");
        }

        if (await moves.ReadAsync(id, cancellationToken) is not { } move)
        {
            return MoveEndpoints.Unknown(id);
        }

        if (move.FinishedAt is not null)
        {
            return TypedResults.Problem($"Move {id} has ended; its window is what it was.", statusCode: StatusCodes.Status409Conflict, title: "The move has ended");
        }

        await windows.SetAsync(id, request, move.CreatedAt, (await Caller.ReadAsync(http)).Name, cancellationToken);
        return TypedResults.Ok(move with { Window = await windows.ReadAsync(move, cancellationToken) });
    }
}
