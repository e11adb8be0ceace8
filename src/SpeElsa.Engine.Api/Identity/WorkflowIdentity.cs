using System.Security.Claims;
using Elsa.Identity.Contracts;
using Elsa.Identity.Options;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using SpeElsa.Engine.Api.RealTime;

namespace SpeElsa.Engine.Api.Identity;

/// <summary>Adds Elsa's identity and its authentication to a host that does not use <c>AddElsa</c>, or has schemes of its own beside.</summary>
public static class WorkflowIdentity
{
    /// <summary>The scheme of tokens: "Authorization: Bearer TOKEN", or the query's <c>access_token</c> on the paths of hubs.</summary>
    public const string BearerScheme = JwtBearerDefaults.AuthenticationScheme;

    /// <summary>The scheme of keys: "Authorization: ApiKey KEY".</summary>
    public const string ApiKeyScheme = "ApiKey";

    /// <summary>The scheme that chooses between the two by the header.</summary>
    public const string EitherScheme = "Jwt-or-ApiKey";

    /// <summary>Adds what issues and checks tokens and keys. The host adds an <see cref="IUserProvider"/> and an <see cref="IRoleProvider"/>.</summary>
    public static IServiceCollection AddWorkflowIdentity(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<IdentityTokenOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IdentityTokenOptions>, IdentityTokenCheck>());
        services.TryAddSingleton<ISecretHasher>(_ => new SecretHasher());
        services.TryAddScoped<TokenIssuer>();
        services.TryAddScoped<IAccessTokenIssuer>(provider => provider.GetRequiredService<TokenIssuer>());
        services.TryAddScoped<IUserCredentialsValidator, UserCredentials>();
        return services;
    }

    /// <summary>Lets in applications with their keys. The host adds an <see cref="IApplicationProvider"/>, which lives as long as the host.</summary>
    public static IServiceCollection AddApplicationKeys(this IServiceCollection services)
    {
        services.TryAddSingleton<ApplicationCredentials>();
        services.TryAddSingleton<IApplicationCredentialsValidator>(provider => provider.GetRequiredService<ApplicationCredentials>());
        services.AddSingleton<IApiKeyProvider>(provider => provider.GetRequiredService<ApplicationCredentials>());
        return services;
    }

    /// <summary>Adds the schemes of tokens and keys.</summary>
    public static AuthenticationBuilder AddWorkflowTokens(this AuthenticationBuilder authentication)
    {
        ArgumentNullException.ThrowIfNull(authentication);
        authentication.AddJwtBearer(BearerScheme, _ => { }).AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyScheme, null);
        authentication.Services.AddOptions<JwtBearerOptions>(BearerScheme).Configure<IOptions<IdentityTokenOptions>, TimeProvider>((bearer, tokens, timeProvider) =>
        {
            bearer.MapInboundClaims = false;
            bearer.TokenValidationParameters = TokenIssuer.CreateChecks(tokens.Value, timeProvider);
            bearer.Events = new JwtBearerEvents { OnMessageReceived = ReadQueryOnHubsAsync, OnTokenValidated = CheckUseAsync };
        });
        return authentication;
    }

    /// <summary>Issues a token that opens the API, shorter than those of a sign-in: for a page whose session is checked elsewhere.</summary>
    /// <param name="issuer">The host's issuer.</param>
    /// <param name="user">Whom it is for.</param>
    /// <param name="lifetime">How long it is good.</param>
    /// <param name="cancellationToken">Stops the look-up of roles.</param>
    public static ValueTask<string> IssueAccessTokenAsync(
        this IAccessTokenIssuer issuer, Elsa.Identity.Entities.User user, TimeSpan lifetime, CancellationToken cancellationToken) => issuer is TokenIssuer ours
        ? ours.IssueAccessTokenAsync(user, lifetime, cancellationToken)
        : throw new NotSupportedException($"{issuer?.GetType().Name} issues no token of a lifetime of its own.");

    /// <summary>What follows a scheme's name in the Authorization header; null when there is another scheme.</summary>
    public static string? ReadHeader(HttpRequest request, string scheme)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(scheme);
        var header = request.Headers[HeaderNames.Authorization].ToString();
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && header.Length > scheme.Length && header[scheme.Length] == ' '
            ? header[(scheme.Length + 1)..].Trim()
            : null;
    }

    /// <summary>Which of the two schemes a request is for.</summary>
    public static string SchemeOf(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ReadHeader(context.Request, ApiKeyScheme) is null ? BearerScheme : ApiKeyScheme;
    }

    /// <summary>Whether a request carries a token: in the header, or in the query of a hub.</summary>
    public static bool HasToken(HttpRequest request) => ReadHeader(request, BearerScheme) is not null || HubTokens.FromQuery(request) is not null;

    private static Task ReadQueryOnHubsAsync(MessageReceivedContext context)
    {
        if (HubTokens.FromQuery(context.Request) is { } token && string.IsNullOrEmpty(context.Request.Headers.Authorization))
        {
            context.Token = token;
        }

        return Task.CompletedTask;
    }

    private static async Task CheckUseAsync(TokenValidatedContext context)
    {
        var issuer = context.HttpContext.RequestServices.GetRequiredService<TokenIssuer>();
        if (!await issuer.OpensAsync(context.Principal ?? new ClaimsPrincipal(), context.HttpContext.RequestAborted))
        {
            context.Fail("The token does not open the API: it is a refresh token, or its user has been signed out.");
        }
    }
}
