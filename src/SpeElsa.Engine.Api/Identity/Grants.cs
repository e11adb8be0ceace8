using System.Security.Claims;
using Elsa.Identity.Contracts;
using Elsa.Identity.Models;
using SpeElsa.Engine.Api.Rest;

namespace SpeElsa.Engine.Api.Identity;

/// <summary>Nobody gives, or takes from somebody, more than he has himself: else the right to make users were the right to everything.</summary>
internal sealed class Grants(IRoleProvider roles)
{
    /// <summary>Why the caller may not deal with these roles.</summary>
    /// <returns>Null when he may.</returns>
    public async ValueTask<string?> CheckRolesAsync(ClaimsPrincipal caller, IReadOnlyCollection<string> roleIds, CancellationToken cancellationToken)
    {
        var found = (await roles.FindManyAsync(new RoleFilter { Ids = [.. roleIds] }, cancellationToken)).ToList();
        if (roleIds.Except(found.Select(role => role.Id), StringComparer.Ordinal).ToList() is { Count: > 0 } unknown)
        {
            return $"There is no role {string.Join(", ", unknown.Select(id => $"'{id}'"))}.";
        }

        return CheckPermissions(caller, [.. found.SelectMany(role => role.Permissions)]);
    }

    /// <summary>Why the caller may not deal with these rights.</summary>
    /// <returns>Null when he may.</returns>
    public static string? CheckPermissions(ClaimsPrincipal caller, IReadOnlyCollection<string> permissions)
    {
        var held = caller.FindAll(Permissions.ClaimType).Select(claim => claim.Value).ToArray();
        return permissions.FirstOrDefault(permission => !Permissions.Suffice(held, [permission])) is { } missing
            ? $"This needs the right '{missing}', which you do not have yourself."
            : null;
    }
}
