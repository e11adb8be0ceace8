using System.Security.Claims;
using System.Text.Encodings.Web;
using Elsa.Identity.Contracts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SpeElsa.Engine.Api.Identity;

/// <summary>Lets in who sends a key: "Authorization: ApiKey KEY".</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    IEnumerable<IApiKeyProvider> providers)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (WorkflowIdentity.ReadHeader(Request, WorkflowIdentity.ApiKeyScheme) is not { } key)
        {
            return AuthenticateResult.NoResult();
        }

        try
        {
            foreach (var provider in providers)
            {
                if (await provider.FindAsync(key, Context.RequestAborted) is { } claims)
                {
                    var identity = new ClaimsIdentity(claims, Scheme.Name, TokenIssuer.NameClaim, ClaimTypes.Role);
                    return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
                }
            }
        }
        catch (ApiKeyExpiredException exception)
        {
            // For whoever words the refusal.
            Context.Items[typeof(ApiKeyExpiredException)] = exception;
            return AuthenticateResult.Fail(exception);
        }

        return AuthenticateResult.Fail("The API key is wrong.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = $"{WorkflowIdentity.ApiKeyScheme} realm=\"Elsa Workflows\", charset=\"UTF-8\", in=\"authorization_header\", key_name=\"ApiKey\"";
        return Task.CompletedTask;
    }
}
