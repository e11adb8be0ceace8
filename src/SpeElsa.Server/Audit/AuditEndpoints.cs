using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using SpeElsa.Server.Identity;
using SpeElsa.Server.Moves;

namespace SpeElsa.Server.Audit;

/// <summary>Who did what.</summary>
internal static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/api/audit", ListAsync).RequireAuthorization(Policies.Administer).WithTags("Audit").WithSummary("Who did what, when and from where, newest first")
            .WithDescription("Every request that is not only a look, whatever came of it. Neither bodies nor queries are kept.");

    private static async Task<Results<Ok<PagedList<AuditView>>, ValidationProblem>> ListAsync(
        AuditReader audit,
        CancellationToken cancellationToken,
        [Description("Only of this account or key")] string? actor = null,
        [Description("Only where the path begins with this")] string? path = null,
        [Description("Only from this time on")] DateTimeOffset? from = null,
        [Description("Only before this time")] DateTimeOffset? to = null,
        [Description("Which page, from 1")] int page = 1,
        [Description("How many rows a page has, at most 200")] int pageSize = 25)
    {
        if (MoveEndpoints.CheckPage(page, pageSize) is { } problem)
        {
            return problem;
        }

        return TypedResults.Ok(await audit.ListAsync(new AuditFilter(actor, path, from, to), page, pageSize, cancellationToken));
    }
}

/// <summary>Something that somebody did, or tried to do.</summary>
/// <param name="At">When.</param>
/// <param name="Actor">The name of the account or key; null for somebody who had not signed in.</param>
/// <param name="Account">The account, which stays when it is renamed; null for a key.</param>
/// <param name="Address">From where.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">What it was done to.</param>
/// <param name="Status">What came of it: 2xx was done, 4xx was refused.</param>
public sealed record AuditView(DateTimeOffset At, string? Actor, string? Account, string? Address, string Method, string Path, int Status);
