using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SpeElsa.Server.Tests.Harness;
using SpeElsa.Testing;

namespace SpeElsa.Server.Tests.Moves;

/// <summary>Rehearsals: the procedure of a plan on copies of its machines, with the server killed in the middle.</summary>
public sealed class RehearsalTests
{
    private static readonly object SingleServer = new { scenario = "single-server-move", plan = new { source = "spe-old", target = "spe-new", hostNameChanges = true } };

    [Fact]
    public async Task A_plan_is_rehearsed_on_copies_through_a_kill_and_its_machines_are_left_alone()
    {
        await using var server = await ServerProcess.StartAsync(("Lab__ArchiveBytes", UndisturbedRun.FewBytes), ("SPEELSA_KILL_AT", "before-result@replaceConfig"));
        var plan = await PostAsync(server, "/api/plans", SingleServer, HttpStatusCode.Created);
        var path = $"/api/plans/{plan["id"]}";
        var copies = new[] { $"spe-old~{plan["id"]}", $"spe-new~{plan["id"]}" };
        var before = await OriginalsAsync(server);
        var begun = await PostAsync(server, $"{path}/rehearse", new { faults = 0 }, HttpStatusCode.Accepted);
        await AnswerTests.AssertProblemAsync(await server.Client.PostAsJsonAsync($"{path}/rehearse", new { }), HttpStatusCode.Conflict);

        await Eventually.TrueAsync(() => Task.FromResult(server.HasExited), "the server lives on");
        await server.StartAsync();
        var ended = await Eventually.GetAsync(
            () => RehearsalAsync(server, path),
            found => (string?)found["status"] is not ("preparing" or "running" or "waiting"),
            found => $"the rehearsal is {found["status"]} and not ended: {found["cameUp"]} {found["notes"]}");

        Assert.True((string?)ended["status"] == "finished", ended.ToJsonString());
        Assert.Equal((string?)begun["id"], (string?)ended["id"]);
        Assert.Equal(copies.Order(), ended["machines"]!.AsObject().Select(machine => machine.Key).Order());
        Assert.True(ended["steps"]!.AsArray().Count > 30 && (double)ended["minutes"]! > 0, ended.ToJsonString());
        Assert.DoesNotContain(ended["notes"]!.AsArray(), note => ((string)note!).Contains("stand-in", StringComparison.Ordinal));

        // A move of its own, known for what it is, and answered by nobody else.
        var move = (await server.Client.GetFromJsonAsync<JsonObject>($"/api/moves/{ended["id"]}"))!;
        Assert.Equal(((string?)plan["id"], $"Rehearsal: {plan["name"]}"), ((string?)move["rehearses"], (string?)move["name"]));
        Assert.Equal((string?)plan["id"], (string?)Assert.Single((await server.Client.GetFromJsonAsync<JsonObject>("/api/moves"))!["items"]!.AsArray())!["rehearses"]);
        var journal = await server.Client.GetStringAsync(new Uri($"/api/moves/{ended["id"]}/journal?take=1000", UriKind.Relative));
        Assert.Contains("by rehearsal", journal, StringComparison.Ordinal);

        // The plan is as it was, as are the machines; nothing of it is taken for a measured move.
        Assert.Equal(before, await OriginalsAsync(server));
        var after = (await server.Client.GetFromJsonAsync<JsonObject>(path))!;
        Assert.Equal(("draft", (int)plan["version"]!), ((string?)after["state"], (int)after["version"]!));
        Assert.Equal(0, (int)(await server.Client.GetFromJsonAsync<JsonObject>($"{path}/preview"))!["measuredMoves"]!);

        // The copy serves on the new name with what the original has.
        var original = await FactsAsync(server, "spe-old");
        var copy = await FactsAsync(server, copies[1]);
        Assert.Equal(Names(original, "instances", "instanceID"), Names(copy, "instances", "instanceID"));
        Assert.Equal(Names(original, "administrators", "userName"), Names(copy, "administrators", "userName"));
        Assert.Equal(Certificates(original).Where(name => name.StartsWith("MailStore", StringComparison.Ordinal)), Certificates(copy).Where(name => name.StartsWith("MailStore", StringComparison.Ordinal)));
        Assert.Equal(Certificates(original), Certificates(await FactsAsync(server, copies[0])));
        Assert.Empty(original["certificates"]!.AsArray().Select(certificate => (string)certificate!["thumbprint"]!).Intersect(copy["certificates"]!.AsArray().Select(certificate => (string)certificate!["thumbprint"]!)));

        // Called off, the copies go; the plan still tells of the rehearsal.
        await PostAsync(server, $"{path}/cancel", new { reason = "rehearsed enough" }, HttpStatusCode.OK);
        var gone = await Eventually.GetAsync(() => RehearsalAsync(server, path), found => !(bool)found["hasCopies"]!, _ => "the copies stay");
        Assert.Equal("finished", (string?)gone["status"]);
        Assert.False(Directory.Exists(Path.Combine(server.DataDirectory, "rehearsals", (string)plan["id"]!, "lab")));
        using var missing = await server.Client.GetAsync(new Uri($"/lab/servers/{copies[0]}/dashboard", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        await AnswerTests.AssertProblemAsync(await server.Client.PostAsJsonAsync($"{path}/rehearse", new { }), HttpStatusCode.Conflict);
    }

    private static async Task<JsonObject> PostAsync(ServerProcess server, string path, object body, HttpStatusCode expected)
    {
        using var answer = await server.Client.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, text);
        return JsonNode.Parse(text)!.AsObject();
    }

    private static async Task<JsonNode> RehearsalAsync(ServerProcess server, string plan) => (await server.Client.GetFromJsonAsync<JsonObject>(plan))!["rehearsal"]!;

    private static async Task<string[]> OriginalsAsync(ServerProcess server) =>
    [
        (await server.Client.GetFromJsonAsync<JsonNode>("/lab/servers/spe-old/fingerprint"))!.ToJsonString(),
        (await server.Client.GetFromJsonAsync<JsonNode>("/lab/servers/spe-new/fingerprint"))!.ToJsonString(),
        (await server.Client.GetFromJsonAsync<JsonNode>("/lab/servers/spe-old/effects"))!.ToJsonString(),
        (await server.Client.GetFromJsonAsync<JsonNode>("/lab/servers/spe-new/effects"))!.ToJsonString(),
    ];

    private static async Task<JsonNode> FactsAsync(ServerProcess server, string machine) => (await server.Client.GetFromJsonAsync<JsonNode>($"/lab/servers/{machine}/fingerprint"))!["facts"]!;

    private static string[] Names(JsonNode facts, string list, string name) => [.. facts["product"]![list]!.AsArray().Select(item => (string)item![name]!)];

    private static string[] Certificates(JsonNode facts) => [.. facts["certificates"]!.AsArray().Select(certificate => (string)certificate!["friendlyName"]!).Order(StringComparer.Ordinal)];
}
