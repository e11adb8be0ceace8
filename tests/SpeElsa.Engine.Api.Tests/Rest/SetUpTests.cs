using System.Net;
using Elsa.Extensions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SpeElsa.Engine.Api.Tests.Rest;

/// <summary>The API set up the way Elsa's users write it.</summary>
public sealed class SetUpTests
{
    [Theory]
    [InlineData(null, "/elsa/api/package/version")]
    [InlineData("designer/api", "/designer/api/package/version")]
    public async Task The_module_adds_the_API_and_the_application_serves_it(string? prefix, string path)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddElsa(elsa => elsa.UseWorkflowRuntime(runtime => runtime.UseMemoryStore()).UseWorkflowsApi());
        builder.Services.AddAuthentication("nobody").AddScheme<AuthenticationSchemeOptions, RefusingAuthentication>("nobody", null);
        await using var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        if (prefix is null)
        {
            app.UseWorkflowsApi();
        }
        else
        {
            app.UseWorkflowsApi(prefix);
        }

        await app.StartAsync();
        using var client = app.GetTestClient();
        using var refused = await client.GetAsync(path);
        using var elsewhere = await client.GetAsync("/other" + path);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.NotFound), (refused.StatusCode, elsewhere.StatusCode));

        client.DefaultRequestHeaders.Add(RefusingAuthentication.Header, "read:*");
        using var answered = await client.GetAsync(path);
        Assert.Equal("{\"packageVersion\":\"3.8.2\"}", await answered.Content.ReadAsStringAsync());
        await app.StopAsync();
    }

    [Fact]
    public async Task A_pipeline_without_endpoint_routing_serves_it_too()
    {
        using var host = new HostBuilder().ConfigureWebHost(web => web
            .UseTestServer()
            .ConfigureServices(services =>
            {
                services.AddRouting();
                services.AddElsa(elsa => elsa.UseWorkflowRuntime(runtime => runtime.UseMemoryStore()).UseWorkflowsApi());
                services.AddAuthentication("nobody").AddScheme<AuthenticationSchemeOptions, RefusingAuthentication>("nobody", null);
            })
            .Configure(app => app.UseAuthentication().UseWorkflowsApi())).Build();
        await host.StartAsync();
        using var client = host.GetTestClient();
        client.DefaultRequestHeaders.Add(RefusingAuthentication.Header, "*");

        using var answered = await client.GetAsync("/elsa/api/features/installed");

        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        await host.StopAsync();
    }
}
