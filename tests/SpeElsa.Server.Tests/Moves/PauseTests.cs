using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SpeElsa.Server.Tests.Identity;
using SpeElsa.Testing;

namespace SpeElsa.Server.Tests.Moves;

/// <summary>A move that is paused takes answers and begins nothing, until somebody resumes it.</summary>
public sealed class PauseTests
{
    [Fact]
    public async Task A_paused_move_takes_an_answer_and_asks_the_next_thing_only_when_it_is_resumed()
    {
        await using var host = await AccessHost.StartAsync();
        var model = JsonNode.Parse(A.Sequence("asks").With(Ask("first"), Ask("second")).ToJson());
        using var published = await host.SendAsync(HttpMethod.Post, "/elsa/api/workflow-definitions", host.ApiKey, new JsonObject { ["model"] = model, ["publish"] = true });
        Assert.True(published.IsSuccessStatusCode);
        using var started = await host.SendAsync(HttpMethod.Post, "/api/moves", host.ApiKey, new { scenario = "asks" });
        var id = (string)(await started.Content.ReadFromJsonAsync<JsonObject>())!["id"]!;
        await Eventually.TrueAsync(async () => (string)(await MoveAsync(host, id))["status"]! == "waiting", "it asks");

        Assert.Equal(HttpStatusCode.NotFound, await host.StatusAsync(HttpMethod.Post, "/api/moves/nobody/pause", host.ApiKey, new { requestedBy = "ann" }));
        Assert.Equal(HttpStatusCode.BadRequest, await host.StatusAsync(HttpMethod.Post, $"/api/moves/{id}/pause", host.ApiKey, new { reason = "nobody says who" }));
        Assert.Equal(HttpStatusCode.Accepted, await host.StatusAsync(HttpMethod.Post, $"/api/moves/{id}/pause", host.ApiKey, new { requestedBy = "ann", reason = "We wait for the network." }));
        var paused = await Eventually.GetAsync(() => MoveAsync(host, id), move => move["pause"] is not null, _ => "it is not paused");
        Assert.Equal(("paused", "ann", "We wait for the network."), ((string)paused["status"]!, (string)paused["pause"]!["by"]!, (string)paused["pause"]!["reason"]!));
        Assert.StartsWith("Paused by ann: We wait for the network. Answers are taken: first.", (string)paused["statusText"]!, StringComparison.Ordinal);
        Assert.Empty(paused["pause"]!["stillAtWork"]!.AsArray());
        Assert.Equal("paused", (string)Assert.Single((await GetAsync(host, "/api/moves"))["items"]!.AsArray())!["status"]!);

        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync(HttpMethod.Post, $"/api/tasks/{id}-first-1/complete", host.ApiKey, new { completedBy = "ann" }));
        await host.RestartAsync();
        var at = await MoveAsync(host, id);
        Assert.Equal(("paused", "second"), ((string)at["status"]!, (string)Assert.Single(at["pause"]!["next"]!.AsArray())!));
        Assert.Empty(at["openTasks"]!.AsArray());

        Assert.Equal(HttpStatusCode.Accepted, await host.StatusAsync(HttpMethod.Post, $"/api/moves/{id}/resume", host.ApiKey, new { requestedBy = "bob" }));
        await Eventually.TrueAsync(async () => (await MoveAsync(host, id))["openTasks"]!.AsArray().Any(task => (string)task! == $"{id}-second-1"), "it asks the second thing");
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync(HttpMethod.Post, $"/api/tasks/{id}-second-1/complete", host.ApiKey, new { completedBy = "ann" }));
        await Eventually.TrueAsync(async () => (string)(await MoveAsync(host, id))["status"]! == "finished", "it ends");
        Assert.Equal(HttpStatusCode.Conflict, await host.StatusAsync(HttpMethod.Post, $"/api/moves/{id}/pause", host.ApiKey, new { requestedBy = "ann" }));
        Assert.Equal(
            ["Held", "Released"],
            (await GetAsync(host, $"/api/moves/{id}/journal")).AsArray().Select(row => (string)row!["event"]!).Where(name => name is "Held" or "Released"));
    }

    private static JsonObject Ask(string id) => A.Node(
        id, "SpeElsa.HumanTask", ("taskName", A.Text(id)), ("title", A.Text(id)), ("undo", A.Text("Nothing")), ("undoReason", A.Text("It is only asked.")));

    private static Task<JsonNode> MoveAsync(AccessHost host, string id) => GetAsync(host, $"/api/moves/{id}");

    private static async Task<JsonNode> GetAsync(AccessHost host, string path)
    {
        using var answer = await host.SendAsync(HttpMethod.Get, path, host.ApiKey);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }
}
