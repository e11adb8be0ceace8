using System.Security.Claims;
using Elsa.Identity.Contracts;
using SpeElsa.Engine.Api.Rest;
using SpeElsa.Server.Access;

namespace SpeElsa.Server.Identity;

/// <summary>The key in the data directory: an administrator's, for scripts on this machine.</summary>
internal sealed class ServerKey(ApiKeyFile file) : IApiKeyProvider
{
    public const string Owner = "api-key";

    public ValueTask<IReadOnlyCollection<Claim>?> FindAsync(string key, CancellationToken cancellationToken = default) => new(file.Matches(key)
        ? [new Claim("name", Owner), new Claim(ClaimTypes.Role, ServerRoles.Administrator), new Claim(Permissions.ClaimType, Permissions.All)]
        : null);
}
