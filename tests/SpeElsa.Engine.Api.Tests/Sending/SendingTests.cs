using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Models;
using Elsa.Workflows.Runtime;
using Elsa.Workflows.Runtime.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Api.Tests.Http;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Api.Tests.Sending;

/// <summary>Requests to a real server on this machine.</summary>
public sealed class SendingTests : HttpTest, IAsyncLifetime
{
    private readonly ConcurrentQueue<(string Method, string Body, Dictionary<string, string> Headers)> _received = new();
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _patience = TimeSpan.FromMinutes(5);
    private WebApplication? _server;

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        _server = builder.Build();
        _server.Urls.Add("http://127.0.0.1:0");
        _server.Map("/{kind}", AnswerAsync);
        await _server.StartAsync();
        await InitializeAsync();
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await _server!.DisposeAsync();
        await DisposeAsync();
    }

    protected override void Add(IServiceCollection services) => services.AddHttpClient("Elsa").ConfigureHttpClient(client => client.Timeout = _patience);

    [Theory]
    [InlineData("200", "matched", "200")]
    [InlineData("404", "unmatched", "404")]
    [InlineData("hang", "timeout", null)]
    [InlineData("closed", "unconnected", null)]
    public async Task The_response_says_what_runs_next(string kind, string expected, string? code)
    {
        var send = Send("Elsa.SendHttpRequest", kind);
        send["expectedStatusCodes"] = new JsonArray(new JsonObject { ["statusCode"] = 200, ["activity"] = A.Line("matched") });
        send["unmatchedStatusCode"] = A.Line("unmatched");
        send["failedToConnect"] = A.Line("unconnected");
        send["timeout"] = A.Line("timeout");
        send["statusCode"] = A.Into("Code");

        var lines = await RunAsync(A.Sequence("send").Variable("Code").With(send, A.Say("code", "getCode()")));

        Assert.Equal([expected, code], lines);
    }

    [Theory]
    [InlineData("200", "ok")]
    [InlineData("404", "unmatched")]
    [InlineData("hang", "timeout")]
    [InlineData("closed", "unconnected")]
    public async Task In_a_flowchart_the_response_is_an_outcome(string kind, string expected)
    {
        var lines = await RunAsync(A.Flowchart("flow")
            .With(Send("Elsa.FlowSendHttpRequest", kind), A.Line("ok"), A.Line("unmatched"), A.Line("unconnected"), A.Line("timeout"))
            .Connect("send:200 -> ok", "send:Unmatched status code -> unmatched", "send:Failed to connect -> unconnected", "send:Timeout -> timeout"));

        Assert.Equal([expected], lines);
    }

    [Theory]
    [InlineData("json", "getBody().name", "Ada")]
    [InlineData("text", "getBody()", "plain")]
    [InlineData("broken", "getBody()", "{")]
    public async Task The_body_of_the_response_is_read(string kind, string code, string expected)
    {
        var send = Send("Elsa.SendHttpRequest", kind, ("parsedContent", A.Into("Body")));

        Assert.Equal([expected], await RunAsync(A.Sequence("body").Variable("Body").With(send, A.Say("say", code))));
    }

    [Fact]
    public async Task The_request_is_sent_as_it_is_described_and_its_secret_is_stored_nowhere()
    {
        var send = Send(
            "Elsa.SendHttpRequest",
            "200",
            ("method", A.Text("POST")),
            ("content", A.JavaScript("({ name: 'Ada' })")),
            ("authorization", A.Text("Bearer canary")),
            ("requestHeaders", A.Expression("Object", """{"x-one":["1"]}""")));

        await RunAsync(A.Sequence("described").With(send));

        var (method, body, headers) = Assert.Single(_received);
        Assert.Equal(("POST", """{"name":"Ada"}""", "1", "Bearer canary"), (method, body, headers["x-one"], headers["Authorization"]));
        Assert.DoesNotContain("canary", await StoredAsync("described"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_break_after_a_token_is_not_sent()
    {
        await RunAsync(A.Sequence("token").With(Send("Elsa.SendHttpRequest", "200", ("authorization", A.Text("Bearer canary\n")))));

        Assert.Equal("Bearer canary", Assert.Single(_received).Headers["Authorization"]);
    }

    [Fact]
    public async Task A_secret_that_cannot_be_sent_is_not_quoted_in_the_incident()
    {
        var run = await FaultAsync(A.Sequence("quoted").With(Send("Elsa.SendHttpRequest", "200", ("authorization", A.Text("Bearer canary\nmore")))));

        Assert.Contains("Authorization must be one line", Assert.Single(run.Incidents).Message, StringComparison.Ordinal);
        Assert.Empty(_received);
        Assert.DoesNotContain("canary", await StoredAsync("quoted"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_larger_than_a_run_may_keep_is_refused()
    {
        var run = await FaultAsync(A.Sequence("large").With(Send("Elsa.SendHttpRequest", "large")));

        Assert.Contains("larger than 1048576 bytes", Assert.Single(run.Incidents).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_attempt_after_a_stop_carries_the_key_of_the_first()
    {
        await PublishAsync(A.Sequence("again").With(Send("Elsa.SendHttpRequest", "once")));
        var client = await Services.GetRequiredService<IWorkflowRuntime>().CreateClientAsync();
        _ = client.CreateAndRunInstanceAsync(new CreateAndRunWorkflowInstanceRequest { WorkflowDefinitionHandle = WorkflowDefinitionHandle.ByDefinitionId("again") });
        await _arrived.Task;

        await RestartAsync();
        var ended = await Eventually.GetAsync(
            async () => (await InstancesAsync("again"))[0], record => record.Status is WorkflowStatus.Finished, record => $"it is {record.SubStatus}");

        Assert.Equal(WorkflowSubStatus.Finished, ended.SubStatus);
        Assert.Equal(2, _received.Count);
        Assert.NotEmpty(Assert.Single(_received.Select(request => request.Headers["Idempotency-Key"]).Distinct()));
    }

    private JsonObject Send(string type, string kind, params (string Name, JsonNode? Value)[] more)
    {
        if (kind == "hang")
        {
            _patience = TimeSpan.FromSeconds(2);
        }

        var url = kind == "closed" ? $"http://127.0.0.1:{FreePort.Find()}/" : $"{_server!.Urls.First()}/{kind}";
        return A.Node("send", type, [("url", A.Text(url)), .. more]);
    }

    private async Task<string> StoredAsync(string definitionId)
    {
        var instance = Assert.Single(await InstancesAsync(definitionId));
        var reader = Services.GetRequiredService<IInstanceReader>();
        var journal = await reader.ReadJournalAsync(instance.Id, 0, 1000, default);
        var state = Serialization.EngineJson.Write(Serialization.StateCodec.Decode((await reader.ReadStateAsync(instance.Id, default))!));
        return state + string.Concat(journal.Select(row => row.Payload));
    }

    private async Task<RunWorkflowInstanceResponse> FaultAsync(DefinitionBuilder definition)
    {
        var result = await PublishAsync(definition);
        var client = await Services.GetRequiredService<IWorkflowRuntime>().CreateClientAsync();
        return await client.CreateAndRunInstanceAsync(
            new CreateAndRunWorkflowInstanceRequest { WorkflowDefinitionHandle = WorkflowDefinitionHandle.ByDefinitionVersionId(result.Version!.Id) });
    }

    private async Task<IReadOnlyList<string?>> RunAsync(DefinitionBuilder definition)
    {
        var result = await PublishAsync(definition);
        Assert.True(result.IsPublished, string.Join("; ", result.Findings.Select(finding => finding.Message)));
        var client = await Services.GetRequiredService<IWorkflowRuntime>().CreateClientAsync();
        var run = await client.CreateAndRunInstanceAsync(
            new CreateAndRunWorkflowInstanceRequest { WorkflowDefinitionHandle = WorkflowDefinitionHandle.ByDefinitionVersionId(result.Version!.Id) });
        Assert.True(run.SubStatus is WorkflowSubStatus.Finished, string.Join("; ", run.Incidents.Select(incident => incident.Message)));
        var journal = await Services.GetRequiredService<IInstanceReader>().ReadJournalAsync(client.WorkflowInstanceId, 0, 1000, default);
        return [.. journal.Where(row => row is { EventName: "Completed", ActivityType: "Elsa.WriteLine" }).Select(row => (string?)JsonNode.Parse(row.Payload!)!["Text"])];
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        _received.Enqueue((context.Request.Method, await reader.ReadToEndAsync(), context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        switch (context.Request.RouteValues["kind"] as string)
        {
            case "json":
                await context.Response.WriteAsJsonAsync(new { name = "Ada" });
                break;
            case "text":
                context.Response.ContentType = "text/plain";
                await context.Response.WriteAsync("plain");
                break;
            case "hang":
            case "once" when _received.Count == 1:
                _arrived.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                break;
            case "broken":
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync("{");
                break;
            case "large":
                await context.Response.Body.WriteAsync(new byte[1024 * 1024 + 1]);
                break;
            case "404":
                context.Response.StatusCode = 404;
                break;
        }
    }
}
