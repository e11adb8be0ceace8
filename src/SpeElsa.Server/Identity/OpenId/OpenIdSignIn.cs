using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Identity;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using SpeElsa.Activities;
using SpeElsa.Server.Audit;
using SpeElsa.Server.Secrets;

namespace SpeElsa.Server.Identity.OpenId;

/// <summary>Lets people in whom a provider of OpenID Connect vouches for.</summary>
internal static class OpenIdSignIn
{
    public const string Scheme = "OpenId";
    public const string Path = "/sign-in/openid";
    private const string CallbackPath = "/sign-in/openid/callback";
    private const string DonePath = "/sign-in/openid/done";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static void AddOpenId(this AuthenticationBuilder authentication, OpenIdSettings settings)
    {
        if (!settings.IsOn)
        {
            return;
        }

        authentication.AddOpenIdConnect(Scheme, openId =>
        {
            openId.SignInScheme = IdentityConstants.ExternalScheme;
            openId.Authority = settings.Authority!.AbsoluteUri;
            openId.RequireHttpsMetadata = settings.Authority.Scheme == Uri.UriSchemeHttps;
            openId.ClientId = settings.ClientId;
            openId.ResponseType = OpenIdConnectResponseType.Code;

            // An answer by query keeps to cookies that need no TLS, which a server on loopback has not.
            openId.ResponseMode = OpenIdConnectResponseMode.Query;
            openId.CorrelationCookie.SameSite = SameSiteMode.Lax;
            openId.NonceCookie.SameSite = SameSiteMode.Lax;
            openId.CorrelationCookie.SecurePolicy = openId.NonceCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            openId.CallbackPath = CallbackPath;
            openId.MapInboundClaims = false;
            openId.GetClaimsFromUserInfoEndpoint = true;
            openId.ClaimActions.MapUniqueJsonKey(settings.NameClaim, settings.NameClaim);
            openId.ClaimActions.MapJsonKey(settings.RoleClaim, settings.RoleClaim);
            openId.BackchannelTimeout = Patience;
            if (settings.Scopes.Count > 0)
            {
                openId.Scope.Clear();
                foreach (var scope in settings.Scopes)
                {
                    openId.Scope.Add(scope);
                }
            }

            openId.Events.OnAuthorizationCodeReceived = context => AddSecretAsync(context, settings);
            openId.Events.OnRemoteFailure = RefuseAsync;
        });
    }

    public static void MapOpenId(this IEndpointRouteBuilder endpoints, OpenIdSettings settings)
    {
        if (!settings.IsOn)
        {
            return;
        }

        endpoints.MapGet(Path, (string? returnUrl) => Results.Challenge(
            new AuthenticationProperties { RedirectUri = $"{DonePath}?returnUrl={Uri.EscapeDataString(SignInPaths.Local(returnUrl))}" }, [Scheme])).AllowAnonymous().ExcludeFromDescription();
        endpoints.MapGet(DonePath, DoneAsync).AllowAnonymous().ExcludeFromDescription().WithMetadata(new AuditedAct());
    }

    private static async Task<IResult> DoneAsync(HttpContext http, string? returnUrl, OpenIdAccounts accounts, SignInManager<Account> signIn, ILogger<OpenIdAccounts> logger)
    {
        var vouched = await http.AuthenticateAsync(IdentityConstants.ExternalScheme);
        await http.SignOutAsync(IdentityConstants.ExternalScheme);
        if (vouched.Principal is not { } person)
        {
            return Refused("The provider did not say who you are, or it took too long. Try again.");
        }

        var (account, error) = await accounts.TakeAsync(person, http.RequestAborted);
        if (account is null)
        {
            return Refused(error!);
        }

        AuditTrail.Concerns(http, account);
        if (!await signIn.CanSignInAsync(account) || await signIn.UserManager.IsLockedOutAsync(account))
        {
            return Refused("The account is locked. An administrator can let it in again.");
        }

        await signIn.SignInAsync(account, isPersistent: false);
        logger.SignedIn(account.Id, http.Connection.RemoteIpAddress, "OpenID Connect");
        return Results.LocalRedirect(SignInPaths.Local(returnUrl));

        IResult Refused(string why)
        {
            logger.OpenIdRefused(http.Connection.RemoteIpAddress, why);
            return Results.LocalRedirect($"{SignInPaths.SignIn}?refused={Uri.EscapeDataString(accounts.Remember(why))}");
        }
    }

    /// <summary>The secret is read when it is needed and kept in no setting.</summary>
    private static async Task AddSecretAsync(AuthorizationCodeReceivedContext context, OpenIdSettings settings)
    {
        if (settings.ClientSecret is not { Length: > 0 } name)
        {
            return;
        }

        var services = context.HttpContext.RequestServices;
        string? secret;
        try
        {
            secret = await services.GetRequiredService<ISecretStore>().GetAsync(MachineSecrets.Reference(name), context.HttpContext.RequestAborted);
        }
        catch (CryptographicException)
        {
            secret = null;
        }

        if (secret is null)
        {
            context.Fail($"There is no secret '{name}', which SignIn:OpenId:ClientSecret names. Store it: PUT /api/secrets/{name}.");
            return;
        }

        context.TokenEndpointRequest!.ClientSecret = secret;
    }

    private static Task RefuseAsync(RemoteFailureContext context)
    {
        var services = context.HttpContext.RequestServices;
        var why = context.Failure?.Message ?? "no reason was given";
        services.GetRequiredService<ILogger<OpenIdAccounts>>().OpenIdFailed(context.HttpContext.Connection.RemoteIpAddress, why, context.Failure);
        var text = services.GetRequiredService<OpenIdAccounts>().Remember("The sign-in with the provider did not succeed. The server's log says why; try again, or sign in with your password.");
        context.Response.Redirect($"{SignInPaths.SignIn}?refused={Uri.EscapeDataString(text)}");
        context.HandleResponse();
        return Task.CompletedTask;
    }
}
