using Elsa.Identity.Contracts;
using Elsa.Identity.Models;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using SpeElsa.Engine.Api.Identity;
using SpeElsa.Engine.Api.Rest;
using SpeElsa.Server.Configuration;
using SpeElsa.Server.Identity.OpenId;

namespace SpeElsa.Server.Identity;

/// <summary>Ends a session, and lets its pages call Elsa's API.</summary>
internal static class SessionEndpoints
{
    public const string TokenPath = "/designer/token";

    /// <summary>How long a token of the designer is good. Its page asks for the next one before that.</summary>
    public static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(15);

    public static void MapSession(this IEndpointRouteBuilder endpoints, SignInSettings settings)
    {
        endpoints.MapOpenId(settings.OpenId);
        endpoints.MapPost(SignInPaths.SignOut, SignOutAsync).AllowAnonymous().ExcludeFromDescription();
        endpoints.MapPost(TokenPath, TokenAsync).ExcludeFromDescription()
            .RequireAuthorization(new AuthorizeAttribute(Policies.Read) { AuthenticationSchemes = IdentityConstants.ApplicationScheme });
    }

    private static async Task<IResult> SignOutAsync(HttpContext http, IAntiforgery antiforgery, SignInManager<Account> signIn, UserManager<Account> accounts, ILogger<SetUp> logger)
    {
        if (!await antiforgery.IsRequestValidAsync(http))
        {
            return Results.Problem("Use the button of the page.", statusCode: StatusCodes.Status400BadRequest, title: "This did not come from a page of this server");
        }

        var accountId = accounts.GetUserId(http.User);
        logger.SignedOut(accountId);
        await signIn.SignOutAsync();
        return Results.LocalRedirect(SignInPaths.SignIn);
    }

    private static async Task<IResult> TokenAsync(
        HttpContext http, IUserProvider users, IAccessTokenIssuer issuer, UserManager<Account> accounts, TimeProvider timeProvider, ILogger<SetUp> logger, CancellationToken cancellationToken)
    {
        var user = await users.FindAsync(new UserFilter { Id = accounts.GetUserId(http.User) }, cancellationToken);
        if (user is null)
        {
            return Results.Problem("The account has been removed. Sign in again.", statusCode: StatusCodes.Status403Forbidden, title: "There is no such account");
        }

        var expiresAt = timeProvider.GetUtcNow() + TokenLifetime;
        var token = await issuer.IssueAccessTokenAsync(user, TokenLifetime, cancellationToken);
        logger.DesignerToken(user.Id);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Ok(new DesignerTokenAnswer(token, expiresAt, [.. http.User.FindAll(Permissions.ClaimType).Select(claim => claim.Value)]));
    }
}

/// <summary>A token for Elsa Studio.</summary>
/// <param name="AccessToken">What its elements get as access-token.</param>
/// <param name="ExpiresAt">Until when it is good.</param>
/// <param name="Permissions">What it opens.</param>
internal sealed record DesignerTokenAnswer(string AccessToken, DateTimeOffset ExpiresAt, IReadOnlyList<string> Permissions)
{
    public override string ToString() => nameof(DesignerTokenAnswer);
}
