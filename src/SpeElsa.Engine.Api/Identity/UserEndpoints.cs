using Elsa.Identity.Contracts;
using Elsa.Identity.Entities;
using Elsa.Identity.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Api.Rest;

namespace SpeElsa.Engine.Api.Identity;

/// <summary>Administers users.</summary>
internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder identity)
    {
        identity.MapGet("users", ListAsync).Need(IdentityPermissions.ReadUsers);
        identity.MapPost("users", CreateAsync).Need(IdentityPermissions.CreateUsers);
        identity.MapPut("users/{id}", UpdateAsync).Need(IdentityPermissions.UpdateUsers);
        identity.MapDelete("users/{id}", DeleteAsync).Need(IdentityPermissions.DeleteUsers);
    }

    private static async Task<IResult> ListAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var users = http.RequestServices.GetService<IUserDirectory>() is { } directory ? await directory.ListAsync(cancellationToken) : [];
        return RestAnswers.Json(new UsersAnswer([.. users.Select(user => Model(user))]));
    }

    private static async Task<IResult> CreateAsync(HttpContext http, IRoleProvider roles)
    {
        var body = await RestBody.RequireAsync<UserRequest>(http.Request);
        if (http.RequestServices.GetService<IUserDirectory>() is not { } directory)
        {
            return IdentityAnswers.NotKept("Users");
        }

        if ((IdentityAnswers.Missing((nameof(body.Name), body.Name)) ?? IdentityAnswers.Unfit((nameof(body.Password), body.Password))) is { } refusal)
        {
            return refusal;
        }

        IReadOnlyList<string> wanted = [.. (body.Roles ?? []).Distinct(StringComparer.Ordinal)];
        if (await new Grants(roles).CheckRolesAsync(http.User, wanted, http.RequestAborted) is { } message)
        {
            return IdentityAnswers.Forbidden(message);
        }

        var password = string.IsNullOrEmpty(body.Password) ? SecretHasher.RandomText() : body.Password;
        var change = await directory.CreateAsync(body.Name!, password, wanted, http.RequestAborted);
        return change.User is { } user
            ? RestAnswers.Json(Model(user, string.IsNullOrEmpty(body.Password) ? password : null))
            : RestAnswers.BadRequest([.. change.Errors]);
    }

    private static async Task<IResult> UpdateAsync(string id, HttpContext http, IUserProvider users, IRoleProvider roles)
    {
        var body = await RestBody.RequireAsync<UserRequest>(http.Request);
        if (IdentityAnswers.Unfit((nameof(body.Name), body.Name), (nameof(body.Password), body.Password)) is { } unfit)
        {
            return unfit;
        }

        var (directory, user, refusal) = await FindAsync(id, http, users, roles);
        if (directory is null || user is null)
        {
            return refusal!;
        }

        IReadOnlyList<string>? wanted = body.Roles is null ? null : [.. body.Roles.Distinct(StringComparer.Ordinal)];
        if (wanted is not null && await new Grants(roles).CheckRolesAsync(http.User, wanted, http.RequestAborted) is { } message)
        {
            return IdentityAnswers.Forbidden(message);
        }

        var change = await directory.UpdateAsync(user, Given(body.Name), Given(body.Password), wanted, http.RequestAborted);
        return change.User is { } changed ? RestAnswers.Json(Model(changed)) : RestAnswers.BadRequest([.. change.Errors]);
    }

    private static async Task<IResult> DeleteAsync(string id, HttpContext http, IUserProvider users, IRoleProvider roles)
    {
        var (directory, user, refusal) = await FindAsync(id, http, users, roles);
        if (directory is null || user is null)
        {
            return refusal!;
        }

        var change = await directory.DeleteAsync(user, http.RequestAborted);
        return change.User is null ? RestAnswers.BadRequest([.. change.Errors]) : Results.NoContent();
    }

    /// <summary>The user, if he is there and has no more rights than the caller.</summary>
    private static async Task<(IUserDirectory? Directory, User? User, IResult? Refusal)> FindAsync(string id, HttpContext http, IUserProvider users, IRoleProvider roles)
    {
        if (http.RequestServices.GetService<IUserDirectory>() is not { } directory)
        {
            return (null, null, IdentityAnswers.NotKept("Users"));
        }

        if (await users.FindAsync(new UserFilter { Id = id }, http.RequestAborted) is not { } user)
        {
            return (null, null, RestAnswers.NotFound());
        }

        var held = (await roles.FindManyAsync(new RoleFilter { Ids = [.. user.Roles] }, http.RequestAborted)).SelectMany(role => role.Permissions);
        return Grants.CheckPermissions(http.User, [.. held]) is { } message ? (null, null, IdentityAnswers.Forbidden(message)) : (directory, user, null);
    }

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static UserModel Model(User user, string? password = null) => new(user.Id, user.Name, [.. user.Roles], password);
}
