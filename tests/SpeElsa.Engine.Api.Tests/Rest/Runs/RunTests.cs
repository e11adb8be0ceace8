using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Api.Tests.Rest.Instances;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Api.Tests.Rest.Runs;

/// <summary>Starts over the API.</summary>
public sealed class RunTests : RunTest
{
    protected override void Add(IServiceCollection services)
    {
        base.Add(services);
        services.AddActivitiesFrom(typeof(WaitForLink).Assembly);
        services.Configure<Elsa.Http.Options.HttpActivityOptions>(options => options.BaseUrl = new Uri("http://localhost"));
    }

    [Fact]
    public async Task Execute_answers_as_recorded_with_the_instance_in_its_headers()
    {
        await PublishLinkAsync();

        foreach (var name in new[] { "114-definitions-execute-post", "120-definitions-execute-get" })
        {
            var recording = Recording.Read(name);
            using var request = new HttpRequestMessage(new HttpMethod(recording.Method), recording.Path) { Content = recording.Body is null ? null : JsonContent.Create(recording.Body) };
            using var response = await Client.SendAsync(request);
            var body = await response.Content.ReadFromJsonAsync<JsonNode>();
            Assert.Equal(("False", "true"), (Header(response, "x-elsa-workflow-cannot-start"), Header(response, "x-elsa-response")));
            Assert.Equal(Header(response, "x-elsa-workflow-instance-id"), (string)body!["workflowState"]!["id"]!);
            AssertLike(name, body, new Dictionary<string, string>
            {
                ["workflowState.activityExecutionContexts[].properties"] = "belong to the activities",
                ["workflowState.activityExecutionContexts[].activityState"] = "the test's activity has further inputs",
                ["workflowState.properties"] = "names the request that an answer would be for",
                ["workflowState.input"] = "the input of the run; Elsa keeps it elsewhere",
            });
        }
    }

    [Fact]
    public async Task Dispatch_answers_as_recorded_and_an_id_starts_one_instance()
    {
        await PublishLinkAsync();

        AssertLike("122-definitions-dispatch", await SendAsync("workflow-definitions/peer-link/dispatch", Recording.Read("122-definitions-dispatch").Body), new Dictionary<string, string>());
        var many = await SendAsync("workflow-definitions/peer-link/bulk-dispatch", Recording.Read("123-definitions-bulk-dispatch").Body);
        AssertLike("123-definitions-bulk-dispatch", many, new Dictionary<string, string>());
        Assert.Equal(3, many!["workflowInstanceIds"]!.AsArray().Select(id => (string)id!).Distinct().Count());
        for (var time = 0; time < 2; time++)
        {
            var named = await SendAsync("workflow-definitions/peer-link/dispatch", new JsonObject { ["instanceId"] = "mine" });
            Assert.Equal("mine", (string)named!["workflowInstanceId"]!);
        }

        using var other = await PostAsync("workflow-definitions/peer-link/dispatch", new JsonObject { ["instanceId"] = "mine", ["correlationId"] = "else" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        Assert.Equal(5, (await InstancesAsync("peer-link")).Count);
    }

    [Theory]
    [InlineData("124-definitions-execute-unknown")]
    [InlineData("125-definitions-dispatch-unknown")]
    public async Task An_unknown_definition_answers_as_recorded(string name)
    {
        var recording = Recording.Read(name);
        using var response = await Client.PostAsync(recording.Path, JsonContent.Create(recording.Body));

        Assert.Equal((recording.Status, 0L), ((int)response.StatusCode, response.Content.Headers.ContentLength));
    }

    [Fact]
    public async Task Fifty_equal_requests_under_one_key_start_one_instance_and_another_request_is_refused()
    {
        await PublishAsync(A.Flowchart("keyed").With(A.Event("e", "Go")));

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => KeyedAsync("k1", "c")));
        Assert.Single(answers.Select(answer => answer.InstanceId).Distinct());
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Single(await InstancesAsync("keyed"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await KeyedAsync("k1", "other")).Status);
    }

    [Fact]
    public async Task A_workflow_that_writes_a_response_answers_with_it()
    {
        await PublishAsync(A.Sequence("answers").With(Respond("r", "'Hello ' + getInput('Name')", ("statusCode", A.Text("Accepted")))));

        using var response = await PostAsync("workflow-definitions/answers/execute", new JsonObject { ["input"] = new JsonObject { ["Name"] = "Ada" } });
        Assert.Equal((HttpStatusCode.Accepted, "Hello Ada"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.NotNull(Header(response, "x-elsa-workflow-instance-id"));
    }

    [Fact]
    public async Task A_start_that_the_strategy_forbids_says_so_in_its_header()
    {
        await PublishAsync(A.Flowchart("single").WithOption("activationStrategyType", "Elsa.Workflows.Runtime.ActivationValidators.SingletonStrategy, Elsa.Workflows.Runtime").With(A.Event("e", "Go")));

        using var first = await PostAsync("workflow-definitions/single/execute");
        using var second = await PostAsync("workflow-definitions/single/execute");
        Assert.Equal(("False", "True"), (Header(first, "x-elsa-workflow-cannot-start"), Header(second, "x-elsa-workflow-cannot-start")));
        Assert.Equal((HttpStatusCode.OK, (string?)null), (second.StatusCode, Header(second, "x-elsa-workflow-instance-id")));
        using var dispatched = await PostAsync("workflow-definitions/single/dispatch");
        Assert.Equal(HttpStatusCode.Conflict, dispatched.StatusCode);
    }

    private async Task PublishLinkAsync()
    {
        var model = Recording.Read("113-link-definition-publish").Body!["model"]!;
        var draft = await Services.GetRequiredService<SpeElsa.Engine.Storage.IDefinitionStore>().SaveDraftAsync(A.Definition("peer-link", model.ToJsonString()), null, default);
        Assert.True((await Services.GetRequiredService<SpeElsa.Engine.Management.DefinitionPublisher>().PublishAsync(draft.Latest!, null, default)).IsPublished);
    }

    private async Task<(HttpStatusCode Status, string? InstanceId)> KeyedAsync(string key, string correlationId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/elsa/api/workflow-definitions/keyed/execute") { Content = JsonContent.Create(new { correlationId }) };
        request.Headers.Add("Idempotency-Key", key);
        using var response = await Client.SendAsync(request);
        return (response.StatusCode, Header(response, "x-elsa-workflow-instance-id"));
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
