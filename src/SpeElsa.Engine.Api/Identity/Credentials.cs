using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Elsa.Identity.Contracts;
using Elsa.Identity.Entities;
using Elsa.Identity.Models;
using SpeElsa.Engine.Api.Rest;

namespace SpeElsa.Engine.Api.Identity;

/// <summary>Checks passwords against the hashes of the user provider.</summary>
internal sealed class UserCredentials(IUserProvider users, ISecretHasher hasher) : IUserCredentialsValidator
{
    private readonly Lazy<HashedSecret> _nobody = new(() => hasher.HashSecret(SecretHasher.RandomText()));

    public async ValueTask<User?> ValidateAsync(string username, string password, CancellationToken cancellationToken = default)
    {
        var user = await users.FindAsync(new UserFilter { Name = username }, cancellationToken);
        if (user is null)
        {
            // The answer must not come faster for a name that nobody has.
            hasher.VerifySecret(password, _nobody.Value.Secret, _nobody.Value.Salt);
            return null;
        }

        return hasher.VerifySecret(password, user.HashedPassword, user.HashedPasswordSalt) ? user : null;
    }
}

/// <summary>
/// Checks the API keys of applications. A key is the client id in hex, a hyphen, and a secret: so the application is found without trying all. The slow hash
/// of a key that was right is remembered by a fast one, since programs send their key with every call.
/// </summary>
internal sealed class ApplicationCredentials(IApplicationProvider applications, IRoleProvider roles, ISecretHasher hasher, TimeProvider timeProvider)
    : IApplicationCredentialsValidator, IApiKeyProvider
{
    private const int MostRemembered = 1000;
    private const int LongestKey = 1000;
    private static readonly TimeSpan NoteEvery = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, string> _verified = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _noted = new(StringComparer.Ordinal);

    /// <summary>Makes a key for an application.</summary>
    public static string CreateKey(string clientId) => $"{Convert.ToHexString(Encoding.UTF8.GetBytes(clientId))}-{SecretHasher.RandomText()}";

    public async ValueTask<Application?> ValidateAsync(string apiKey, CancellationToken cancellationToken = default) =>
        await VerifyAsync(apiKey, cancellationToken) is { } application && !IsExpired(application) ? application : null;

    private bool IsExpired(Application application) => application.ExpiresAt <= timeProvider.GetUtcNow();

    private async Task<Application?> VerifyAsync(string apiKey, CancellationToken cancellationToken)
    {
        if (ClientIdOf(apiKey) is not { } clientId || await applications.FindAsync(new ApplicationFilter { ClientId = clientId }, cancellationToken) is not { } application)
        {
            return null;
        }

        var mark = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(apiKey)));
        if (_verified.TryGetValue(mark, out var hash) && hash == application.HashedApiKey)
        {
            return application;
        }

        if (!hasher.VerifySecret(apiKey, application.HashedApiKey, application.HashedApiKeySalt))
        {
            return null;
        }

        if (_verified.Count >= MostRemembered)
        {
            _verified.Clear();
        }

        _verified[mark] = application.HashedApiKey;
        return application;
    }

    public async ValueTask<IReadOnlyCollection<Claim>?> FindAsync(string key, CancellationToken cancellationToken = default)
    {
        if (await VerifyAsync(key, cancellationToken) is not { } application)
        {
            return null;
        }

        if (IsExpired(application))
        {
            throw new ApiKeyExpiredException(application.Name, application.ExpiresAt!.Value);
        }

        await NoteUseAsync(application, cancellationToken);
        var held = (await roles.FindManyAsync(new RoleFilter { Ids = [.. application.Roles] }, cancellationToken)).ToList();
        return
        [
            new Claim(TokenIssuer.NameClaim, application.Name),
            .. held.Select(role => new Claim(ClaimTypes.Role, role.Name)),
            .. held.SelectMany(role => role.Permissions).Distinct(StringComparer.Ordinal).Select(permission => new Claim(Permissions.ClaimType, permission)),
        ];
    }

    /// <summary>A program that calls all the time costs one write a minute.</summary>
    private async Task NoteUseAsync(Application application, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        if (applications is IApplicationStore store && (!_noted.TryGetValue(application.Id, out var noted) || now - noted >= NoteEvery))
        {
            _noted[application.Id] = now;
            await store.NoteUseAsync(application.Id, now, cancellationToken);
        }
    }

    private static string? ClientIdOf(string apiKey)
    {
        var hyphen = apiKey.IndexOf('-', StringComparison.Ordinal);
        if (hyphen < 2 || hyphen % 2 != 0 || apiKey.Length > LongestKey)
        {
            return null;
        }

        var bytes = new byte[hyphen / 2];
        return Convert.FromHexString(apiKey.AsSpan(0, hyphen), bytes, out _, out _) is System.Buffers.OperationStatus.Done ? Encoding.UTF8.GetString(bytes) : null;
    }
}
