using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Api.Rest;
using SpeElsa.Server.Identity;
using SpeElsa.Server.Tests.Tasks;

namespace SpeElsa.Server.Tests.Identity;

/// <summary>Every endpoint, asked by everybody: people of each role, keys of each role, nobody, and somebody who was signed out.</summary>
public sealed class AccessMatrixTests
{
    private const string Read = "viewer operator approver designer administrator";
    private const string Answer = "operator approver designer administrator";
    private const string Operate = "operator designer administrator";
    private const string Administer = "administrator";
    private const string Nobody = "nobody";

    /// <summary>Who may use which. An endpoint that is not here, or here and not there, fails the test.</summary>
    private static readonly Dictionary<string, string> Expected = new(StringComparer.Ordinal)
    {
        ["GET /api/audit"] = Administer,
        ["GET /api/evidence/key"] = Read,
        ["GET /api/machines/"] = Read,
        ["POST /api/machines/{name}/host-key"] = Administer,
        ["POST /api/machines/{name}/test"] = Operate,
        ["GET /api/moves/"] = Read,
        ["POST /api/moves/"] = Operate,
        ["GET /api/moves/{id}"] = Read,
        ["POST /api/moves/{id}/cancel"] = Operate,
        ["POST /api/moves/{id}/pause"] = Operate,
        ["POST /api/moves/{id}/resume"] = Operate,
        ["GET /api/moves/{id}/evidence"] = Read,
        ["GET /api/moves/{id}/journal"] = Read,
        ["GET /api/moves/{id}/undo"] = Read,
        ["POST /api/moves/{id}/undo"] = Operate,
        ["PUT /api/moves/{id}/window"] = Operate,
        ["GET /api/notices/"] = Administer,
        ["POST /api/notices/{id}/retry"] = Administer,
        ["GET /api/plans/"] = Read,
        ["POST /api/plans/"] = Operate,
        ["GET /api/plans/{id}"] = Read,
        ["PUT /api/plans/{id}"] = Operate,
        ["POST /api/plans/{id}/cancel"] = Operate,
        ["POST /api/plans/{id}/check"] = Operate,
        ["GET /api/plans/{id}/preview"] = Read,
        ["POST /api/plans/{id}/rehearse"] = Operate,
        ["POST /api/plans/{id}/schedule"] = Operate,
        ["POST /api/plans/{id}/start"] = Operate,
        ["GET /api/secrets/"] = Administer,
        ["PUT /api/secrets/{name}"] = Administer,
        ["DELETE /api/secrets/{name}"] = Administer,
        ["GET /api/tasks/"] = Read,
        ["GET /api/tasks/{id}"] = Read,
        ["POST /api/tasks/{id}/assign"] = Answer,
        ["POST /api/tasks/{id}/claim"] = Answer,
        ["POST /api/tasks/{id}/comments"] = Answer,
        ["POST /api/tasks/{id}/complete"] = Answer,
        ["POST /api/tasks/{id}/files"] = Answer,
        ["GET /api/tasks/{id}/files/{fileId}"] = Read,
        ["POST /api/tasks/{id}/links"] = Answer,
        ["POST /api/tasks/{id}/release"] = Answer,
        ["POST /api/tasks/{id}/send-back"] = Answer,
        ["GET /openapi/{documentName}.json"] = Read,
    };

    [Fact]
    public async Task Every_endpoint_lets_in_who_may_use_it_and_nobody_else()
    {
        await using var host = await AccessHost.StartAsync();
        var callers = new Dictionary<string, (string Role, string? Sign)>(StringComparer.Ordinal) { ["a stranger"] = (Nobody, null), ["a wrong key"] = (Nobody, "ApiKey wrong") };
        foreach (var role in Read.Split(' '))
        {
            callers[$"a person, {role}"] = (role, await host.PersonAsync($"p-{role}", role));
            using var made = await host.SendAsync(HttpMethod.Post, "/elsa/api/identity/applications", host.ApiKey, new { name = $"k-{role}", roles = new[] { role } });
            callers[$"a key, {role}"] = (role, $"ApiKey {(await made.Content.ReadFromJsonAsync<JsonObject>())!["apiKey"]}");
        }

        var signedOut = await host.AddUserAsync("gone", "administrator");
        callers["somebody who was signed out"] = (Nobody, $"Bearer {(await host.LoginAsync("gone"))["accessToken"]}");
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync(HttpMethod.Put, $"/elsa/api/identity/users/{signedOut}", host.ApiKey, new { password = "another long secret" }));

        var endpoints = host.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).Select(method => (Method: method, Path: "/" + endpoint.RoutePattern.RawText!.TrimStart('/'), Endpoint: endpoint)))
            .Where(endpoint => endpoint.Path.StartsWith("/api/", StringComparison.Ordinal) || endpoint.Path.StartsWith("/elsa/api/", StringComparison.Ordinal) || endpoint.Path.StartsWith("/openapi", StringComparison.Ordinal))
            .ToArray();
        Assert.Equal(Expected.Keys.Order(StringComparer.Ordinal), endpoints.Where(endpoint => !endpoint.Path.StartsWith("/elsa/", StringComparison.Ordinal)).Select(endpoint => $"{endpoint.Method} {endpoint.Path}").Order(StringComparer.Ordinal));

        var wrong = new List<string>();
        foreach (var (method, path, endpoint) in endpoints)
        {
            var needs = endpoint.Metadata.GetMetadata<NeededPermissions>();
            foreach (var (who, (role, sign)) in callers)
            {
                // Elsa's say themselves which right they need; what lets everybody in is left out.
                var may = Expected.TryGetValue($"{method} {path}", out var roles) ? roles.Split(' ').Contains(role, StringComparer.Ordinal)
                    : needs is null ? (bool?)null
                    : role != Nobody && Permissions.Suffice([.. ServerRoles.PermissionsOf([role])], needs.Names);
                if (may is null)
                {
                    continue;
                }

                using var answer = await host.SendAsync(new HttpMethod(method), Address(path), sign, WithBody.Contains(method, StringComparer.Ordinal) ? new { } : null);
                var kept = answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
                if (kept == may || (!may.Value && answer.StatusCode != (role == Nobody ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden)) || (int)answer.StatusCode >= 500)
                {
                    wrong.Add($"{who}: {method} {path} {(int)answer.StatusCode}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static readonly string[] WithBody = ["POST", "PUT", "PATCH"];

    private static string Address(string pattern) => System.Text.RegularExpressions.Regex.Replace(pattern.Replace("{documentName}", "v1", StringComparison.Ordinal), @"\{[^}]+\}", "none");
}
