using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Elsa.Workflows.Runtime;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Api.Tests.Rest.Instances;

/// <summary>A host whose workflows run, with the definitions that a real Elsa server was recorded with.</summary>
public abstract class RunTest : RestTest
{
    protected IInstanceReader Reader => Services.GetRequiredService<IInstanceReader>();

    /// <summary>Publishes a definition that the recordings were made with.</summary>
    protected async Task PublishRecordedAsync(string name)
    {
        using var stream = typeof(RunTest).Assembly.GetManifestResourceStream(name)!;
        using var text = new StreamReader(stream);
        var json = await text.ReadToEndAsync();
        var definitionId = (string)JsonNode.Parse(json)!["definitionId"]!;
        var draft = await Services.GetRequiredService<IDefinitionStore>().SaveDraftAsync(A.Definition(definitionId, json), null, default);
        var result = await Services.GetRequiredService<DefinitionPublisher>().PublishAsync(draft.Latest!, null, default);
        Assert.True(result.IsPublished, string.Join("; ", result.Findings.Select(finding => finding.Message)));
    }

    /// <summary>Starts the recorded flow as it was recorded; it waits for its event then.</summary>
    protected async Task<string> StartRecordedFlowAsync()
    {
        await PublishRecordedAsync("peer-flow.json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/workflows/peer/start") { Content = JsonContent.Create(new { id = "o-1", customer = "Ada", amount = 42 }) };
        request.Headers.Add("X-Correlation-Id", "corr-1");
        using var response = await Client.SendAsync(request);
        return response.Headers.GetValues("x-elsa-workflow-instance-id").Single();
    }

    /// <summary>Publishes a workflow and starts it over the API.</summary>
    protected async Task<string> ExecuteAsync(DefinitionBuilder definition, JsonNode? body = null)
    {
        var json = JsonNode.Parse(definition.ToJson())!;
        Assert.True((await PublishAsync(definition)).IsPublished);
        using var response = await PostAsync($"workflow-definitions/{(string)json["definitionId"]!}/execute", body);
        return response.Headers.GetValues("x-elsa-workflow-instance-id").Single();
    }

    protected Task PublishEventAsync(string name, string? instanceId = null, object? payload = null) =>
        Services.GetRequiredService<IEventPublisher>().PublishAsync(name, workflowInstanceId: instanceId, payload: payload);

    /// <summary>Compares with a recording; what may differ is listed with the reason.</summary>
    protected static void AssertLike(string recording, JsonNode? ours, IReadOnlyDictionary<string, string> allowed) =>
        Assert.Empty(Shape.Differences(Recording.Read(recording).Answer, ours, [.. allowed.Keys]));
}
