using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Elsa.Extensions;
using Elsa.Features.Services;
using Elsa.Identity.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SpeElsa.Engine.Api.Identity;
using SpeElsa.Engine.Api.Rest;

namespace SpeElsa.Engine.Api.Tests.Identity;

/// <summary>A host as Elsa's users write it, with one endpoint that needs a right.</summary>
internal sealed class IdentityHost : IAsyncDisposable
{
    /// <summary>A signing key for tests; it opens nothing.</summary>
    public const string SigningKey = "a-key-of-tests-that-opens-nothing-0123456789-0123456789-01234567";

    /// <summary>Slow hashes are for people who guess.</summary>
    public const int FewRounds = 1000;

    private readonly WebApplication _app;

    private IdentityHost(WebApplication app, FakeTimeProvider clock)
    {
        _app = app;
        Clock = clock;
        Client = app.GetTestClient();
    }

    public FakeTimeProvider Clock { get; }

    public HttpClient Client { get; }

    public static async Task<IdentityHost> StartAsync(Action<IModule> configure, string environment = "Development")
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseTestServer();
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero));
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton<ISecretHasher>(new SecretHasher(FewRounds));
        builder.Logging.ClearProviders();
        builder.Services.AddElsa(elsa =>
        {
            elsa.UseWorkflowRuntime(runtime => runtime.UseMemoryStore()).UseWorkflowsApi();
            configure(elsa);
        });

        // The engine's workers have nothing to do here, and no clock moves for them.
        builder.Services.RemoveAll<IHostedService>("SpeElsa");
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseWorkflowsApi();
        app.MapGet("/probe", (HttpContext http) => http.User.Identity!.Name).Need(Permissions.ReadDefinitions);
        app.MapGet("/elsa/hubs/workflow-instance", (HttpContext http) => http.User.Identity!.Name).Need(Permissions.ReadInstances);
        await app.StartAsync();
        return new IdentityHost(app, clock);
    }

    /// <summary>The host of Elsa's documentation: one administrator, one key.</summary>
    public static Task<IdentityHost> StartAdminAsync() => StartAsync(elsa => elsa
        .UseIdentity(identity =>
        {
            identity.TokenOptions = options => options.SigningKey = SigningKey;
            identity.UseAdminUserProvider();
        })
        .UseDefaultAuthentication(authentication => authentication.UseAdminApiKey()));

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? authorization = null, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (authorization is not null)
        {
            request.Headers.Authorization = AuthenticationHeaderValue.Parse(authorization);
        }

        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        return await Client.SendAsync(request);
    }

    public async Task<JsonNode> AskAsync(HttpMethod method, string path, string? authorization = null, JsonNode? body = null)
    {
        using var response = await SendAsync(method, "/elsa/api/identity/" + path, authorization, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    public async Task<System.Net.HttpStatusCode> StatusAsync(HttpMethod method, string path, string? authorization = null, JsonNode? body = null)
    {
        using var response = await SendAsync(method, path, authorization, body);
        return response.StatusCode;
    }

    public Task<JsonNode> LoginAsync(string username, string password) =>
        AskAsync(HttpMethod.Post, "login", null, new JsonObject { ["username"] = username, ["password"] = password });

    /// <summary>Signs in and returns the header.</summary>
    public async Task<string> BearerAsync(string username, string password) => $"Bearer {(string)(await LoginAsync(username, password))["accessToken"]!}";

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

file static class HostedServices
{
    public static void RemoveAll<T>(this IServiceCollection services, string space)
    {
        foreach (var descriptor in services.Where(one => one.ServiceType == typeof(T) && one.ImplementationType?.Namespace?.StartsWith(space, StringComparison.Ordinal) == true).ToArray())
        {
            services.Remove(descriptor);
        }
    }
}
