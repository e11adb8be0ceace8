using Microsoft.AspNetCore.Http.HttpResults;
using SpeElsa.Engine.Storage;
using SpeElsa.Server.Identity;

namespace SpeElsa.Server.Health;

/// <summary>Whether the server lives, and whether it can do its work.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/health").WithTags("Health").RequireAuthorization(Policies.Read);
        group.MapGet("/live", () => TypedResults.Ok(new HealthView("live"))).WithSummary("The process answers");
        group.MapGet("/ready", ReadyAsync).WithSummary("The database answers");
    }

    private static async Task<Results<Ok<HealthView>, ProblemHttpResult>> ReadyAsync(IRuntimeStore store, CancellationToken cancellationToken)
    {
        try
        {
            await store.NextTimerAsync(cancellationToken);
            return TypedResults.Ok(new HealthView("ready"));
        }
        catch (System.Data.Common.DbException exception)
        {
            return TypedResults.Problem(exception.Message, statusCode: StatusCodes.Status503ServiceUnavailable, title: "The database does not answer");
        }
    }
}

/// <summary>How the server is.</summary>
/// <param name="Status">live or ready.</param>
internal sealed record HealthView(string Status);
