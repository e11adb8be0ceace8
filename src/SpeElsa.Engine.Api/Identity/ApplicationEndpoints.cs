using System.Globalization;
using Elsa.Identity.Contracts;
using Elsa.Identity.Entities;
using Elsa.Identity.Models;
using Elsa.Identity.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Api.Rest;

namespace SpeElsa.Engine.Api.Identity;

/// <summary>Administers applications and their keys.</summary>
internal static class ApplicationEndpoints
{
    public static void MapApplications(this IEndpointRouteBuilder identity)
    {
        identity.MapGet("applications", ListAsync).Need(IdentityPermissions.ReadApplications);
        identity.MapPost("applications", CreateAsync).Need(IdentityPermissions.CreateApplications);
        identity.MapDelete("applications/{id}", DeleteAsync).Need(IdentityPermissions.DeleteApplications);
    }

    private static async Task<IResult> ListAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var all = http.RequestServices.GetService<IApplicationStore>() is { } store ? await store.FindManyAsync(new ApplicationFilter(), cancellationToken) : [];
        return RestAnswers.Json(new ApplicationsAnswer([.. all.OrderBy(application => application.Name, StringComparer.OrdinalIgnoreCase).Select(application => Model(application))]));
    }

    private static async Task<IResult> CreateAsync(HttpContext http, IRoleProvider roles, ISecretHasher hasher, IOptions<IdentityTokenOptions> tokens, TimeProvider timeProvider)
    {
        var body = await RestBody.RequireAsync<ApplicationRequest>(http.Request);
        if (http.RequestServices.GetService<IApplicationStore>() is not { } store)
        {
            return IdentityAnswers.NotKept("Applications");
        }

        if (IdentityAnswers.Missing((nameof(body.Name), body.Name)) is { } refusal)
        {
            return refusal;
        }

        IReadOnlyList<string> wanted = [.. (body.Roles ?? []).Distinct(StringComparer.Ordinal)];
        if (await new Grants(roles).CheckRolesAsync(http.User, wanted, http.RequestAborted) is { } message)
        {
            return IdentityAnswers.Forbidden(message);
        }

        if (await store.FindAsync(new ApplicationFilter { Name = body.Name }, http.RequestAborted) is not null)
        {
            return RestAnswers.BadRequest($"There is an application '{body.Name}' already.");
        }

        var now = timeProvider.GetUtcNow();
        if (body.ExpiresAt <= now)
        {
            return RestAnswers.BadRequest(string.Create(CultureInfo.InvariantCulture, $"expiresAt is {body.ExpiresAt:u}, and it is {now:u} already. Give a later time, or none."));
        }

        var clientId = SecretHasher.RandomText()[..16];
        var (secret, key) = (SecretHasher.RandomText(), ApplicationCredentials.CreateKey(clientId));
        var (hashedSecret, hashedKey) = (hasher.HashSecret(secret), hasher.HashSecret(key));
        var application = new Application
        {
            Id = Guid.NewGuid().ToString("N"),
            Name = body.Name!,
            ClientId = clientId,
            HashedClientSecret = hashedSecret.Secret,
            HashedClientSecretSalt = hashedSecret.Salt,
            HashedApiKey = hashedKey.Secret,
            HashedApiKeySalt = hashedKey.Salt,
            Roles = [.. wanted],
            ExpiresAt = body.ExpiresAt ?? now + tokens.Value.ApplicationKeyLifetime,
        };
        await store.SaveAsync(application, http.RequestAborted);
        return RestAnswers.Json(Model(application, secret, key));
    }

    private static async Task<IResult> DeleteAsync(string id, HttpContext http, IRoleProvider roles)
    {
        if (http.RequestServices.GetService<IApplicationStore>() is not { } store)
        {
            return IdentityAnswers.NotKept("Applications");
        }

        if (await store.FindAsync(new ApplicationFilter { Id = id }, http.RequestAborted) is not { } application)
        {
            return RestAnswers.NotFound();
        }

        if (await new Grants(roles).CheckRolesAsync(http.User, [.. application.Roles], http.RequestAborted) is { } message)
        {
            return IdentityAnswers.Forbidden(message);
        }

        await store.DeleteAsync(new ApplicationFilter { Id = id }, http.RequestAborted);
        return Results.NoContent();
    }

    private static ApplicationModel Model(Application application, string? secret = null, string? key = null) =>
        new(application.Id, application.Name, [.. application.Roles], application.ClientId, application.ExpiresAt, application.LastUsedAt, secret, key);
}
