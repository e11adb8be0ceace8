using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Models;
using Elsa.Workflows.Runtime;
using Elsa.Workflows.Runtime.Messages;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests;

/// <summary>A story told through the services that Elsa's users know.</summary>
public abstract class RuntimeTest : EngineTest
{
    protected T Get<T>()
        where T : notnull => Host.Services.GetRequiredService<T>();

    /// <summary>Publishes a definition the way people do, with its triggers.</summary>
    protected async Task<DefinitionRecord> PublishAsync(DefinitionBuilder definition, Action<JsonObject>? change = null)
    {
        var json = JsonNode.Parse(definition.ToJson())!.AsObject();
        change?.Invoke(json);
        var store = Get<IDefinitionStore>();
        var record = A.Definition((string)json["definitionId"]!, json.ToJsonString());
        var draft = await store.SaveDraftAsync(record, null, default);
        var result = await Get<DefinitionPublisher>().PublishAsync(draft.Latest!, null, default);
        Assert.True(result.IsPublished, string.Join("; ", result.Findings.Select(finding => finding.Message)));
        return result.Version!;
    }

    /// <summary>Starts an instance and waits until it rests.</summary>
    protected async Task<RunWorkflowInstanceResponse> RunAsync(string definitionId, Action<CreateAndRunWorkflowInstanceRequest>? with = null)
    {
        var client = await Get<IWorkflowRuntime>().CreateClientAsync();
        var request = new CreateAndRunWorkflowInstanceRequest { WorkflowDefinitionHandle = WorkflowDefinitionHandle.ByDefinitionId(definitionId), IncludeWorkflowOutput = true };
        with?.Invoke(request);
        return await client.CreateAndRunInstanceAsync(request);
    }

    /// <summary>All instances of a definition, oldest first.</summary>
    protected async Task<IReadOnlyList<InstanceRecord>> InstancesAsync(string definitionId) =>
        (await Host.Reader.ListAsync(new InstanceFilter { DefinitionIds = [definitionId] }, new InstanceOrder(InstanceColumn.CreatedAt), 0, 1000, default)).Items;

    /// <summary>Waits for so many ended instances of a definition.</summary>
    protected Task<IReadOnlyList<InstanceRecord>> EndedAsync(string definitionId, int count) => Eventually.GetAsync(
        () => InstancesAsync(definitionId),
        found => found.Count(record => record.Status is WorkflowStatus.Finished) == count,
        found => $"{definitionId} has {found.Count(record => record.Status is WorkflowStatus.Finished)} ended of {found.Count} instances, not {count}");

    /// <summary>An activity that may start its workflow.</summary>
    protected static JsonObject Starting(JsonObject activity)
    {
        activity["customProperties"] = new JsonObject { ["canStartWorkflow"] = true };
        return activity;
    }
}
