using Elsa.Identity.Contracts;
using Elsa.Identity.Entities;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SpeElsa.Engine.Api.Rest;

namespace SpeElsa.Engine.Api.Identity;

/// <summary>Sign-in and what administers it, where the host has an identity.</summary>
internal static partial class IdentityEndpoints
{
    private const string Category = "SpeElsa.Engine.Api.Identity";

    public static void MapIdentity(this IEndpointRouteBuilder api)
    {
        if (api.ServiceProvider.GetService<IServiceProviderIsService>()?.IsService(typeof(IAccessTokenIssuer)) != true)
        {
            return;
        }

        var group = api.MapGroup("identity");
        group.MapPost("login", LoginAsync).AllowAnonymous();
        group.MapPost("refresh-token", RefreshAsync).AllowAnonymous();
        group.MapPost("secrets/hash", HashAsync).Need(IdentityPermissions.CreateUsers, IdentityPermissions.CreateApplications);
        group.MapUsers();
        group.MapRoles();
        group.MapApplications();
    }

    private static async Task<IResult> LoginAsync(HttpRequest request, IUserCredentialsValidator credentials, IAccessTokenIssuer issuer, ILoggerFactory loggers)
    {
        var body = await RestBody.RequireAsync<LoginRequest>(request);
        if (IdentityAnswers.Missing((nameof(body.Username), body.Username), (nameof(body.Password), body.Password)) is { } refusal)
        {
            return refusal;
        }

        var logger = loggers.CreateLogger(Category);
        var user = await credentials.ValidateAsync(body.Username!, body.Password!, request.HttpContext.RequestAborted);
        if (user is null)
        {
            SignInRefused(logger, request.HttpContext.Connection.RemoteIpAddress);
            return RestAnswers.Json(new LoginAnswer(false));
        }

        SignedIn(logger, user.Id, request.HttpContext.Connection.RemoteIpAddress);
        return await IssueAsync(user, issuer, request.HttpContext.RequestAborted);
    }

    private static async Task<IResult> RefreshAsync(HttpRequest request, TokenIssuer issuer) =>
        WorkflowIdentity.ReadHeader(request, WorkflowIdentity.BearerScheme) is { } token
            && await issuer.ReadRefreshTokenAsync(token, request.HttpContext.RequestAborted) is { } user
            ? await IssueAsync(user, issuer, request.HttpContext.RequestAborted)
            : Results.StatusCode(StatusCodes.Status401Unauthorized);

    private static async Task<IResult> IssueAsync(User user, IAccessTokenIssuer issuer, CancellationToken cancellationToken)
    {
        var tokens = await issuer.IssueTokensAsync(user, cancellationToken);
        return RestAnswers.Json(new LoginAnswer(true, tokens.AccessToken, tokens.RefreshToken));
    }

    private static async Task<IResult> HashAsync(HttpRequest request, ISecretHasher hasher)
    {
        var body = await RestBody.RequireAsync<HashRequest>(request);
        if (IdentityAnswers.Missing((nameof(body.Secret), body.Secret)) is { } refusal)
        {
            return refusal;
        }

        var hash = hasher.HashSecret(body.Secret!);
        return RestAnswers.Json(new HashAnswer(hash.Secret, hash.Salt));
    }

    [LoggerMessage(EventId = 5401, Level = LogLevel.Information, Message = "User {UserId} signed in for tokens from {Address}")]
    private static partial void SignedIn(ILogger logger, string userId, System.Net.IPAddress? address);

    [LoggerMessage(EventId = 5402, Level = LogLevel.Warning, Message = "A sign-in for tokens from {Address} was refused")]
    private static partial void SignInRefused(ILogger logger, System.Net.IPAddress? address);
}

/// <summary>The rights that administer identity.</summary>
internal static class IdentityPermissions
{
    public const string ReadUsers = "read:user";
    public const string CreateUsers = "create:user";
    public const string UpdateUsers = "update:user";
    public const string DeleteUsers = "delete:user";
    public const string ReadRoles = "read:role";
    public const string CreateRoles = "create:role";
    public const string UpdateRoles = "update:role";
    public const string DeleteRoles = "delete:role";
    public const string ReadApplications = "read:application";
    public const string CreateApplications = "create:application";
    public const string DeleteApplications = "delete:application";
}
