using System.Net;
using System.Text.Json.Nodes;
using SpeElsa.Server.Tests.Identity;
using SpeElsa.Testing;

namespace SpeElsa.Server.Tests.Tasks;

/// <summary>A server with people, and workflows that ask them.</summary>
internal static class TaskHost
{
    /// <summary>A workflow that asks for one thing.</summary>
    public static DefinitionBuilder Ask(string name, params (string, JsonNode?)[] more) => A.Sequence($"asks-{name}").With(A.Node(
        "ask", "SpeElsa.HumanTask", [("taskName", A.Text(name)), ("title", A.Text("Do it")), ("undo", A.Text("Nothing")), ("undoReason", A.Text("It is only asked.")), .. more]));

    /// <summary>Makes a person.</summary>
    /// <returns>How he signs his requests.</returns>
    public static async Task<string> PersonAsync(this AccessHost host, string name, params string[] roles)
    {
        await host.AddUserAsync(name, roles);
        return $"Bearer {(await host.LoginAsync(name))["accessToken"]}";
    }

    /// <summary>Publishes a workflow and starts it.</summary>
    public static async Task<string> StartMoveAsync(this AccessHost host, DefinitionBuilder definition)
    {
        var json = JsonNode.Parse(definition.ToJson())!;
        using var published = await host.SendAsync(HttpMethod.Post, "/elsa/api/workflow-definitions", host.ApiKey, new JsonObject { ["model"] = json, ["publish"] = true });
        Assert.True(published.IsSuccessStatusCode, await published.Content.ReadAsStringAsync());
        return (string)(await host.PostAsync("/api/moves", host.ApiKey, new { scenario = (string)json["definitionId"]! }, HttpStatusCode.Created))["id"]!;
    }

    public static Task<JsonNode> TaskAsync(this AccessHost host, string moveId, string name) => Eventually.GetAsync(
        async () => (await host.GetAsync($"/api/tasks?moveId={moveId}"))["items"]!.AsArray().FirstOrDefault(task => (string)task!["id"]! == $"{moveId}-{name}")!,
        task => task is not null,
        _ => $"no task {name}");

    public static async Task<JsonNode> GetAsync(this AccessHost host, string path, string? who = null)
    {
        using var answer = await host.SendAsync(HttpMethod.Get, path, who ?? host.ApiKey);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode is HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>Sends something and holds what comes back against what is expected.</summary>
    public static async Task<JsonNode> PostAsync(this AccessHost host, string path, string who, object? body, HttpStatusCode expected = HttpStatusCode.OK, string says = "")
    {
        using var answer = await host.SendAsync(HttpMethod.Post, path, who, body ?? new { });
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected && text.Contains(says, StringComparison.Ordinal), $"{answer.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }

    public static Task<JsonNode> AnswerAsync(
        this AccessHost host, string who, JsonNode task, string outcome, HttpStatusCode expected = HttpStatusCode.OK, string says = "", string? completedBy = null, object? fields = null) =>
        host.PostAsync($"/api/tasks/{task["id"]}/complete", who, new { completedBy, outcome, fields }, expected, says);

    public static Task EndAsync(this AccessHost host, string moveId) => Eventually.TrueAsync(async () => (string?)(await host.GetAsync($"/api/moves/{moveId}"))["status"] == "finished", "the move has finished");
}
