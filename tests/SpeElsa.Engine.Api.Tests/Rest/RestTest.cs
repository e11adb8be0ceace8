using System.Net.Http.Json;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Elsa.Extensions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Api.Rest;
using SpeElsa.Engine.Api.Tests.Http;

namespace SpeElsa.Engine.Api.Tests.Rest;

/// <summary>A host with Elsa's REST API. The header "X-Permissions" says what the caller may do; without it, everything.</summary>
public abstract class RestTest : HttpTest
{
    protected const string PermissionsHeader = "X-Permissions";

    /// <summary>The header's value for a caller who has not signed in.</summary>
    protected const string Nobody = "nobody";

    protected override void Add(IServiceCollection services)
    {
        services.AddWorkflowsApi();
        services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, TestAuthentication>("test", null);
    }

    protected override void Configure(WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseWorkflowsApi();
    }

    /// <summary>Asks for a path below the API.</summary>
    protected async Task<JsonNode?> GetAsync(string path)
    {
        using var response = await Client.GetAsync("/elsa/api/" + path);
        return await ReadAsync(response);
    }

    /// <summary>Sends a body to a path below the API.</summary>
    protected Task<HttpResponseMessage> PostAsync(string path, JsonNode? body = null) =>
        Client.PostAsync("/elsa/api/" + path, body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));

    /// <summary>Sends a body and reads the answer, which has to be a success.</summary>
    protected async Task<JsonNode?> SendAsync(string path, JsonNode? body = null)
    {
        using var response = await PostAsync(path, body);
        return await ReadAsync(response);
    }

    private static async Task<JsonNode?> ReadAsync(HttpResponseMessage response)
    {
        Assert.True(response.IsSuccessStatusCode, $"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return response.Content.Headers.ContentLength == 0 ? null : await response.Content.ReadFromJsonAsync<JsonNode>();
    }

    private sealed class TestAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var permissions = Request.Headers[PermissionsHeader].FirstOrDefault() ?? Permissions.All;
            return Task.FromResult(permissions == Nobody
                ? AuthenticateResult.NoResult()
                : AuthenticateResult.Success(new AuthenticationTicket(
                    new ClaimsPrincipal(new ClaimsIdentity([.. permissions.Split(',').Select(permission => new Claim(Permissions.ClaimType, permission))], "test")), "test")));
        }
    }
}
