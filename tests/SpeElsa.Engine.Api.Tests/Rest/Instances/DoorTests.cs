using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Api.Tests.Rest.Instances;

/// <summary>Who may do what, and what is answered to requests that can not be read.</summary>
public sealed class DoorTests : RunTest
{
    public static TheoryData<string, string, string> Routes => new()
    {
        { "POST", "workflow-definitions/x/execute", "exec:workflow-definitions" },
        { "GET", "workflow-definitions/x/execute", "exec:workflow-definitions" },
        { "POST", "workflow-definitions/x/dispatch", "exec:workflow-definitions" },
        { "POST", "workflow-definitions/x/bulk-dispatch", "exec:workflow-definitions" },
        { "POST", "workflow-instances", "read:workflow-instances" },
        { "GET", "workflow-instances", "read:*" },
        { "GET", "workflow-instances/x", "read:workflow-instances" },
        { "GET", "workflow-instances/x/execution-state", "read:workflow-instances" },
        { "POST", "workflow-instances/x/journal", "read:workflow-instances" },
        { "GET", "workflow-instances/x/journal", "read:*" },
        { "GET", "workflow-instances/x/journal/y", "read:workflow-instances" },
        { "GET", "workflow-instances/x/variables", "read:workflow-instances" },
        { "POST", "workflow-instances/x/variables", "write:workflow-instances" },
        { "POST", "workflow-instances/x/retry", "write:workflow-instances" },
        { "DELETE", "workflow-instances/x", "delete:workflow-instances" },
        { "POST", "bulk-actions/delete/workflow-instances", "delete:workflow-instances" },
        { "POST", "bulk-actions/delete/workflow-instances/by-id", "delete:workflow-instances" },
        { "POST", "cancel/workflow-instances/x", "cancel:workflow-instances" },
        { "POST", "bulk-actions/cancel/workflow-instances", "cancel:workflow-instances" },
        { "GET", "workflow-instances/x/export", "read:workflow-instances" },
        { "POST", "bulk-actions/export/workflow-instances", "read:workflow-instances" },
        { "POST", "bulk-actions/import/workflow-instances", "write:workflow-instances" },
        { "GET", "activity-executions/list?workflowInstanceId=x", "read:activity-execution" },
        { "GET", "activity-execution-summaries/list?workflowInstanceId=x", "read:activity-execution" },
        { "GET", "activity-executions/count?workflowInstanceId=x", "read:*" },
        { "POST", "activity-executions/report", "read:activity-execution" },
        { "GET", "activity-executions/by-id?id=x", "read:activity-execution" },
        { "GET", "activity-executions/x", "read:activity-execution" },
        { "GET", "activity-executions/x/call-stack", "read:activity-execution" },
        { "POST", "tasks/x/complete", "tasks:complete" },
        { "POST", "events/x/trigger", "trigger:event" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_route_asks_for_a_sign_in_and_for_its_right(string method, string path, string permission)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(method, path, Nobody));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(method, path, "read:nothing"));
        Assert.DoesNotContain(await StatusAsync(method, path, permission), new[] { HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.InternalServerError });
        Assert.DoesNotContain(await StatusAsync(method, path, "*"), new[] { HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.InternalServerError });
    }

    [Theory]
    [InlineData("workflow-instances", "{ no")]
    [InlineData("workflow-instances", "[]")]
    [InlineData("workflow-instances", """{"page":-1}""")]
    [InlineData("workflow-instances", """{"pageSize":-1}""")]
    [InlineData("workflow-instances", """{"page":"x"}""")]
    [InlineData("workflow-instances", """{"orderBy":"Colour"}""")]
    [InlineData("workflow-instances", """{"timestampFilters":[{"column":"Colour","operator":"Is","timestamp":"2020-01-01T00:00:00Z"}]}""")]
    [InlineData("workflow-instances", """{"timestampFilters":[{"column":"CreatedAt","operator":77,"timestamp":"2020-01-01T00:00:00Z"}]}""")]
    [InlineData("workflow-instances", """{"timestampFilters":[{"column":"CreatedAt","operator":"Is","timestamp":"yesterday"}]}""")]
    [InlineData("workflow-instances/x/journal?skip=-1", "{}")]
    [InlineData("workflow-instances/x/journal?take=99999999", "{}")]
    [InlineData("workflow-instances/x/journal", """{"filter":[]}""")]
    [InlineData("workflow-instances/ID/variables", "")]
    [InlineData("workflow-instances/ID/variables", """{"variables":[{"id":"nope","value":1}]}""")]
    [InlineData("workflow-instances/ID/variables", """{"variables":[{"id":"var-X","value":"no number"}]}""")]
    [InlineData("activity-executions/report", "{}")]
    [InlineData("activity-executions/report", "")]
    [InlineData("bulk-actions/cancel/workflow-instances", "{}")]
    [InlineData("bulk-actions/cancel/workflow-instances", "")]
    [InlineData("bulk-actions/delete/workflow-instances", "null")]
    [InlineData("bulk-actions/export/workflow-instances", "{}")]
    [InlineData("workflow-definitions/waits/execute", """{"input":[1]}""")]
    [InlineData("workflow-definitions/waits/execute", """{"input":"x"}""")]
    [InlineData("workflow-definitions/waits/execute", """{"versionOptions":"Nonsense"}""")]
    [InlineData("workflow-definitions/waits/execute", """{"triggerActivityId":"nope"}""")]
    [InlineData("workflow-definitions/waits/execute", """{"activityHandle":{"activityId":"e"}}""")]
    [InlineData("workflow-definitions/waits/dispatch", """{"instanceId":"a b/c"}""")]
    [InlineData("workflow-definitions/waits/bulk-dispatch", """{"count":-1}""")]
    [InlineData("workflow-definitions/waits/bulk-dispatch", """{"count":1000000}""")]
    [InlineData("events/x/trigger", """{"workflowExecutionMode":"Whatever"}""")]
    [InlineData("events/x/trigger", """{"workflowExecutionMode":7}""")]
    [InlineData("tasks/x/complete", "{ no")]
    public async Task What_can_not_be_used_is_a_bad_request_that_says_why(string path, string body)
    {
        var id = await ExecuteAsync(A.Flowchart("waits").Variable("X", "Int32", "1").With(A.Event("e", "Go")));
        var count = (await InstancesAsync("waits")).Count;

        using var response = await Client.PostAsync("/elsa/api/" + path.Replace("ID", id, StringComparison.Ordinal), new StringContent(body, Encoding.UTF8, "application/json"));
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.NotEmpty((string)answer!["errors"]!.AsObject().Single().Value!.AsArray().First()!);
        Assert.Equal(count, (await InstancesAsync("waits")).Count);
    }

    [Theory]
    [InlineData("workflow-instances?page=x")]
    [InlineData("workflow-instances?statuses=Nope")]
    [InlineData("workflow-instances?isSystem=perhaps")]
    [InlineData("workflow-definitions/waits/execute?input={")]
    [InlineData("activity-executions/list")]
    [InlineData("activity-executions/by-id")]
    [InlineData("activity-executions/list?workflowInstanceId=x&completed=perhaps")]
    public async Task A_query_that_can_not_be_used_is_a_bad_request(string path)
    {
        await PublishAsync(A.Flowchart("waits").With(A.Event("e", "Go")));

        using var response = await Client.GetAsync("/elsa/api/" + path);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("workflow-instances/nope", "132-instance-get-unknown")]
    [InlineData("workflow-instances/nope/execution-state", "132-instance-get-unknown")]
    [InlineData("workflow-instances/nope/variables", "132-instance-get-unknown")]
    [InlineData("activity-executions/nope", "132-instance-get-unknown")]
    [InlineData("activity-executions/nope/call-stack", "132-instance-get-unknown")]
    public async Task What_is_not_there_answers_as_recorded(string path, string recording)
    {
        using var response = await Client.GetAsync("/elsa/api/" + path);

        Assert.Equal((Recording.Read(recording).Status, 0L), ((int)response.StatusCode, response.Content.Headers.ContentLength));
    }

    [Fact]
    public async Task Every_request_that_the_designer_was_seen_to_send_is_understood()
    {
        var definition = A.Flowchart("second").With(A.Event("a1", "Go"), A.Line("a2"), A.Line("a3")).Connect("a1->a2", "a2->a3");
        var waiting = await ExecuteAsync(definition);
        await SendAsync("workflow-definitions/second/execute", new JsonObject { ["correlationId"] = "ended" });
        await PublishEventAsync("Go", waiting);
        var execution = (string)(await GetAsync($"activity-executions/list?workflowInstanceId={waiting}"))!["items"]![0]!["id"]!;
        using var stream = typeof(Recording).Assembly.GetManifestResourceStream("recorded/studio-requests.json")!;
        var replayed = 0;
        foreach (var seen in JsonNode.Parse(stream)!["requests"]!.AsArray().OfType<JsonObject>().Where(IsOurs))
        {
            var path = ((string)seen["path"]! + (string?)seen["query"]).Replace("/hello/", "/second/", StringComparison.Ordinal)
                .Replace("/i1", $"/{waiting}", StringComparison.Ordinal).Replace("=i1", $"={waiting}", StringComparison.Ordinal)
                .Replace("/x2", $"/{execution}", StringComparison.Ordinal).Replace("=x2", $"={execution}", StringComparison.Ordinal);
            using var request = new HttpRequestMessage(new HttpMethod((string)seen["method"]!), path);
            if (seen["reqBody"] is { } body)
            {
                request.Content = new StringContent(body.ToJsonString().Replace("\"i1\"", $"\"{waiting}\"", StringComparison.Ordinal), Encoding.UTF8, "application/json");
            }

            using var response = await Client.SendAsync(request);
            Assert.True(response.IsSuccessStatusCode, $"{seen["method"]} {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            replayed++;
        }

        Assert.InRange(replayed, 15, 100);
    }

    private static bool IsOurs(JsonObject seen)
    {
        string[] parts = ["/workflow-instances", "/activity-execution", "/execute", "/dispatch"];
        return ((string?)seen["path"])?.StartsWith("/elsa/api/", StringComparison.Ordinal) is true && parts.Any(part => ((string)seen["path"]!).Contains(part, StringComparison.Ordinal));
    }

    private async Task<HttpStatusCode> StatusAsync(string method, string path, string permissions)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/elsa/api/" + path);
        request.Headers.Add(PermissionsHeader, permissions);
        using var response = await Client.SendAsync(request);
        return response.StatusCode;
    }
}
