using Elsa.Identity.Contracts;
using Elsa.Identity.Entities;
using Elsa.Identity.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Api.Rest;

namespace SpeElsa.Engine.Api.Identity;

/// <summary>Administers roles.</summary>
internal static class RoleEndpoints
{
    public static void MapRoles(this IEndpointRouteBuilder identity)
    {
        identity.MapGet("roles", ListAsync).Need(IdentityPermissions.ReadRoles);
        identity.MapPost("roles", CreateAsync).Need(IdentityPermissions.CreateRoles);
        identity.MapPut("roles/{id}", UpdateAsync).Need(IdentityPermissions.UpdateRoles);
        identity.MapDelete("roles/{id}", DeleteAsync).Need(IdentityPermissions.DeleteRoles);
    }

    private static async Task<IResult> ListAsync(IRoleProvider roles, CancellationToken cancellationToken) => RestAnswers.Json(
        new RolesAnswer([.. (await roles.FindManyAsync(new RoleFilter(), cancellationToken)).OrderBy(role => role.Name, StringComparer.OrdinalIgnoreCase).Select(Model)]));

    private static async Task<IResult> CreateAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var body = await RestBody.RequireAsync<RoleRequest>(http.Request);
        if (http.RequestServices.GetService<IRoleStore>() is not { } store)
        {
            return IdentityAnswers.NotKept("Roles");
        }

        if (IdentityAnswers.Missing((nameof(body.Name), body.Name)) is { } refusal)
        {
            return refusal;
        }

        if (Grants.CheckPermissions(http.User, body.Permissions ?? []) is { } message)
        {
            return IdentityAnswers.Forbidden(message);
        }

        var id = string.IsNullOrWhiteSpace(body.Id) ? body.Name!.ToLowerInvariant().Replace(' ', '-') : body.Id;
        if ((await store.FindManyAsync(new RoleFilter { Id = id }, cancellationToken)).Any())
        {
            return RestAnswers.BadRequest($"There is a role '{id}' already.");
        }

        var role = new Role { Id = id, Name = body.Name!, Permissions = [.. body.Permissions ?? []] };
        await store.SaveAsync(role, cancellationToken);
        return RestAnswers.Json(Model(role));
    }

    private static async Task<IResult> UpdateAsync(string id, HttpContext http)
    {
        var body = await RestBody.RequireAsync<RoleRequest>(http.Request);
        var (store, role, refusal) = await FindAsync(id, http);
        if (store is null || role is null)
        {
            return refusal!;
        }

        if (Grants.CheckPermissions(http.User, body.Permissions ?? []) is { } message)
        {
            return IdentityAnswers.Forbidden(message);
        }

        var changed = new Role
        {
            Id = role.Id,
            Name = string.IsNullOrWhiteSpace(body.Name) ? role.Name : body.Name,
            Permissions = body.Permissions is { } permissions ? [.. permissions] : role.Permissions,
        };
        await store.SaveAsync(changed, http.RequestAborted);
        return RestAnswers.Json(Model(changed));
    }

    private static async Task<IResult> DeleteAsync(string id, HttpContext http)
    {
        var (store, role, refusal) = await FindAsync(id, http);
        if (store is null || role is null)
        {
            return refusal!;
        }

        await store.DeleteAsync(new RoleFilter { Id = id }, http.RequestAborted);
        return Results.NoContent();
    }

    private static async Task<(IRoleStore? Store, Role? Role, IResult? Refusal)> FindAsync(string id, HttpContext http)
    {
        if (http.RequestServices.GetService<IRoleStore>() is not { } store)
        {
            return (null, null, IdentityAnswers.NotKept("Roles"));
        }

        if ((await store.FindManyAsync(new RoleFilter { Id = id }, http.RequestAborted)).FirstOrDefault() is not { } role)
        {
            return (null, null, RestAnswers.NotFound());
        }

        return Grants.CheckPermissions(http.User, [.. role.Permissions]) is { } message ? (null, null, IdentityAnswers.Forbidden(message)) : (store, role, null);
    }

    private static RoleModel Model(Role role) => new(role.Id, role.Name, [.. role.Permissions]);
}
