using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SpeElsa.Server.Tests.Harness;
using SpeElsa.Testing;

namespace SpeElsa.Server.Tests.Moves;

/// <summary>Plans: saved, checked, started once or at a time, called off.</summary>
public sealed class PlanTests
{
    private static readonly object Complete = new { scenario = "single-server-move", plan = new { source = "spe-old", target = "spe-new", hostNameChanges = true } };

    [Fact]
    public async Task A_plan_is_checked_changed_and_becomes_one_move()
    {
        await using var server = await ServerProcess.StartAsync(("Lab__ArchiveBytes", UndisturbedRun.FewBytes));
        await AnswerTests.AssertProblemAsync(await PostAsync(server, "/api/plans", new { scenario = "no-such" }), HttpStatusCode.BadRequest, "scenario");
        await AnswerTests.AssertProblemAsync(
            await PostAsync(server, "/api/plans", new { scenario = "single-server-move", plan = new { source = "spe-old", target = "spe-mew", colour = "blue" } }), HttpStatusCode.BadRequest, "plan.target", "plan.colour");
        var plan = await SaveAsync(server, new { scenario = "single-server-move", plan = new { source = "spe-old", target = "spe-new" } });
        Assert.Equal("Single-server move: spe-old to spe-new", (string?)plan["name"]);

        // The names differ and the plan does not say so: that would fail after the stop, and is told now.
        var blocked = await CheckAsync(server, plan);
        Assert.Equal("blocked", (string?)blocked["level"]);
        var name = Assert.Single(blocked["results"]!.AsArray(), result => (string?)result!["level"] == "blocked")!;
        Assert.Equal("host-name", (string?)name["check"]);
        Assert.Contains("start a move that says so", (string?)name["cure"], StringComparison.Ordinal);

        var path = new Uri($"/api/plans/{plan["id"]}", UriKind.Relative);
        await AnswerTests.AssertProblemAsync(await server.Client.PutAsJsonAsync(path, new { scenario = "single-server-move", plan = new { source = "spe-old" }, version = 1 }), HttpStatusCode.Conflict);
        using var changed = await server.Client.PutAsJsonAsync(path, Complete);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        var passed = await CheckAsync(server, plan);
        Assert.Equal("warning", (string?)passed["level"]);
        Assert.All(
            ["version", "free-space", "dashboard", "instances", "mfa", "smtp", "shares", "keys", "restart", "clocks", "runtimes", "ports", "firewall", "antivirus", "snapshots", "dns"],
            check => Assert.Contains(passed["results"]!.AsArray(), result => (string?)result!["check"] == check));

        var receipts = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StartAsync(server, plan)));
        var moveId = receipts.Select(receipt => (string?)receipt?["id"]).OfType<string>().Distinct().Single();
        Assert.Equal(moveId, (string?)(await StartAsync(server, plan))!["id"]);
        Assert.Equal("started", (string?)(await GetAsync(server, plan))["state"]);
        Assert.Equal(moveId, (string?)(await GetAsync(server, plan))["moveId"]);
        await AnswerTests.AssertProblemAsync(await server.Client.PutAsJsonAsync(path, Complete), HttpStatusCode.Conflict);
        await AnswerTests.AssertProblemAsync(await PostAsync(server, $"{path}/cancel", new { reason = "too late" }), HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_server_that_can_not_be_looked_at_is_a_blocked_check_and_no_question()
    {
        await using var server = await ServerProcess.StartAsync(("Lab__ArchiveBytes", UndisturbedRun.FewBytes), ("Steps__RetryDelays__0", "00:00:00.050"));
        var plan = await SaveAsync(server, Complete);
        using (var fault = await PostAsync(server, "/lab/servers/spe-old/faults", new { kind = "ApiOff" }))
        {
            Assert.True(fault.IsSuccessStatusCode, await fault.Content.ReadAsStringAsync());
        }

        var off = Assert.Single((await CheckAsync(server, plan))["results"]!.AsArray())!;
        Assert.Equal(("source", "blocked"), ((string?)off["check"], (string?)off["level"]));
        Assert.Contains("run the pre-flight again", (string?)off["cure"], StringComparison.Ordinal);
        await EndedAsync(server, plan);

        using var cleared = await server.Client.DeleteAsync(new Uri("/lab/servers/spe-old/faults", UriKind.Relative));
        using var gone = await server.Client.DeleteAsync(new Uri("/lab/servers/spe-old/roles/managementServer", UriKind.Relative));
        Assert.True(gone.IsSuccessStatusCode, await gone.Content.ReadAsStringAsync());
        Assert.Contains("has no service of the role Management Server", (string?)(await CheckAsync(server, plan))["results"]!.AsArray().Single()!["message"], StringComparison.Ordinal);
        await EndedAsync(server, plan);
        Assert.Equal(0, (int)(await server.Client.GetFromJsonAsync<JsonObject>("/api/tasks"))!["total"]!);
    }

    [Fact]
    public async Task A_plan_that_is_saved_again_with_its_key_is_one_plan()
    {
        await using var server = await ServerProcess.StartAsync(("Lab__ArchiveBytes", UndisturbedRun.FewBytes));
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SaveAsync(server, Complete, "a-key")));
        var id = answers.Select(answer => (string?)answer["id"]).Distinct().Single();

        using (var other = await SendAsync(server, new { scenario = "single-server-move", plan = new { source = "spe-old", target = "spe-new" } }, "a-key"))
        {
            await AnswerTests.AssertProblemAsync(other, HttpStatusCode.UnprocessableEntity);
        }

        using (var named = await server.Client.PutAsJsonAsync(new Uri($"/api/plans/{id}", UriKind.Relative), new { scenario = "single-server-move", plan = new { source = "spe-old", target = "spe-new" }, name = "As it is now" }))
        {
            Assert.Equal(HttpStatusCode.OK, named.StatusCode);
        }

        Assert.Equal((id, "As it is now"), ((string?)(await SaveAsync(server, Complete, "a-key"))["id"], (string?)(await SaveAsync(server, Complete, "a-key"))["name"]));
        Assert.NotEqual(id, (string?)(await SaveAsync(server, Complete, "another-key"))["id"]);
        Assert.Equal(2, (int)(await server.Client.GetFromJsonAsync<JsonObject>("/api/plans"))!["total"]!);
        using var spaced = await SendAsync(server, Complete, "a key");
        await AnswerTests.AssertProblemAsync(spaced, HttpStatusCode.BadRequest, "Idempotency-Key");
    }

    [Fact]
    public async Task A_scheduled_plan_starts_at_its_time_and_once_although_the_server_is_killed_in_the_start()
    {
        await using var server = await ServerProcess.StartAsync(("Lab__ArchiveBytes", UndisturbedRun.FewBytes), ("Plans__CheckBefore", "00:00:00"), ("SPEELSA_KILL_AT", "stimulus-stored"));
        var (plan, cancelled) = (await SaveAsync(server, Complete), await SaveAsync(server, Complete));
        await AnswerTests.AssertProblemAsync(await ScheduleAsync(server, plan, DateTimeOffset.UtcNow.AddMinutes(-1)), HttpStatusCode.BadRequest, "startAt");
        var later = DateTimeOffset.UtcNow.AddHours(1);
        using var scheduled = await ScheduleAsync(server, plan, later.ToOffset(TimeSpan.FromHours(9)));
        using var also = await ScheduleAsync(server, cancelled, later);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (scheduled.StatusCode, also.StatusCode));
        await AnswerTests.AssertProblemAsync(await PostAsync(server, $"/api/plans/{cancelled["id"]}/cancel", new { reason = " " }), HttpStatusCode.BadRequest, "reason");
        using var off = await PostAsync(server, $"/api/plans/{cancelled["id"]}/cancel", new { reason = "the customer is not ready" });
        Assert.Equal(HttpStatusCode.OK, off.StatusCode);
        var listed = (await server.Client.GetFromJsonAsync<JsonObject>("/api/plans?state=scheduled"))!;
        Assert.Equal((string?)plan["id"], (string?)Assert.Single(listed["items"]!.AsArray())!["id"]);

        var soon = DateTimeOffset.UtcNow.AddSeconds(5);
        using var sooner = await ScheduleAsync(server, plan, soon.ToOffset(TimeSpan.FromHours(-5)));
        Assert.Equal(HttpStatusCode.OK, sooner.StatusCode);

        // The start is stored and the server dies before it has noted it.
        await Eventually.TrueAsync(() => Task.FromResult(server.HasExited), "the server lives on");
        Assert.True(DateTimeOffset.UtcNow >= soon);
        await server.StartAsync();
        var started = await Eventually.GetAsync(() => GetAsync(server, plan), found => (string?)found["state"] == "started", found => $"the plan is {found["state"]}: {found["note"]}");

        var moves = (await server.Client.GetFromJsonAsync<JsonObject>("/api/moves"))!["items"]!.AsArray();
        Assert.Equal((string?)started["moveId"], (string?)Assert.Single(moves)!["id"]);
        await AnswerTests.AssertProblemAsync(await PostAsync(server, $"/api/plans/{cancelled["id"]}/start", null), HttpStatusCode.Conflict);
        Assert.Equal(("cancelled", "the customer is not ready"), ((string?)(await GetAsync(server, cancelled))["state"], (string?)(await GetAsync(server, cancelled))["note"]));
    }

    [Fact]
    public async Task A_plan_is_checked_before_its_time_and_not_started_when_the_server_was_down_at_it()
    {
        await using var server = await ServerProcess.StartAsync(("Lab__ArchiveBytes", UndisturbedRun.FewBytes), ("Plans__LatestStart", "00:00:00"));
        var plan = await SaveAsync(server, Complete);
        using var scheduled = await ScheduleAsync(server, plan, DateTimeOffset.UtcNow.AddMinutes(30));
        Assert.Equal(HttpStatusCode.OK, scheduled.StatusCode);
        var check = await CheckedAsync(server, plan);

        // What was changed since is checked again.
        using var changed = await server.Client.PutAsJsonAsync($"/api/plans/{plan["id"]}", new { scenario = "single-server-move", plan = new { source = "spe-old", target = "spe-new" } });
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(check, await CheckedAsync(server, plan));

        var soon = DateTimeOffset.UtcNow.AddSeconds(5);
        using var sooner = await ScheduleAsync(server, plan, soon);
        Assert.Equal(HttpStatusCode.OK, sooner.StatusCode);
        await server.KillAsync();
        await Eventually.TrueAsync(() => Task.FromResult(DateTimeOffset.UtcNow > soon), "time stands still");
        await server.StartAsync();

        var missed = await Eventually.GetAsync(() => GetAsync(server, plan), found => (string?)found["state"] == "missed", found => $"the plan is {found["state"]}");
        Assert.Contains("was not running", (string?)missed["note"], StringComparison.Ordinal);
        using var again = await ScheduleAsync(server, plan, DateTimeOffset.UtcNow.AddHours(2));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal("scheduled", (string?)(await GetAsync(server, plan))["state"]);
    }

    /// <summary>Waits for a pre-flight that was started by itself.</summary>
    private static async Task<string> CheckedAsync(ServerProcess server, JsonObject plan) => (string)(await Eventually.GetAsync(
        async () => (await GetAsync(server, plan))["check"], found => found is not null, _ => "nothing has been checked"))!["moveId"]!;

    private static async Task EndedAsync(ServerProcess server, JsonObject plan) => await Eventually.GetAsync(
        async () => (string?)(await GetAsync(server, plan))["check"]!["status"], status => status is "finished", status => $"the pre-flight is {status}");

    private static async Task<HttpResponseMessage> SendAsync(ServerProcess server, object request, string? key)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "/api/plans") { Content = JsonContent.Create(request) };
        if (key is not null)
        {
            message.Headers.Add("Idempotency-Key", key);
        }

        return await server.Client.SendAsync(message);
    }

    private static async Task<JsonObject> SaveAsync(ServerProcess server, object request, string? key = null)
    {
        using var answer = await SendAsync(server, request, key);
        var body = await answer.Content.ReadFromJsonAsync<JsonObject>();
        Assert.True(answer.StatusCode is HttpStatusCode.Created, body!.ToJsonString());
        return body;
    }

    private static async Task<JsonNode> CheckAsync(ServerProcess server, JsonObject plan)
    {
        using var answer = await PostAsync(server, $"/api/plans/{plan["id"]}/check", null);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var checkedPlan = await Eventually.GetAsync(() => GetAsync(server, plan), found => found["check"]?["level"] is not null, _ => "the pre-flight does not end");
        return checkedPlan["check"]!;
    }

    private static async Task<JsonObject?> StartAsync(ServerProcess server, JsonObject plan)
    {
        using var answer = await PostAsync(server, $"/api/plans/{plan["id"]}/start", null);
        return answer.StatusCode is HttpStatusCode.Created ? await answer.Content.ReadFromJsonAsync<JsonObject>() : null;
    }

    private static Task<HttpResponseMessage> ScheduleAsync(ServerProcess server, JsonObject plan, DateTimeOffset at) => PostAsync(server, $"/api/plans/{plan["id"]}/schedule", new { startAt = at });

    private static async Task<JsonObject> GetAsync(ServerProcess server, JsonObject plan) => (await server.Client.GetFromJsonAsync<JsonObject>($"/api/plans/{plan["id"]}"))!;

    private static Task<HttpResponseMessage> PostAsync(ServerProcess server, string path, object? body) =>
        server.Client.PostAsync(new Uri(path, UriKind.Relative), body is null ? null : JsonContent.Create(body));
}
