using System.Net;
using System.Net.Http.Json;
using Elsa.Workflows;
using Elsa.Workflows.Models;
using Elsa.Workflows.Runtime;
using Elsa.Workflows.Runtime.Messages;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Api.Tests.Http;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Runtime.History;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Api.Tests.Recorded;

/// <summary>Definitions as a real Elsa 3.8 server exported them, run here with what it recorded of their runs.</summary>
public sealed class RecordedFlowTests : HttpTest
{
    [Theory]
    [InlineData(42, "WriteLineTrue")]
    [InlineData(5, "WriteLineFalse")]
    public async Task The_recorded_flow_runs_as_it_was_recorded(int amount, string branch)
    {
        await PublishRecordedAsync("peer-flow.json");

        using var request = new HttpRequestMessage(HttpMethod.Post, "/workflows/peer/start") { Content = JsonContent.Create(new { id = "o-1", customer = "Ada", amount }) };
        request.Headers.Add("X-Correlation-Id", "corr-1");
        using var response = await Client.SendAsync(request);
        Assert.Equal((HttpStatusCode.Accepted, "text/plain", "Hello Ada"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType, await response.Content.ReadAsStringAsync()));
        var instance = Assert.Single(await InstancesAsync("peer-flow"));
        Assert.Equal(("corr-1", WorkflowSubStatus.Suspended), (instance.CorrelationId, instance.SubStatus));
        Assert.Equal(
            ["Workflow1:0", "Flowchart1:1", "HttpEndpoint1:2", "SetVariable1:3", "WriteHttpResponse1:4", "Event1:5"],
            (await ExecutionsAsync(instance.Id)).Select(execution => $"{execution.ActivityId}:{execution.CallStackDepth}"));

        await RestartAsync();
        await Services.GetRequiredService<IEventPublisher>().PublishAsync("PeerApproved", workflowInstanceId: instance.Id, payload: new { approvedBy = "Bob" });
        var waiting = (await ExecutionsAsync(instance.Id)).Single(execution => execution.HasBookmarks);
        Assert.Equal("RunTask1", waiting.ActivityId);
        var task = Assert.Single((await Services.GetRequiredService<IInstanceReader>().ListBookmarksAsync("Elsa.RunTask", instance.Id, 0, 10, default)).Items);
        await Services.GetRequiredService<ITaskReporter>().ReportCompletionAsync(task.Id, new { ok = true });

        var ended = await Eventually.GetAsync(
            async () => (await InstancesAsync("peer-flow"))[0], record => record.Status is WorkflowStatus.Finished, record => $"it is {record.SubStatus}");
        Assert.Equal(WorkflowSubStatus.Finished, ended.SubStatus);
        var state = await (await Services.GetRequiredService<IWorkflowRuntime>().CreateClientAsync(instance.Id)).ExportStateAsync();
        Assert.Equal(2L * amount, state.Output["Total"]);
        var executions = await ExecutionsAsync(instance.Id);
        Assert.All(executions, execution => Assert.Equal(ActivityStatus.Completed, execution.Status));
        Assert.Contains(branch, executions.Select(execution => execution.ActivityId));
    }

    [Fact]
    public async Task The_recorded_fault_is_a_fault_here_too()
    {
        await PublishRecordedAsync("peer-fault.json");
        var client = await Services.GetRequiredService<IWorkflowRuntime>().CreateClientAsync();

        var run = await client.CreateAndRunInstanceAsync(new CreateAndRunWorkflowInstanceRequest { WorkflowDefinitionHandle = WorkflowDefinitionHandle.ByDefinitionId("peer-fault") });

        Assert.Equal((WorkflowStatus.Finished, WorkflowSubStatus.Faulted), (run.Status, run.SubStatus));
        var incident = Assert.Single(run.Incidents);
        Assert.Equal(("Js1", "Workflow1:Flowchart1:Js1", "Elsa.RunJavaScript"), (incident.ActivityId, incident.ActivityNodeId, incident.ActivityType));
        Assert.Contains("boom", incident.Message, StringComparison.Ordinal);
        Assert.Equal(
            ["Workflow1:Running:1", "Flowchart1:Running:1", "Js1:Faulted:1"],
            (await ExecutionsAsync(run.WorkflowInstanceId)).Select(execution => $"{execution.ActivityId}:{execution.Status}:{execution.AggregateFaultCount}"));
    }

    private Task<IReadOnlyList<Elsa.Workflows.Runtime.Entities.ActivityExecutionRecord>> ExecutionsAsync(string instanceId) =>
        Services.GetRequiredService<ActivityExecutionHistory>().ReadAsync(instanceId, default);

    private async Task PublishRecordedAsync(string name)
    {
        using var stream = typeof(RecordedFlowTests).Assembly.GetManifestResourceStream(name)!;
        using var text = new StreamReader(stream);
        var json = await text.ReadToEndAsync();
        var definitionId = (string)System.Text.Json.Nodes.JsonNode.Parse(json)!["definitionId"]!;
        var draft = await Services.GetRequiredService<IDefinitionStore>().SaveDraftAsync(A.Definition(definitionId, json), null, default);
        var result = await Services.GetRequiredService<DefinitionPublisher>().PublishAsync(draft.Latest!, null, default);
        Assert.True(result.IsPublished, string.Join("; ", result.Findings.Select(finding => finding.Message)));
    }
}
