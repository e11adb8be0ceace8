using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Api.Tests.Rest.Instances;

/// <summary>Lists, ends, retries and deletions.</summary>
public sealed class InstanceBehaviourTests : RunTest
{
    protected override void Add(IServiceCollection services)
    {
        base.Add(services);
        services.AddActivitiesFrom(typeof(FailsOnce).Assembly);
    }

    [Fact]
    public async Task Lists_are_filtered_ordered_and_paged()
    {
        await PublishAsync(A.Flowchart("waits").With(A.Event("e", "Go")));
        await PublishAsync(A.Sequence("ends").With(A.Line("l")));
        foreach (var number in Enumerable.Range(0, 5))
        {
            await SendAsync("workflow-definitions/waits/execute", new JsonObject { ["name"] = $"w{number}", ["correlationId"] = $"c{number}" });
        }

        await SendAsync("workflow-definitions/ends/execute", new JsonObject { ["name"] = "done" });

        Assert.Equal("w4 w3 6", await NamesAsync("""{"page":0,"pageSize":2,"orderBy":"Name","orderDirection":"Descending"}"""));
        Assert.Equal("w2 w1 6", await NamesAsync("""{"Page":1,"PageSize":2,"OrderBy":"Name","OrderDirection":"Descending"}"""));
        Assert.Equal("done 1", await NamesAsync("""{"status":"Finished"}"""));
        Assert.Equal("done 1", await NamesAsync("""{"subStatuses":["Finished","Faulted"],"definitionIds":["ends","waits"]}"""));
        Assert.Equal("w3 1", await NamesAsync("""{"searchTerm":"W3","definitionIds":[]}"""));
        Assert.Equal("w2 1", await NamesAsync("""{"correlationId":"c2","statuses":[],"subStatus":null}"""));
        Assert.Equal("0", await NamesAsync("""{"hasIncidents":true}"""));
        Assert.Equal("0", await NamesAsync("""{"timestampFilters":[{"column":"createdAt","operator":"LessThan","timestamp":"2020-01-01T00:00:00Z"}]}"""));
        Assert.Equal("done 1", await NamesAsync("""{"timestampFilters":[{"column":"FinishedAt","operator":"GreaterThanOrEqual","timestamp":"2020-01-01T00:00:00Z"}]}"""));
        Assert.Equal("6", await NamesAsync("""{"pageSize":0}"""));
        var asked = await GetAsync("workflow-instances?Statuses=Running&SubStatuses=Suspended&OrderBy=Name&OrderDirection=Ascending&PageSize=1&IsSystem=False&SearchTerm=");
        Assert.Equal(("w0", 5), ((string)asked!["items"]![0]!["name"]!, (int)asked["totalCount"]!));
    }

    [Fact]
    public async Task Instances_are_cancelled_one_by_one_and_by_definition_and_deleted_when_they_have_ended()
    {
        var first = await ExecuteAsync(A.Flowchart("waits").With(A.Event("e", "Go")));
        await SendAsync("workflow-definitions/waits/bulk-dispatch", new JsonObject { ["count"] = 3 });
        using var early = await Client.DeleteAsync($"/elsa/api/workflow-instances/{first}");
        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);

        using var cancelled = await PostAsync($"cancel/workflow-instances/{first}");
        Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
        Assert.Equal("Cancelled", (string)(await GetAsync($"workflow-instances/{first}"))!["subStatus"]!);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync($"cancel/workflow-instances/{first}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("cancel/workflow-instances/nope")).StatusCode);
        var version = (await InstancesAsync("waits"))[0].DefinitionVersionId;
        var many = await SendAsync("bulk-actions/cancel/workflow-instances/", new JsonObject { ["ids"] = null, ["definitionVersionId"] = version, ["definitionId"] = null, ["versionOptions"] = null });
        Assert.Equal(3, (int)many!["cancelled"]!);
        await Eventually.GetAsync(() => InstancesAsync("waits"), all => all.All(instance => instance.SubStatus is Elsa.Workflows.WorkflowSubStatus.Cancelled));

        using var deleted = await Client.DeleteAsync($"/elsa/api/workflow-instances/{first}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await Client.DeleteAsync($"/elsa/api/workflow-instances/{first}");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        var rest = (await InstancesAsync("waits")).Select(instance => (JsonNode)instance.Id).ToArray();
        var bulk = await SendAsync("bulk-actions/delete/workflow-instances/by-id", new JsonObject { ["ids"] = new JsonArray([.. rest]) });
        Assert.Equal(3, (int)bulk!["deleted"]!);
    }

    [Fact]
    public async Task A_faulted_activity_is_retried_once_for_all_who_ask()
    {
        var id = await ExecuteAsync(A.Sequence("fails").With(A.Node("f", "Test.FailsOnce"), A.Line("after")));
        Assert.True((bool)(await StatsAsync(id, "f"))["isFaulted"]!);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var response = await PostAsync($"workflow-instances/{id}/retry");
            return response.StatusCode;
        }));

        // Who comes when it has been retried already is told that nothing is left to retry.
        Assert.All(answers, status => Assert.Contains(status, new[] { HttpStatusCode.OK, HttpStatusCode.Conflict }));
        Assert.Equal(("Finished", 2), ((string)(await GetAsync($"workflow-instances/{id}"))!["subStatus"]!, FailsOnce.CountOf(id)));
        var stats = await StatsAsync(id, "f");
        Assert.Equal((false, true, 0), ((bool)stats["isFaulted"]!, (bool)stats["metadata"]!["HasRetryAttempts"]!, (int)stats["aggregateFaultCount"]!));
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("workflow-instances/nope/retry")).StatusCode);
    }

    [Fact]
    public async Task An_export_has_what_was_asked_for()
    {
        var id = await StartRecordedFlowAsync();
        using var response = await Client.GetAsync($"/elsa/api/workflow-instances/{id}/export?includeBookmarks=true&includeActivityExecutionLog=true&includeWorkflowExecutionLog=true");

        var recorded = Recording.Read("105-instances-export").Answer!.AsObject();
        var ours = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
        Assert.Equal($"workflow-instance-{id}.json", response.Content.Headers.ContentDisposition!.FileNameStar);
        Assert.Equal(recorded.Select(pair => pair.Key), ours.Select(pair => pair.Key));
        Assert.Empty(Shape.Differences(
            recorded["WorkflowExecutionLogRecords"], ours["WorkflowExecutionLogRecords"], "[].activityState", "[].payload"));
        using var zip = await PostAsync("bulk-actions/export/workflow-instances", new JsonObject { ["ids"] = new JsonArray(id, "nope") });
        using var archive = new System.IO.Compression.ZipArchive(await zip.Content.ReadAsStreamAsync());
        Assert.Equal($"workflow-instance-{id}.json", Assert.Single(archive.Entries).Name);
        using var import = await PostAsync("bulk-actions/import/workflow-instances", new JsonObject());
        Assert.Equal(HttpStatusCode.BadRequest, import.StatusCode);
        Assert.Contains("not imported", await import.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_call_stack_goes_on_in_the_workflow_that_started_this_one()
    {
        await PublishAsync(A.Sequence("child").With(A.Event("inner", "Go")));
        var parent = await ExecuteAsync(A.Sequence("parent").With(A.Node("run", "Elsa.ExecuteWorkflow", ("workflowDefinitionId", A.Text("child")), ("waitForCompletion", A.Text("True")))));
        var children = await Eventually.GetAsync(() => InstancesAsync("child"), all => all is [{ SubStatus: Elsa.Workflows.WorkflowSubStatus.Suspended }]);
        var inner = (string)(await GetAsync($"activity-executions/list?workflowInstanceId={children[0].Id}&activityId=inner"))!["items"]![0]!["id"]!;

        var across = await GetAsync($"activity-executions/{inner}/call-stack?includeCrossWorkflowChain=True");
        Assert.Equal(["Workflow1", "root", "run", "Workflow1", "root", "inner"], across!["items"]!.AsArray().Select(item => (string)item!["activityId"]!));
        Assert.Equal(parent, (string)across["items"]![3]!["schedulingWorkflowInstanceId"]!);
        var within = await GetAsync($"activity-executions/{inner}/call-stack");
        Assert.Equal(3, (int)within!["totalCount"]!);
    }

    [Fact]
    public async Task A_variable_of_an_ended_run_stays_as_it_is()
    {
        var id = await ExecuteAsync(A.Sequence("ends").Variable("X", "Int32", "1").With(A.Line("l")));

        using var response = await PostAsync($"workflow-instances/{id}/variables", JsonNode.Parse("""{"variables":[{"id":"var-X","value":2}]}"""));
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal(1, (int)(await GetAsync($"workflow-instances/{id}/variables"))!["items"]![0]!["value"]!);
    }

    [Theory]
    [InlineData("""{"variables":[]}""")]
    [InlineData("""{"variables":[null]}""")]
    [InlineData("{}")]
    public async Task A_change_of_no_variable_leaves_no_row(string body)
    {
        var id = await ExecuteAsync(A.Sequence("waits").Variable("X", "Int32", "1").With(A.Event("e", "E")));
        var before = await Reader.FindAsync(id, default);

        using var response = await PostAsync($"workflow-instances/{id}/variables", JsonNode.Parse(body));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var after = await Reader.FindAsync(id, default);
        Assert.Equal((before!.JournalSequence, before.StateVersion), (after!.JournalSequence, after.StateVersion));
    }

    private async Task<JsonNode> StatsAsync(string id, string activityId) => (await SendAsync("activity-executions/report", new JsonObject
    {
        ["workflowInstanceId"] = id,
        ["activityNodeIds"] = new JsonArray($"Workflow1:root:{activityId}"),
    }))!["stats"]![0]!;

    private async Task<string> NamesAsync(string query)
    {
        var list = await SendAsync("workflow-instances", JsonNode.Parse(query));
        return string.Join(' ', list!["items"]!.AsArray().Select(item => (string)item!["name"]!).Append(list["totalCount"]!.ToString()));
    }
}
