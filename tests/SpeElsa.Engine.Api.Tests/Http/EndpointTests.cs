using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json.Nodes;
using Elsa.Workflows;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Api.Tests.Http;

public sealed class EndpointTests : HttpTest
{
    protected override void Configure(WebApplication app) => app.Use(async (context, next) =>
    {
        if (context.Request.Headers["x-rank"].ToString() is { Length: > 0 } rank)
        {
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new System.Security.Claims.Claim("rank", rank)], "test"));
        }

        await next(context);
    });

    [Fact]
    public async Task A_request_starts_a_workflow_and_gets_what_it_writes()
    {
        var endpoint = Starting(Endpoint("in", "orders/{id}", "POST", ("parsedContent", A.Into("Body")), ("routeData", A.Into("Route")), ("queryStringData", A.Into("Query"))));
        await PublishAsync(A.Flowchart("order").Variable("Body").Variable("Route").Variable("Query")
            .With(endpoint, Respond("out", "({ id: getRoute().id, customer: getBody().customer, rush: getQuery().rush })", ("statusCode", A.Text("Created"))))
            .Connect("in -> out"));

        using var response = await Client.PostAsJsonAsync("/workflows/orders/o-1?rush=yes", new { customer = "Ada" });

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("""{"id":"o-1","customer":"Ada","rush":"yes"}""", await response.Content.ReadAsStringAsync());
        var instance = Assert.Single(await InstancesAsync("order"));
        Assert.Equal(instance.Id, Assert.Single(response.Headers.GetValues("x-elsa-workflow-instance-id")));
    }

    [Fact]
    public async Task Where_nothing_is_written_the_caller_learns_which_instance_it_reached()
    {
        await PublishAsync(A.Flowchart("silent").With(Starting(Endpoint("in", "silent"))));

        var body = await Client.GetFromJsonAsync<JsonObject>("/workflows/silent");

        Assert.Equal(Assert.Single(await InstancesAsync("silent")).Id, (string)body!["workflowInstanceIds"]![0]!);
    }

    [Theory]
    [InlineData("GET", "/workflows/nowhere", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/workflows/here", HttpStatusCode.NotFound)]
    [InlineData("GET", "/elsewhere", HttpStatusCode.NotFound)]
    public async Task What_nobody_listens_for_is_not_found(string method, string path, HttpStatusCode status)
    {
        await PublishAsync(A.Flowchart("here").With(Starting(Endpoint("in", "here"))));

        using var response = await Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task A_run_waits_for_a_second_request_across_a_restart()
    {
        await PublishAsync(A.Flowchart("two").Variable("Answer").With(
                Starting(Endpoint("first", "begin", "POST")),
                Endpoint("second", "answer", "POST", ("parsedContent", A.Into("Answer"))),
                Respond("out", "'You said ' + getAnswer()"))
            .Connect("first -> second", "second -> out"));
        using var began = await Client.PostAsync("/workflows/begin?correlationId=c-1", null);
        began.EnsureSuccessStatusCode();
        await RestartAsync();

        using var answered = await Client.PostAsync("/workflows/answer", new StringContent("yes"));
        using var late = await Client.PostAsync("/workflows/answer", new StringContent("again"));

        Assert.Equal("You said yes", await answered.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
        Assert.Equal("c-1", Assert.Single(await InstancesAsync("two")).CorrelationId);
    }

    [Fact]
    public async Task Two_runs_at_the_same_place_are_told_apart_by_correlation_or_instance()
    {
        await PublishAsync(A.Flowchart("apart").With(Starting(Endpoint("first", "begin", "POST")), Endpoint("second", "answer"), Respond("out", "getCorrelationId()"))
            .Connect("first -> second", "second -> out"));
        await Client.PostAsync("/workflows/begin?correlationId=a", null);
        await Client.PostAsync("/workflows/begin?correlationId=b", null);

        using var both = await Client.GetAsync("/workflows/answer");
        using var one = await Client.GetAsync("/workflows/answer?correlationId=b");
        var other = (await InstancesAsync("apart")).Single(instance => instance.CorrelationId == "a");
        using var rest = await Client.GetAsync($"/workflows/answer?workflowInstanceId={other.Id}");

        Assert.Equal(HttpStatusCode.InternalServerError, both.StatusCode);
        Assert.Equal(2, (await both.Content.ReadFromJsonAsync<JsonObject>())!["workflows"]!.AsArray().Count);
        Assert.Equal("b", await one.Content.ReadAsStringAsync());
        Assert.Equal("a", await rest.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Fifty_equal_requests_under_one_key_start_one_instance_and_get_one_answer()
    {
        await PublishAsync(A.Flowchart("once").With(Starting(Endpoint("in", "once", "POST")), Respond("out", "getWorkflowInstanceId()")).Connect("in -> out"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/workflows/once");
            request.Headers.Add("Idempotency-Key", "k-1");
            using var response = await Client.SendAsync(request);
            return await response.Content.ReadAsStringAsync();
        }));

        Assert.Equal(Assert.Single(await InstancesAsync("once")).Id, Assert.Single(answers.Distinct()));
    }

    [Fact]
    public async Task A_repeated_request_in_the_middle_of_a_run_gets_its_answer_again_and_another_one_under_its_key_does_not()
    {
        await PublishAsync(A.Flowchart("repeat").Variable("Word").With(
                Starting(Endpoint("first", "begin", "POST")),
                Endpoint("second", "answer/{id}", "POST", ("parsedContent", A.Into("Word"))),
                Respond("out", "'heard ' + getWord()"))
            .Connect("first -> second", "second -> out"));
        await Client.PostAsync("/workflows/begin", null);

        using var first = await SendAsync("/workflows/answer/1", "yes");
        await RestartAsync();
        using var again = await SendAsync("/workflows/answer/1", "yes");
        using var other = await SendAsync("/workflows/answer/1", "no");
        using var elsewhere = await SendAsync("/workflows/answer/2", "yes");

        Assert.Equal(["heard yes", "heard yes"], [await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync()]);
        Assert.Equal([HttpStatusCode.UnprocessableEntity, HttpStatusCode.NotFound], [other.StatusCode, elsewhere.StatusCode]);

        Task<HttpResponseMessage> SendAsync(string path, string body)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body) };
            request.Headers.Add("Idempotency-Key", "k");
            return Client.SendAsync(request);
        }
    }

    [Fact]
    public async Task Of_two_requests_for_one_wait_one_is_heard_and_the_other_told()
    {
        await PublishAsync(A.Flowchart("race").With(Starting(Endpoint("first", "begin", "POST")), Endpoint("second", "answer"), Respond("out", "'heard'")).Connect("first -> second", "second -> out"));
        await Client.PostAsync("/workflows/begin", null);

        var statuses = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var response = await Client.GetAsync("/workflows/answer");
            return response.StatusCode;
        }));

        Assert.Single(statuses, status => status is HttpStatusCode.OK);
        Assert.All(statuses.Where(status => status is not HttpStatusCode.OK), status => Assert.True(status is HttpStatusCode.Conflict or HttpStatusCode.NotFound, $"{status}"));
    }

    [Fact]
    public async Task A_caller_that_waits_too_long_is_told_which_instance_goes_on()
    {
        await PublishAsync(A.Flowchart("slow").With(Starting(Endpoint("in", "slow", "GET", ("requestTimeout", A.Text("00:00:00.200")))), A.Node("busy", "Elsa.RunJavaScript", ("script", A.JavaScript("const end = Date.now() + 1500; while (Date.now() < end) {}")))).Connect("in -> busy"));

        using var response = await Client.GetAsync("/workflows/slow");

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal(Assert.Single(await InstancesAsync("slow")).Id, Assert.Single(response.Headers.GetValues("x-elsa-workflow-instance-id")));
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("mate", HttpStatusCode.Unauthorized)]
    [InlineData("captain", HttpStatusCode.OK)]
    public async Task A_policy_says_who_may_ask(string? rank, HttpStatusCode status)
    {
        await PublishAsync(A.Flowchart("guarded").With(Starting(Endpoint("in", "guarded", "GET", ("authorize", A.Text(true)), ("policy", A.Text("captain"))))));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/workflows/guarded");
        if (rank is not null)
        {
            request.Headers.Add("x-rank", rank);
        }

        using var response = await Client.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(status is HttpStatusCode.OK ? 1 : 0, (await InstancesAsync("guarded")).Count);
    }

    [Fact]
    public async Task Files_are_received_within_limits_and_a_refusal_can_be_an_outcome()
    {
        var endpoint = Starting(Endpoint(
            "in", "upload", "POST", ("allowedFileExtensions", A.Expression("Object", """[".txt"]""")), ("exposeInvalidFileExtensionOutcome", JsonValue.Create(true)),
            ("fileSizeLimit", A.Text(5)), ("file", A.Into("File"))));
        await PublishAsync(A.Flowchart("upload").Variable("File")
            .With(endpoint, Respond("ok", "getFile().fileName"), Respond("bad", "'Text files only'", ("statusCode", A.Text("Conflict"))))
            .Connect("in -> ok", "in:Invalid file extension -> bad"));

        using var text = await UploadAsync("a.txt", "hello");
        using var program = await UploadAsync("a.exe", "hello");
        using var large = await UploadAsync("b.txt", "hello world");

        Assert.Equal("a.txt", await text.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.Conflict, "Text files only"), (program.StatusCode, await program.Content.ReadAsStringAsync()));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
    }

    [Fact]
    public async Task A_request_that_is_too_large_or_no_JSON_reaches_nobody()
    {
        await PublishAsync(A.Flowchart("small").With(Starting(Endpoint("in", "small", "POST", ("requestSizeLimit", A.Text(10))))));

        using var large = await Client.PostAsync("/workflows/small", new StringContent(new string('x', 11)));
        using var broken = await Client.PostAsync("/workflows/small", new StringContent("{ oh", new MediaTypeHeaderValue("application/json")));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        Assert.Empty(await InstancesAsync("small"));
    }

    [Fact]
    public async Task A_fault_is_told_with_the_instance_that_has_it()
    {
        await PublishAsync(A.Flowchart("fault").With(Starting(Endpoint("in", "fault")), A.Node("fail", "Elsa.Fault", ("message", A.Text("It broke.")))).Connect("in -> fail"));

        using var response = await Client.GetAsync("/workflows/fault");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonObject>();
        Assert.Contains($"It broke. Its instance is {Assert.Single(await InstancesAsync("fault")).Id}", (string)problem!["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_of_a_request_are_stored_nowhere()
    {
        await PublishAsync(A.Flowchart("secret").With(Starting(Endpoint("in", "secret")), Respond("out", "'ok'")).Connect("in -> out"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/workflows/secret");
        request.Headers.Add("Authorization", "Bearer canary-1");
        request.Headers.Add("Cookie", "session=canary-2");
        (await Client.SendAsync(request)).EnsureSuccessStatusCode();

        var instance = Assert.Single(await InstancesAsync("secret"));
        var reader = Services.GetRequiredService<IInstanceReader>();
        var journal = await reader.ReadJournalAsync(instance.Id, 0, 1000, default);
        var state = Serialization.EngineJson.Write(Serialization.StateCodec.Decode((await reader.ReadStateAsync(instance.Id, default))!));

        Assert.DoesNotContain("canary", state + string.Concat(journal.Select(row => row.Payload)), StringComparison.Ordinal);
        Assert.Equal(WorkflowSubStatus.Finished, instance.SubStatus);
    }

    [Fact]
    public async Task A_path_that_starts_another_workflow_already_is_not_published_twice()
    {
        await PublishAsync(A.Flowchart("one").With(Starting(Endpoint("in", "/same/", "POST"))));

        var second = await PublishAsync(A.Flowchart("two").With(Starting(Endpoint("in", "same", "POST"))));
        var again = await PublishAsync(A.Flowchart("one").With(Starting(Endpoint("in", "same", "POST")), A.Line("more")));

        Assert.False(second.IsPublished);
        Assert.Contains("POST /same starts the workflow 'one' already", Assert.Single(second.Findings, finding => finding.Code == "route-taken").Message, StringComparison.Ordinal);
        Assert.True(again.IsPublished);
    }

    [Fact]
    public async Task The_most_specific_path_is_taken()
    {
        await PublishAsync(A.Flowchart("any").With(Starting(Endpoint("in", "things/{name}")), Respond("out", "'any'")).Connect("in -> out"));
        await PublishAsync(A.Flowchart("exact").With(Starting(Endpoint("in", "things/special")), Respond("out", "'special'")).Connect("in -> out"));

        Assert.Equal("special", await Client.GetStringAsync("/workflows/things/special"));
        Assert.Equal("any", await Client.GetStringAsync("/workflows/things/other"));
    }

    private Task<HttpResponseMessage> UploadAsync(string name, string content) =>
        Client.PostAsync("/workflows/upload", new MultipartFormDataContent { { new StringContent(content), "file", name } });
}
