using System.Net;
using System.Text.Json.Nodes;

namespace SpeElsa.Engine.Api.Tests.Rest.Instances;

/// <summary>Instances, journal and executions of the recorded flow, compared with what a real Elsa server answered about them.</summary>
public sealed class InstanceContractTests : RunTest
{
    private static readonly Dictionary<string, string> Nothing = [];

    private static readonly Dictionary<string, string> StateDiffers = new()
    {
        ["workflowState.activityExecutionContexts[].properties"] = "a flowchart keeps other books; values of variables are compared in a test of their own",
        ["workflowState.activityExecutionContexts[].metadata"] = "counts attempts here",
        ["workflowState.activityExecutionContexts[].activityState"] = "inputs that were not set have their defaults here",
        ["workflowState.input"] = "holds the request that started the run, so that it goes on after a restart",
        ["workflowState.properties"] = "keeps what the workflow answered, for a repeated request",
        ["workflowState.bookmarks[].payload"] = "belongs to the activity",
        ["workflowState.incidents[].activityInstanceId"] = "Elsa leaves it out; a retry is addressed by it",
        ["workflowState.incidents[].exception"] = "what was thrown has other causes and traces here",
    };

    private static readonly Dictionary<string, string> ExecutionsDiffer = new()
    {
        ["items[].properties"] = "the type mark of Elsa's serializer; a flowchart keeps other books",
        ["items[].metadata"] = "the type mark of Elsa's serializer; counts attempts here",
        ["items[].payload"] = "the type mark of Elsa's serializer; says the outcomes always",
        ["items[].activityState"] = "inputs that were not set have their defaults here",
        ["items[].outputs"] = "outputs that were not set are left out; a request is plain data here",
        ["items[].exception"] = "what was thrown has other causes and traces here",
    };

    [Fact]
    public async Task Lists_answer_as_recorded()
    {
        var id = await StartRecordedFlowAsync();

        foreach (var name in new[] { "079-instances-list-post", "081-instances-list-filters" })
        {
            var list = await SendAsync("workflow-instances", Recording.Read(name).Body);
            AssertLike(name, list, Nothing);
            Assert.Equal((id, 1), ((string)list!["items"]![0]!["id"]!, (int)list["totalCount"]!));
        }

        AssertLike("080-instances-list-get", await GetAsync("workflow-instances?page=0&pageSize=10&definitionId=peer-flow"), Nothing);
        using var bad = await PostAsync("workflow-instances", Recording.Read("082-instances-list-bad-status").Body);
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        AssertLike("082-instances-list-bad-status", JsonNode.Parse(await bad.Content.ReadAsStringAsync()), new Dictionary<string, string>
        {
            ["type"] = "problem details too",
            ["title"] = "problem details too",
            ["status"] = "problem details too",
            ["detail"] = "problem details too",
            ["errors"] = "names the member that is wrong",
        });
    }

    [Fact]
    public async Task An_instance_answers_as_recorded_while_it_waits_and_when_it_has_ended()
    {
        var id = await StartRecordedFlowAsync();

        AssertLike("083-flow-1-instance-suspended-before", await GetAsync($"workflow-instances/{id}"), StateDiffers);
        AssertLike("084-flow-1-execution-state-before", await GetAsync($"workflow-instances/{id}/execution-state"), Nothing);
        await PublishEventAsync("PeerApproved", id, new { approvedBy = "Bob" });
        var waiting = await GetAsync($"workflow-instances/{id}");
        AssertLike("098-flow-1-instance-after-event", waiting, StateDiffers);

        await SendAsync($"tasks/{(string)waiting!["workflowState"]!["bookmarks"]![0]!["payload"]!["taskId"]!}/complete", new JsonObject { ["result"] = new JsonObject { ["ok"] = true } });
        var ended = await SpeElsa.Testing.Eventually.GetAsync(() => GetAsync($"workflow-instances/{id}"), instance => (string)instance!["status"]! == "Finished");
        AssertLike("100-flow-1-instance-finished-after", ended, StateDiffers);
        var root = ended!["workflowState"]!["activityExecutionContexts"]!.AsArray().Single()!;
        Assert.Equal(("Workflow1", "Completed"), ((string)root["scheduledActivityNodeId"]!, (string)root["status"]!));
        Assert.Equal("Hello Ada", (string)root["properties"]!["Variables"]!["varGreeting"]!);
        Assert.Equal(84, (int)ended["workflowState"]!["output"]!["Total"]!);
    }

    [Fact]
    public async Task The_journal_answers_as_recorded()
    {
        var id = await StartRecordedFlowAsync();
        var differs = new Dictionary<string, string>
        {
            ["items[].activityState"] = "the inputs; Elsa leaves them to the executions",
            ["items[].payload"] = "says outcomes, outputs, and what a row promises about effects",
            ["activityState"] = "the inputs; Elsa leaves them to the executions",
            ["payload"] = "says outcomes and outputs",
        };

        var all = await GetAsync($"workflow-instances/{id}/journal");
        AssertLike("085-flow-1-journal-before", all, differs);
        Assert.Equal(
            Recording.Read("085-flow-1-journal-before").Answer!["items"]!.AsArray().Select(row => $"{row!["activityId"]} {row["eventName"]}"),
            all!["items"]!.AsArray().Select(row => $"{row!["activityId"]} {row["eventName"]}"));
        var filtered = await SendAsync($"workflow-instances/{id}/journal", Recording.Read("086-flow-1-journal-filtered").Body);
        AssertLike("086-flow-1-journal-filtered", filtered, differs);
        Assert.Equal((3, 3), (filtered!["items"]!.AsArray().Count, (int)filtered["totalCount"]!));
        AssertLike("087-flow-1-journal-last-entry", await GetAsync($"workflow-instances/{id}/journal/Event1"), differs);
        AssertLike("133-instance-journal-unknown", await GetAsync("workflow-instances/nope/journal"), Nothing);
    }

    [Fact]
    public async Task Executions_answer_as_recorded()
    {
        var id = await StartRecordedFlowAsync();

        var list = await GetAsync($"activity-executions/list?workflowInstanceId={id}");
        AssertLike("088-flow-1-activity-executions-list", list, ExecutionsDiffer);
        Assert.Equal(6, (int)list!["count"]!);
        AssertLike(
            "089-flow-1-activity-executions-list-node", await GetAsync($"activity-executions/list?WorkflowInstanceId={id}&ActivityNodeId=Workflow1:Flowchart1:SetVariable1"), ExecutionsDiffer);
        AssertLike("090-flow-1-activity-execution-summaries", await GetAsync($"activity-execution-summaries/list?workflowInstanceId={id}"), ExecutionsDiffer);
        AssertLike("091-flow-1-activity-executions-count", await GetAsync($"activity-executions/count?workflowInstanceId={id}&activityId=Event1"), Nothing);
        var body = Recording.Read("092-flow-1-activity-executions-report").Body!;
        body["workflowInstanceId"] = id;
        var report = await SendAsync("activity-executions/report", body);
        AssertLike("092-flow-1-activity-executions-report", report, new Dictionary<string, string> { ["stats[].metadata"] = "the type mark of Elsa's serializer" });
        Assert.Equal(
            Recording.Read("092-flow-1-activity-executions-report").Answer!["stats"]!.AsArray().Select(Counts).Order(StringComparer.Ordinal),
            report!["stats"]!.AsArray().Select(Counts).Order(StringComparer.Ordinal));

        var waiting = (string)list["items"]!.AsArray().Single(item => (bool)item!["hasBookmarks"]!)!["id"]!;
        var one = ExecutionsDiffer.ToDictionary(pair => pair.Key["items[].".Length..], pair => pair.Value);
        AssertLike("093-flow-1-activity-execution-get", await GetAsync($"activity-executions/{waiting}"), one);
        AssertLike("093-flow-1-activity-execution-get", await GetAsync($"activity-executions/by-id?id={waiting}"), one);
        var stack = await GetAsync($"activity-executions/{waiting}/call-stack?includeCrossWorkflowChain=True");
        AssertLike("094-flow-1-activity-execution-call-stack", stack, ExecutionsDiffer);
        Assert.Equal(
            Recording.Read("094-flow-1-activity-execution-call-stack").Answer!["items"]!.AsArray().Select(item => (string)item!["activityId"]!),
            stack!["items"]!.AsArray().Select(item => (string)item!["activityId"]!));
    }

    [Fact]
    public async Task Variables_answer_as_recorded_and_a_change_is_made_by_the_instance_itself()
    {
        var id = await StartRecordedFlowAsync();

        var values = new Dictionary<string, string> { ["items[].value"] = "each variable has a type of its own" };
        AssertLike("095-flow-1-variables", await GetAsync($"workflow-instances/{id}/variables"), values);
        var changed = await SendAsync($"workflow-instances/{id}/variables", Recording.Read("096-flow-1-variables-post").Body);
        AssertLike("096-flow-1-variables-post", changed, values);
        Assert.Equal("Changed", (string)changed!["items"]!.AsArray().Single(item => (string)item!["id"]! == "varGreeting")!["value"]!);
        Assert.Contains((await Reader.ReadJournalAsync(id, 0, 100, default)), row => row.EventName == "VariablesChanged");
    }

    [Fact]
    public async Task A_faulted_run_answers_as_recorded()
    {
        await PublishRecordedAsync("peer-fault.json");

        using var response = await PostAsync("workflow-definitions/peer-fault/execute", new JsonObject());
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        AssertLike("127-fault-execute", JsonNode.Parse(await response.Content.ReadAsStringAsync()), StateDiffers);
        var id = response.Headers.GetValues("x-elsa-workflow-instance-id").Single();
        AssertLike("128-fault-instance", await GetAsync($"workflow-instances/{id}"), StateDiffers);
        AssertLike("130-fault-activity-executions", await GetAsync($"activity-executions/list?workflowInstanceId={id}"), ExecutionsDiffer);
        AssertLike("129-fault-journal", await GetAsync($"workflow-instances/{id}/journal"), new Dictionary<string, string>
        {
            ["items[].activityState"] = "the inputs; Elsa leaves them to the executions",
            ["items[].payload"] = "the exception's type and message; its trace is in the incident",
        });
    }

    private static string Counts(JsonNode? stats) =>
        $"{stats!["activityNodeId"]} {stats["startedCount"]} {stats["completedCount"]} {stats["uncompletedCount"]} {stats["isBlocked"]} {stats["isFaulted"]}";
}
