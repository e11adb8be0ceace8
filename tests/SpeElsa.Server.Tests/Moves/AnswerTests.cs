using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SpeElsa.Server.Tests.Harness;
using SpeElsa.Testing;

namespace SpeElsa.Server.Tests.Moves;

/// <summary>Answers that come too early, too often, too late or wrong.</summary>
public sealed class AnswerTests
{
    [Fact]
    public async Task An_answer_to_a_task_the_move_has_not_come_to_is_kept_and_used_and_the_missing_act_is_noticed()
    {
        await using var server = await ServerProcess.StartAsync(("Lab__ArchiveBytes", UndisturbedRun.FewBytes));
        var administrator = new Administrator(server);
        var moveId = await administrator.StartMoveAsync();
        var mfaOff = await administrator.NextTaskAsync(moveId);

        // Said, not done: the check notices and asks again, with what it found.
        using var claimed = await administrator.AnswerAsync(mfaOff!["id"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, claimed.StatusCode);
        var again = await WaitForTaskAsync(administrator, moveId, $"{moveId}-mfa-off-2");
        Assert.Contains("admin", again["finding"]!.GetValue<string>(), StringComparison.Ordinal);
        using var late = await administrator.AnswerAsync(mfaOff["id"]!.GetValue<string>(), key: "too-late");
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);

        // Said before it is asked: kept until the move comes to it.
        await administrator.DoAsync("transfer-licence");
        using var early = await administrator.AnswerAsync($"{moveId}-transfer-licence-1", key: "early");
        Assert.Equal(HttpStatusCode.Accepted, early.StatusCode);
        Assert.Equal("waiting", (await early.Content.ReadFromJsonAsync<JsonObject>())!["status"]!.GetValue<string>());
        await administrator.DoAsync("mfa-off");
        using var done = await administrator.AnswerAsync($"{moveId}-mfa-off-2");
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        await WaitForTaskAsync(administrator, moveId, $"{moveId}-install-1");

        using var unknown = await administrator.AnswerAsync($"{moveId}-no-such-task-1");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        using var farAhead = await administrator.AnswerAsync($"{moveId}-sign-off-7");
        Assert.Equal(HttpStatusCode.NotFound, farAhead.StatusCode);
    }

    [Fact]
    public async Task Fifty_answers_at_once_are_one_answer_and_each_gets_its_own_reply_again()
    {
        await using var server = await ServerProcess.StartAsync(("Lab__ArchiveBytes", UndisturbedRun.FewBytes));
        var administrator = new Administrator(server);
        var moveId = await administrator.StartMoveAsync();
        var taskId = (await administrator.NextTaskAsync(moveId))!["id"]!.GetValue<string>();
        await administrator.DoAsync("mfa-off");

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => ReplyAsync(administrator, taskId, $"client-{number}")));
        var repeated = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => ReplyAsync(administrator, taskId, $"client-{number}")));

        Assert.Single(replies, reply => reply.Status is HttpStatusCode.OK);
        Assert.Equal(49, replies.Count(reply => reply.Status is HttpStatusCode.Conflict));
        Assert.Equal(replies, repeated);
        await WaitForTaskAsync(administrator, moveId, $"{moveId}-transfer-licence-1");
        var journal = (await server.Client.GetFromJsonAsync<JsonArray>($"/api/moves/{moveId}/journal?take=1000"))!;
        Assert.Single(journal, row => row!["event"]!.GetValue<string>() == "TaskCompleted");

        var sameKey = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ReplyAsync(administrator, $"{moveId}-transfer-licence-1", "one-key")));
        Assert.Single(sameKey.Distinct());
        Assert.Equal(HttpStatusCode.OK, sameKey[0].Status);
    }

    [Fact]
    public async Task A_wrong_answer_says_what_is_wrong_and_loses_nothing()
    {
        await using var server = await ServerProcess.StartAsync(("Lab__ArchiveBytes", UndisturbedRun.FewBytes));
        var administrator = new Administrator(server);
        var moveId = await administrator.StartMoveAsync(key: "k");
        var taskId = (await administrator.NextTaskAsync(moveId))!["id"]!.GetValue<string>();

        await AssertProblemAsync(await administrator.AnswerAsync(taskId, new { colour = "blue" }), HttpStatusCode.BadRequest, "fields.colour");
        await AssertProblemAsync(await administrator.AnswerAsync(taskId, outcome: "Perhaps"), HttpStatusCode.BadRequest, "outcome");
        await AssertProblemAsync(await administrator.AnswerAsync(taskId, by: " "), HttpStatusCode.BadRequest, "completedBy");
        await AssertProblemAsync(await administrator.AnswerAsync(taskId, key: "a b"), HttpStatusCode.BadRequest, "Idempotency-Key");
        await AssertProblemAsync(await server.Client.PostAsync(new Uri($"/api/tasks/{taskId}/complete", UriKind.Relative), Json("{ not json")), HttpStatusCode.BadRequest);
        await AssertProblemAsync(await server.Client.PostAsync(new Uri($"/api/tasks/{taskId}/complete", UriKind.Relative), Json("{\"who\":\"me\"}")), HttpStatusCode.BadRequest);
        Assert.Equal(taskId, (await administrator.GetTasksAsync(moveId)).Single()!["id"]!.GetValue<string>());

        await AssertProblemAsync(await PostMoveAsync(server, new { scenario = "teleport" }), HttpStatusCode.BadRequest, "scenario");
        await AssertProblemAsync(
            await PostMoveAsync(server, new { scenario = "single-server-move", plan = new { source = "spe-old", target = "spe-gone", speed = 9 } }),
            HttpStatusCode.BadRequest, "plan.target", "plan.speed");
        await AssertProblemAsync(await PostMoveAsync(server, new { scenario = "single-server-move", plan = new { source = "spe-old", target = "SPE-OLD" } }), HttpStatusCode.BadRequest, "plan.target");
        await AssertProblemAsync(await PostMoveAsync(server, new { scenario = "move-instance-host", plan = new { source = "spe-old", target = "spe-new" } }), HttpStatusCode.BadRequest, "plan.managementServer");
        await AssertProblemAsync(await PostMoveAsync(server, new { scenario = "rename-server", plan = new { source = "spe-old" } }), HttpStatusCode.BadRequest, "plan.newName");
        await AssertProblemAsync(await PostMoveAsync(server, new { scenario = "move-client-access-server", plan = new { source = "spe-old", target = "spe-new" } }), HttpStatusCode.BadRequest, "plan.managementServer");
        await AssertProblemAsync(await PostMoveAsync(server, new { scenario = "move-management-server", plan = new { source = "spe-old" } }), HttpStatusCode.BadRequest, "plan.target");
        Assert.Equal(moveId, await administrator.StartMoveAsync(key: "k"));
        await AssertProblemAsync(await PostMoveAsync(server, new { scenario = "single-server-move", plan = new { source = "spe-new", target = "spe-old" } }, "k"), HttpStatusCode.UnprocessableEntity);
        Assert.Equal(1, (await server.Client.GetFromJsonAsync<JsonObject>("/api/moves"))!["total"]!.GetValue<int>());
        await AssertProblemAsync(await server.Client.GetAsync(new Uri("/api/moves?page=0", UriKind.Relative)), HttpStatusCode.BadRequest);
        await AssertProblemAsync(await server.Client.GetAsync(new Uri("/api/moves/none", UriKind.Relative)), HttpStatusCode.NotFound);

        // The way out: a move can be ended as it stands, and then waits for nothing.
        await AssertProblemAsync(await server.Client.PostAsJsonAsync($"/api/moves/{moveId}/cancel", new { requestedBy = "j.doe" }), HttpStatusCode.BadRequest, "reason");
        using var cancelled = await server.Client.PostAsJsonAsync($"/api/moves/{moveId}/cancel", new { requestedBy = "j.doe", reason = "window missed" });
        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        await Eventually.TrueAsync(async () => (await administrator.GetMoveAsync(moveId))["status"]!.GetValue<string>() == "aborted", "the move goes on");
        Assert.Empty(await administrator.GetTasksAsync(moveId));
        await AssertProblemAsync(await administrator.AnswerAsync(taskId), HttpStatusCode.Conflict);
        await AssertProblemAsync(await administrator.AnswerAsync($"{moveId}-sign-off-1"), HttpStatusCode.Conflict);
    }

    internal static async Task AssertProblemAsync(HttpResponseMessage answer, HttpStatusCode status, params string[] fields)
    {
        using (answer)
        {
            var content = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == status, $"{answer.StatusCode}: {content}");
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            var errors = JsonNode.Parse(content)!["errors"] as JsonObject;
            Assert.All(fields, field => Assert.True(errors?.ContainsKey(field), content));
        }
    }

    private static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");

    private static async Task<HttpResponseMessage> PostMoveAsync(ServerProcess server, object request, string? key = null)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "/api/moves") { Content = JsonContent.Create(request) };
        if (key is not null)
        {
            message.Headers.Add("Idempotency-Key", key);
        }

        return await server.Client.SendAsync(message);
    }

    private static async Task<(HttpStatusCode Status, string Body)> ReplyAsync(Administrator administrator, string taskId, string key)
    {
        using var answer = await administrator.AnswerAsync(taskId, key: key, by: key);
        var body = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        body.Remove("traceId");
        return (answer.StatusCode, body.ToJsonString());
    }

    private static async Task<JsonObject> WaitForTaskAsync(Administrator administrator, string moveId, string taskId)
    {
        JsonObject? found = null;
        await Eventually.TrueAsync(
            async () => (found = (await administrator.GetTasksAsync(moveId)).FirstOrDefault(task => task!["id"]!.GetValue<string>() == taskId)?.AsObject()) is not null,
            $"{taskId} is not asked");
        return found!;
    }
}
