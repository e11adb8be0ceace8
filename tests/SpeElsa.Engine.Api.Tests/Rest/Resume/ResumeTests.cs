using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SpeElsa.Engine.Api.Tests.Rest.Instances;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Api.Tests.Rest.Resume;

/// <summary>Runs that go on from outside: by link, task and event.</summary>
public sealed class ResumeTests : RunTest
{
    protected override void Add(IServiceCollection services)
    {
        base.Add(services);
        services.AddActivitiesFrom(typeof(WaitForLink).Assembly);
        services.Configure<Elsa.Http.Options.HttpActivityOptions>(options => options.BaseUrl = new Uri("https://moves.example/base"));
    }

    [Fact]
    public async Task A_link_lets_a_run_go_on_once_whoever_opens_it_how_often()
    {
        var id = await ExecuteAsync(LinkFlow("link"));
        var link = await LinkAsync(id);
        Assert.StartsWith("https://moves.example/base/elsa/api/bookmarks/resume?t=", link.Url, StringComparison.Ordinal);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            using var response = await AnonymousAsync(HttpMethod.Post, link.Path, new JsonObject { ["input"] = new JsonObject { ["Answer"] = "yes" } });
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        }));

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK, ""), answer));
        Assert.Equal("Finished", (string)(await GetAsync($"workflow-instances/{id}"))!["subStatus"]!);
        var journal = await Reader.ReadJournalAsync(id, 0, 1000, default);
        Assert.Single(journal, row => row.EventName == "Resumed");
        Assert.Single(journal, row => row is { EventName: "Completed", ActivityId: "after" });
        Assert.Contains("yes", journal.Single(row => row is { EventName: "Completed", ActivityId: "wait" }).Payload!, StringComparison.Ordinal);
        using var burnt = await AnonymousAsync(HttpMethod.Get, link.Path);
        Assert.Equal((HttpStatusCode.OK, 0L), (burnt.StatusCode, burnt.Content.Headers.ContentLength));
    }

    [Fact]
    public async Task A_link_opened_with_get_and_async_is_stored_and_heard()
    {
        var id = await ExecuteAsync(LinkFlow("link"));
        var link = await LinkAsync(id);

        using var response = await AnonymousAsync(HttpMethod.Get, link.Path + "&async=true&in=" + Uri.EscapeDataString("""{"Answer":"later"}"""));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Eventually.GetAsync(() => GetAsync($"workflow-instances/{id}/execution-state"), stand => (string)stand!["subStatus"]! == "Finished");
        Assert.Contains("later", (await Reader.ReadJournalAsync(id, 0, 1000, default)).Single(row => row is { EventName: "Completed", ActivityId: "wait" }).Payload!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bookmark_that_does_not_burn_is_resumed_by_its_link_again_and_again()
    {
        var id = await ExecuteAsync(LinkFlow("again", ("again", A.Text("True"))));
        var link = await LinkAsync(id);

        for (var time = 1; time <= 3; time++)
        {
            using var response = await AnonymousAsync(HttpMethod.Post, link.Path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(time, (await Reader.ReadJournalAsync(id, 0, 1000, default)).Count(row => row.EventName == "Resumed"));
        }
    }

    [Fact]
    public async Task What_the_workflow_writes_is_the_answer_to_the_link()
    {
        var id = await ExecuteAsync(A.Sequence("writes").Variable("Url", "String").With(
            A.Node("wait", "Peer.WaitForLink", ("result", A.Into("Url"))), Respond("r", "'Thank you'")));
        var link = await LinkAsync(id);

        for (var time = 0; time < 2; time++)
        {
            using var response = await AnonymousAsync(HttpMethod.Get, link.Path);
            Assert.Equal("Thank you", await response.Content.ReadAsStringAsync());
        }
    }

    [Theory]
    [InlineData("bookmarks/resume?t=abc")]
    [InlineData("bookmarks/resume")]
    [InlineData("bookmarks/resume?t=%20%20")]
    [InlineData("events/trigger?t=abc")]
    [InlineData("events/trigger")]
    public async Task A_bad_token_answers_as_recorded(string path)
    {
        using var response = await AnonymousAsync(HttpMethod.Get, "/elsa/api/" + path);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        AssertLike("116-bookmarks-resume-bad-token", await response.Content.ReadFromJsonAsync<JsonNode>(), new Dictionary<string, string>
        {
            ["type"] = "problem details too",
            ["title"] = "problem details too",
            ["status"] = "problem details too",
            ["detail"] = "problem details too",
        });
    }

    [Fact]
    public async Task A_link_of_one_kind_is_none_of_the_other()
    {
        var id = await ExecuteAsync(LinkFlow("link"));
        var link = await LinkAsync(id);

        using var response = await AnonymousAsync(HttpMethod.Get, link.Path.Replace("bookmarks/resume", "events/trigger", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task An_expired_link_is_refused_and_says_why()
    {
        var tokens = new SpeElsa.Engine.Api.Rest.Resume.ResumeTokens(
            Services.GetRequiredService<Microsoft.AspNetCore.DataProtection.IDataProtectionProvider>(), new FakeTimeProvider(DateTimeOffset.UnixEpoch));
        var old = tokens.Write(new SpeElsa.Engine.Api.Rest.Resume.BookmarkToken("b", "i", DateTimeOffset.UnixEpoch.AddDays(1)));

        using var response = await AnonymousAsync(HttpMethod.Get, $"/elsa/api/bookmarks/resume?t={old}");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("expired", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("b", tokens.ReadBookmark(old).BookmarkId);
    }

    [Fact]
    public async Task Too_much_input_and_input_that_is_no_json_are_refused_and_change_nothing()
    {
        var id = await ExecuteAsync(LinkFlow("link"));
        var link = await LinkAsync(id);

        using var large = await AnonymousAsync(HttpMethod.Post, link.Path, new JsonObject { ["input"] = new JsonObject { ["Answer"] = new string('x', 1024 * 1024) } });
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        using var text = new HttpRequestMessage(HttpMethod.Post, link.Path) { Content = new StringContent("{ no") };
        text.Headers.Add(PermissionsHeader, Nobody);
        using var broken = await Client.SendAsync(text);
        using var list = await AnonymousAsync(HttpMethod.Get, link.Path + "&in=[1]");
        using var half = await AnonymousAsync(HttpMethod.Get, link.Path + "&in={");
        Assert.All([broken, list, half], response => Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode));
        Assert.Equal("Suspended", (string)(await GetAsync($"workflow-instances/{id}"))!["subStatus"]!);
    }

    [Fact]
    public async Task A_task_is_completed_once_and_an_unknown_one_is_no_error()
    {
        var id = await StartRecordedFlowAsync();
        await PublishEventAsync("PeerApproved", id, new { approvedBy = "Bob" });
        var taskId = (string)(await GetAsync($"workflow-instances/{id}"))!["workflowState"]!["bookmarks"]![0]!["payload"]!["taskId"]!;

        foreach (var task in new[] { "nope", taskId, taskId })
        {
            using var response = await PostAsync($"tasks/{task}/complete", Recording.Read("099-flow-1-task-complete").Body);
            Assert.Equal((HttpStatusCode.OK, 0L), (response.StatusCode, response.Content.Headers.ContentLength));
        }

        await Eventually.GetAsync(() => GetAsync($"workflow-instances/{id}/execution-state"), stand => (string)stand!["status"]! == "Finished");
        var execution = (await GetAsync($"activity-executions/list?workflowInstanceId={id}&activityId=RunTask1"))!["items"]![0]!;
        Assert.True((bool)execution["outputs"]!["Result"]!["ok"]!);
    }

    [Fact]
    public async Task An_event_reaches_a_waiting_run_at_once_where_asked_and_later_where_not()
    {
        var first = await StartRecordedFlowAsync();
        var recorded = Recording.Read("097-flow-1-event-trigger-sync").Body!;
        recorded["workflowInstanceId"] = first;

        using var synchronous = await PostAsync("events/PeerApproved/trigger", recorded);
        Assert.Equal((HttpStatusCode.OK, 0L), (synchronous.StatusCode, synchronous.Content.Headers.ContentLength));
        Assert.Equal("Elsa.RunTask", (string)(await GetAsync($"workflow-instances/{first}"))!["workflowState"]!["bookmarks"]![0]!["name"]!);
        var second = await ExecuteAsync(A.Sequence("waits").With(A.Event("e", "Later"), A.Line("after")));
        using var asynchronous = await PostAsync("events/Later/trigger");
        Assert.Equal(HttpStatusCode.OK, asynchronous.StatusCode);
        await Eventually.GetAsync(() => GetAsync($"workflow-instances/{second}/execution-state"), stand => (string)stand!["status"]! == "Finished");
        using var nobody = await PostAsync("events/Nobody/trigger", new JsonObject());
        Assert.Equal(HttpStatusCode.OK, nobody.StatusCode);
    }

    [Fact]
    public async Task Fifty_equal_events_under_one_key_have_one_effect_in_a_run_that_waits_again()
    {
        var id = await ExecuteAsync(A.Sequence("loop").With(A.While("w", "true", A.Steps("s", A.Event("e", "Tick"), A.Line("said")))));

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => TickAsync("one", null)));
        Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(1, await SaidAsync(id));
        Assert.Equal(HttpStatusCode.OK, await TickAsync("one", null));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await TickAsync("one", "else"));
        Assert.Equal(1, await SaidAsync(id));
        Assert.Equal(HttpStatusCode.OK, await TickAsync("two", null));
        Assert.Equal(2, await SaidAsync(id));
    }

    [Fact]
    public async Task A_link_to_an_event_raises_it_once_also_before_the_run_waits_for_it()
    {
        var id = await ExecuteAsync(A.Sequence("early").Variable("Url", "String").With(
            A.Node("link", "Test.EventLink", ("eventName", A.Text("Tick")), ("result", A.Into("Url"))), A.Event("first", "Go"), A.Event("second", "Tick"), A.Event("third", "Tick")));
        var link = await LinkAsync(id);

        for (var time = 0; time < 3; time++)
        {
            using var response = await AnonymousAsync(HttpMethod.Get, link.Path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await PublishEventAsync("Go", id);
        var waiting = (await GetAsync($"workflow-instances/{id}"))!["workflowState"]!["bookmarks"]!.AsArray();
        Assert.Equal("third", (string)Assert.Single(waiting)!["activityId"]!);
    }

    private async Task<HttpStatusCode> TickAsync(string key, string? input)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/elsa/api/events/Tick/trigger") { Content = JsonContent.Create(new { input, workflowExecutionMode = "Synchronous" }) };
        request.Headers.Add("Idempotency-Key", key);
        using var response = await Client.SendAsync(request);
        return response.StatusCode;
    }

    private async Task<int> SaidAsync(string id) => (await Reader.ReadJournalAsync(id, 0, 1000, default)).Count(row => row is { ActivityId: "said", EventName: "Completed" });

    private static DefinitionBuilder LinkFlow(string id, params (string Name, JsonNode? Value)[] more) =>
        A.Sequence(id).Variable("Url", "String").With(A.Node("wait", "Peer.WaitForLink", [("result", A.Into("Url")), .. more]), A.Line("after"));

    private async Task<(string Url, string Path)> LinkAsync(string id)
    {
        var url = (string)(await GetAsync($"workflow-instances/{id}/variables"))!["items"]![0]!["value"]!;
        return (url, "/elsa" + url.Split("/elsa")[1]);
    }

    private Task<HttpResponseMessage> AnonymousAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add(PermissionsHeader, Nobody);
        return Client.SendAsync(request);
    }
}
