using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;

namespace SpeElsa.Server.Identity;

/// <summary>
/// A browser sends the session's cookie along whoever made it call. So an act, or a live connection, that rests on the cookie has to come from a page of this
/// server. Forms of pages carry a token of their own; keys and bearer tokens are sent by nobody but their owner.
/// </summary>
internal static class SameOrigin
{
    public static IApplicationBuilder UseSameOrigin(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (RestsOnCookie(context) && !ComesFromHere(context.Request))
        {
            await Results.Problem(
                statusCode: StatusCodes.Status403Forbidden,
                title: "This did not come from a page of this server",
                detail: "A session of a browser acts through the server's own pages. Programs send an API key: 'Authorization: ApiKey KEY'.")
                .ExecuteAsync(context);
            return;
        }

        await next(context);
    });

    private static bool RestsOnCookie(HttpContext context) =>
        (context.WebSockets.IsWebSocketRequest || !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || HttpMethods.IsOptions(context.Request.Method)))
        && context.User.Identities.Any(identity => identity.AuthenticationType == IdentityConstants.ApplicationScheme)
        && context.GetEndpoint()?.Metadata.GetMetadata<IAntiforgeryMetadata>()?.RequiresValidation != true;

    private static bool ComesFromHere(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site
        ? site == "same-origin"
        : Uri.TryCreate(request.Headers.Origin.ToString(), UriKind.Absolute, out var origin) && string.Equals(origin.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
