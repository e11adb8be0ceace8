using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Elsa.Identity.Contracts;
using Elsa.Identity.Entities;
using Elsa.Identity.Models;
using Elsa.Identity.Options;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using SpeElsa.Engine.Api.Rest;

namespace SpeElsa.Engine.Api.Identity;

/// <summary>Issues and checks JSON Web Tokens with Elsa's claims.</summary>
internal sealed class TokenIssuer(IOptions<IdentityTokenOptions> options, IRoleProvider roles, IUserProvider users, TimeProvider timeProvider) : IAccessTokenIssuer
{
    /// <summary>Says what a token is for.</summary>
    public const string UseClaim = "token_use";

    /// <summary>The use of a token that opens the API.</summary>
    public const string AccessUse = "access";

    /// <summary>The use of a token that only buys new ones.</summary>
    public const string RefreshUse = "refresh";

    /// <summary>The name of whoever signed in.</summary>
    public const string NameClaim = "name";

    private const string StampClaim = "stamp";
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false, SetDefaultTimesOnTokenCreation = false };

    /// <summary>How tokens are checked: this server's key, this issuer and audience, and the clock of the host.</summary>
    public static TokenValidationParameters CreateChecks(IdentityTokenOptions options, TimeProvider timeProvider) => new()
    {
        ValidIssuer = options.Issuer,
        ValidAudience = options.Audience,
        IssuerSigningKey = options.CreateKey(),
        ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
        NameClaimType = NameClaim,
        RoleClaimType = ClaimTypes.Role,
        LifetimeValidator = (notBefore, expires, _, _) =>
        {
            var now = timeProvider.GetUtcNow().UtcDateTime;
            return expires > now && (notBefore is null || notBefore <= now.AddMinutes(1));
        },
    };

    public async ValueTask<IssuedTokens> IssueTokensAsync(User user, CancellationToken cancellationToken = default)
    {
        var held = (await roles.FindManyAsync(new RoleFilter { Ids = [.. user.Roles] }, cancellationToken)).ToList();
        var settings = options.Value;
        return new IssuedTokens(
            Issue(user, held, AccessUse, settings.AccessTokenLifetime),
            Issue(user, held, RefreshUse, settings.RefreshTokenLifetime));
    }

    /// <summary>Issues an access token alone.</summary>
    public async ValueTask<string> IssueAccessTokenAsync(User user, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var held = (await roles.FindManyAsync(new RoleFilter { Ids = [.. user.Roles] }, cancellationToken)).ToList();
        return Issue(user, held, AccessUse, lifetime);
    }

    /// <summary>Who a refresh token belongs to.</summary>
    /// <returns>Null when it is none of ours, has expired, is an access token, or its user is gone or signed out.</returns>
    public async ValueTask<User?> ReadRefreshTokenAsync(string token, CancellationToken cancellationToken)
    {
        var checkedToken = await Handler.ValidateTokenAsync(token, CreateChecks(options.Value, timeProvider));
        if (!checkedToken.IsValid
            || checkedToken.ClaimsIdentity.FindFirst(UseClaim)?.Value != RefreshUse
            || checkedToken.ClaimsIdentity.FindFirst(NameClaim)?.Value is not { } name
            || await users.FindAsync(new UserFilter { Name = name }, cancellationToken) is not { } user)
        {
            return null;
        }

        return Mark(user.Stamp) == checkedToken.ClaimsIdentity.FindFirst(StampClaim)?.Value ? user : null;
    }

    /// <summary>Whether a token that is in order otherwise opens the API: it is an access token, and its user has not been signed out since.</summary>
    public async ValueTask<bool> OpensAsync(ClaimsPrincipal principal, CancellationToken cancellationToken)
    {
        if (principal.FindFirst(UseClaim)?.Value != AccessUse)
        {
            return false;
        }

        return principal.FindFirst(StampClaim)?.Value is not { } mark
            || (principal.FindFirst(NameClaim)?.Value is { } name
                && await users.FindAsync(new UserFilter { Name = name }, cancellationToken) is { } user
                && Mark(user.Stamp) == mark);
    }

    private string Issue(User user, IReadOnlyCollection<Role> held, string use, TimeSpan lifetime)
    {
        var settings = options.Value;
        var now = timeProvider.GetUtcNow().UtcDateTime;
        var claims = new Dictionary<string, object>
        {
            [JwtRegisteredClaimNames.Sub] = user.Name,
            [NameClaim] = user.Name,
            [UseClaim] = use,
        };
        Add(claims, ClaimTypes.Role, held.Select(role => role.Name));
        Add(claims, Permissions.ClaimType, held.SelectMany(role => role.Permissions));
        if (Mark(user.Stamp) is { } mark)
        {
            claims[StampClaim] = mark;
        }

        return Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = settings.Issuer,
            Audience = settings.Audience,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + lifetime,
            Claims = claims,
            SigningCredentials = new SigningCredentials(settings.CreateKey(), SecurityAlgorithms.HmacSha256),
        });
    }

    private static void Add(Dictionary<string, object> claims, string type, IEnumerable<string> values)
    {
        var distinct = values.Distinct(StringComparer.Ordinal).ToArray();
        if (distinct.Length > 0)
        {
            claims[type] = distinct.Length == 1 ? distinct[0] : distinct;
        }
    }

    /// <summary>A stamp is a secret of the user's, a token is read by whoever holds it.</summary>
    private static string? Mark(string? stamp) => stamp is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stamp)))[..32];
}
