using Elsa.Identity.Contracts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Components.Endpoints;
using SpeElsa.Engine.Api.Identity;
using SpeElsa.Server.Access;

namespace SpeElsa.Server.Identity;

/// <summary>
/// Keeps out in the words of whoever asks: a page goes to the sign-in, Elsa's API answers as Elsa does, everything else gets problem details. An API never
/// redirects: a program that follows would take the page for its answer.
/// </summary>
internal sealed class AccessRefusals : IAuthorizationMiddlewareResultHandler
{
    /// <summary>What is Elsa's, API and hub.</summary>
    public const string ElsaPath = "/elsa";

    private readonly AuthorizationMiddlewareResultHandler _inner = new();

    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            await _inner.HandleAsync(next, context, policy, authorizeResult);
            return;
        }

        var isStranger = authorizeResult.Challenged;
        if (context.Request.Path.StartsWithSegments(ElsaPath))
        {
            await (isStranger ? context.ChallengeAsync(WorkflowIdentity.SchemeOf(context)) : context.ForbidAsync(WorkflowIdentity.SchemeOf(context)));
        }
        else if (IsPage(context))
        {
            context.Response.Redirect(isStranger ? SignInPaths.To(context.Request) : SignInPaths.NoAccess);
        }
        else if (isStranger)
        {
            context.Response.Headers.WWWAuthenticate = WorkflowIdentity.ApiKeyScheme;
            await Results.Problem(
                statusCode: StatusCodes.Status401Unauthorized,
                title: "A sign-in or an API key is needed",
                detail: Failure(context) + $"Send the header 'Authorization: ApiKey KEY'. The key stands in {ApiKeyFile.FileName} in the server's data directory. People sign in at {SignInPaths.SignIn}.")
                .ExecuteAsync(context);
        }
        else
        {
            await Results.Problem(
                statusCode: StatusCodes.Status403Forbidden,
                title: "You may not do this",
                detail: $"This needs the right '{Wanted(context)}', which none of your roles has. An administrator can give you one.")
                .ExecuteAsync(context);
        }
    }

    /// <summary>What was wrong with what was sent, such as a key whose time is over.</summary>
    private static string Failure(HttpContext context) =>
        context.Items[typeof(ApiKeyExpiredException)] is ApiKeyExpiredException expired ? $"{expired.Message} " : "";

    private static bool IsPage(HttpContext context) => context.GetEndpoint()?.Metadata is { } metadata
        && (metadata.GetMetadata<ComponentTypeMetadata>() is not null
            || (metadata.GetMetadata<BrowserFallback>() is not null
                && HttpMethods.IsGet(context.Request.Method)
                && context.Request.GetTypedHeaders().Accept.Any(type => type.MediaType == "text/html")));

    private static string Wanted(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy).LastOrDefault(policy => policy is not null) ?? "to sign in";
}

/// <summary>Marks what answers when nothing else does: a browser there is a person who is not signed in.</summary>
internal sealed class BrowserFallback;

/// <summary>The pages of the sign-in.</summary>
internal static class SignInPaths
{
    public const string SignIn = "/sign-in";
    public const string SecondFactor = "/sign-in/code";
    public const string SignOut = "/sign-out";
    public const string NoAccess = "/no-access";
    public const string Account = "/account";

    /// <summary>The sign-in, and back to where the request wanted to.</summary>
    public static string To(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) ? $"{SignIn}?returnUrl={Uri.EscapeDataString($"{request.Path}{request.QueryString}")}" : SignIn;

    /// <summary>Where to go after a sign-in: a path of this server, or its front page.</summary>
    /// <param name="returnUrl">What the address bar says; anybody may have written it.</param>
    public static string Local(string? returnUrl) =>
        returnUrl is ['/', ..]
        && !returnUrl.StartsWith("//", StringComparison.Ordinal)
        && !returnUrl.Any(character => character is '\\' or < ' ' or '\x7f')
        && Uri.TryCreate(new Uri("http://here.invalid"), returnUrl, out var absolute)
        && absolute.Host == "here.invalid"
        && !absolute.AbsolutePath.StartsWith("//", StringComparison.Ordinal)
            ? returnUrl
            : "/";
}
