using Elsa.Identity.Contracts;
using Elsa.Identity.Entities;
using Elsa.Identity.Models;
using SpeElsa.Engine.Api.Rest;

namespace SpeElsa.Server.Identity;

/// <summary>The roles of this server. They are fixed: an endpoint asks for a right, and here stands who has it.</summary>
internal static class ServerRoles
{
    public const string Viewer = "viewer";
    public const string Operator = "operator";
    public const string Approver = "approver";
    public const string Designer = "designer";
    public const string Administrator = "administrator";

    private static readonly string[] Operating =
    [
        Permissions.ReadAll, Permissions.ExecuteDefinitions, Permissions.CancelInstances, Permissions.WriteInstances, Permissions.CompleteTasks, Permissions.TriggerEvents,
    ];

    /// <summary>
    /// All of them. Who designs may operate too: whoever publishes a workflow decides what it does to the servers, so keeping him from starting it would guard nothing.
    /// </summary>
    public static IReadOnlyList<Role> All { get; } =
    [
        Create(Viewer, Permissions.ReadAll),
        Create(Operator, Operating),
        Create(Approver, Permissions.ReadAll, Permissions.CompleteTasks),
        Create(
            Designer,
            [
                .. Operating, Permissions.WriteDefinitions, Permissions.PublishDefinitions, Permissions.RetractDefinitions, Permissions.DeleteDefinitions, Permissions.ExecuteTests,
            ]),
        Create(Administrator, Permissions.All),
    ];

    /// <summary>What somebody with these roles may do.</summary>
    public static IEnumerable<string> PermissionsOf(IEnumerable<string> roleIds) =>
        All.Where(role => roleIds.Contains(role.Id, StringComparer.OrdinalIgnoreCase)).SelectMany(role => role.Permissions).Distinct(StringComparer.Ordinal);

    private static Role Create(string id, params string[] permissions) => new() { Id = id, Name = $"{char.ToUpperInvariant(id[0])}{id[1..]}", Permissions = permissions };
}

/// <summary>Tells Elsa's identity the roles.</summary>
internal sealed class RoleDirectory : IRoleProvider
{
    public ValueTask<IEnumerable<Role>> FindManyAsync(RoleFilter filter, CancellationToken cancellationToken = default) =>
        new(ServerRoles.All.Where(role => (filter.Id is null || filter.Id == role.Id) && filter.Ids?.Contains(role.Id) != false));
}
