using System.Text.Json.Nodes;
using Elsa.Extensions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Api.Tests.Http;

/// <summary>A host whose workflows are reached by HTTP. The store outlives it, so that a test can restart it.</summary>
public abstract class HttpTest : IAsyncLifetime
{
    private readonly InMemoryStore _store = new();
    private WebApplication? _app;

    protected HttpClient Client { get; private set; } = null!;

    protected IServiceProvider Services => _app!.Services;

    public async ValueTask InitializeAsync() => await StartAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await StopAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>Adds what runs before the workflows, such as a sign-in.</summary>
    protected virtual void Configure(WebApplication app)
    {
    }

    /// <summary>Adds services of the test's own.</summary>
    protected virtual void Add(IServiceCollection services)
    {
    }

    protected async Task<PublicationResult> PublishAsync(DefinitionBuilder definition)
    {
        var json = definition.ToJson();
        var store = Services.GetRequiredService<IDefinitionStore>();
        var draft = await store.SaveDraftAsync(A.Definition((string)JsonNode.Parse(json)!["definitionId"]!, json), null, default);
        return await Services.GetRequiredService<DefinitionPublisher>().PublishAsync(draft.Latest!, null, default);
    }

    protected async Task<IReadOnlyList<InstanceRecord>> InstancesAsync(string definitionId) => (await Services.GetRequiredService<IInstanceReader>()
        .ListAsync(new InstanceFilter { DefinitionIds = [definitionId] }, new InstanceOrder(InstanceColumn.CreatedAt), 0, 1000, default)).Items;

    protected static JsonObject Endpoint(string id, string path, string methods = "GET", params (string Name, JsonNode? Value)[] more) => A.Node(
        id,
        "Elsa.HttpEndpoint",
        [("path", A.Text(path)), ("supportedMethods", A.Expression("Object", new JsonArray([.. methods.Split(',').Select(method => JsonValue.Create(method))]).ToJsonString())), .. more]);

    protected static JsonObject Starting(JsonObject activity)
    {
        activity["customProperties"] = new JsonObject { ["canStartWorkflow"] = true };
        return activity;
    }

    protected static JsonObject Respond(string id, string code, params (string Name, JsonNode? Value)[] more) =>
        A.Node(id, "Elsa.WriteHttpResponse", [("content", A.JavaScript(code)), .. more]);

    private async Task StopAsync()
    {
        await _app!.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IRuntimeStore>(_store).AddSingleton<IInstanceReader>(_store).AddSingleton<IDefinitionStore>(_store);
        builder.Services.AddElsa(elsa => elsa.UseHttp());
        builder.Services.AddAuthorization(options => options.AddPolicy("captain", policy => policy.RequireClaim("rank", "captain")));
        builder.Services.AddAuthentication();
        Add(builder.Services);
        _app = builder.Build();
        Configure(_app);
        _app.UseWorkflows();
        await _app.StartAsync();
        Client = _app.GetTestClient();
    }
}
