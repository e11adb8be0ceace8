using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Api.Rest;

namespace SpeElsa.Engine.Api.Tests.Rest;

/// <summary>Signs nobody in who does not say what he may do.</summary>
internal sealed class RefusingAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Header = "X-Rights";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Headers[Header].FirstOrDefault() is { } held
        ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(Permissions.ClaimType, held)], "nobody")), "nobody"))
        : AuthenticateResult.NoResult());
}
