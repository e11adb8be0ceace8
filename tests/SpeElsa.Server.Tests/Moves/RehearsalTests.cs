using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using SpeElsa.Lab;
using SpeElsa.Lab.Tests.Ssh;
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
        await using var server = await ServerProcess.StartAsync(
            ("Lab__ArchiveBytes", UndisturbedRun.FewBytes),
            ("SPEELSA_KILL_AT", "before-result@replaceConfig"),
            ("Notices__Webhooks__0__Name", "office"),
            ("Notices__Webhooks__0__Url", "http://127.0.0.1:9/"));
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

        // Who would be told of a move is not told of this one.
        Assert.Empty((await server.Client.GetFromJsonAsync<JsonObject>("/api/notices"))!["items"]!.AsArray());

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

        // It starts as if nothing had been; the copies go, and the plan still tells of the rehearsal.
        var started = await PostAsync(server, $"{path}/start", new { }, HttpStatusCode.Created);
        Assert.Null((await server.Client.GetFromJsonAsync<JsonObject>($"/api/moves/{started["id"]}"))!["rehearses"]);
        var gone = await Eventually.GetAsync(() => RehearsalAsync(server, path), found => !(bool)found["hasCopies"]!, _ => "the copies stay");
        Assert.Equal("finished", (string?)gone["status"]);
        Assert.False(Directory.Exists(Path.Combine(server.DataDirectory, "rehearsals", (string)plan["id"]!, "lab")));
        using var missing = await server.Client.GetAsync(new Uri($"/lab/servers/{copies[0]}/dashboard", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        await AnswerTests.AssertProblemAsync(await server.Client.PostAsJsonAsync($"{path}/rehearse", new { }), HttpStatusCode.Conflict);
    }

    /// <summary>There is no lab on this server, the machines are reached over SSH, and people answer.</summary>
    [Fact]
    public async Task Machines_over_ssh_are_copied_and_a_person_acts_on_the_copies()
    {
        var folder = Directory.CreateTempSubdirectory("speelsa-far-");
        await using var farm = LabFarm.Open(new LabOptions { Directory = folder.FullName }, TimeProvider.System, NullLoggerFactory.Instance);
        string? password = null;
        var options = new LabProductOptions { ArchiveBytes = 600_000, KeyFolder = TestProcess.KeyFolder, SecretsCreated = created => password = created.ServiceAdministratorPassword };
        await using var product = new LabProduct(farm, options, TimeProvider.System, NullLoggerFactory.Instance);
        await product.StartAsync(TestContext.Current.CancellationToken);
        await using var old = LabSshServer.Start(() => farm.Transport("spe-old"));
        await using var fresh = LabSshServer.Start(() => farm.Transport("spe-new"));
        var api = product.Fleet.Machines.Single(machine => machine.Name == "spe-old");
        await using var server = await ServerProcess.StartAsync(
        [
            ("Lab__Enabled", "false"),
            .. Ssh(0, "the-old-one", old),
            ("Machines__0__HostName", "localhost"),
            ("Machines__0__ManagementApi__Port", api.ManagementApi.Port.ToString(CultureInfo.InvariantCulture)),
            ("Machines__0__ManagementApi__UserName", api.UserName),
            ("Machines__0__ManagementApi__PasswordSecret", "api"),
            ("Machines__0__ManagementApi__Thumbprint", api.Thumbprint!),
            .. Ssh(1, "the-new-one", fresh),
        ]);
        foreach (var (name, value) in new[] { ("key-0", old.PrivateKey), ("key-1", fresh.PrivateKey), ("api", password!) })
        {
            using var stored = await server.Client.PutAsJsonAsync($"/api/secrets/{name}", new { value });
            Assert.Equal(HttpStatusCode.NoContent, stored.StatusCode);
        }

        var effects = farm.Servers.Sum(machine => machine.Effects.Count);
        var plan = await PostAsync(
            server, "/api/plans", new { scenario = "single-server-move", plan = new { source = "the-old-one", target = "the-new-one", hostNameChanges = true } }, HttpStatusCode.Created);
        var path = $"/api/plans/{plan["id"]}";
        await PostAsync(server, $"{path}/rehearse", new { faults = 51 }, HttpStatusCode.BadRequest);
        await PostAsync(server, $"{path}/rehearse", new { answerTasks = false }, HttpStatusCode.Accepted);
        var waiting = await Eventually.GetAsync(
            () => RehearsalAsync(server, path), found => (string?)found["status"] is "waiting" && found["cameUp"]!.AsArray().Count > 0, found => $"the rehearsal does not wait for a person: {found}");

        var tasks = await Eventually.GetAsync(
            async () => (await server.Client.GetFromJsonAsync<JsonObject>("/api/tasks"))!["items"]!.AsArray(), found => found.Count > 0, _ => "no task is listed");
        var task = Assert.Single(tasks)!;
        Assert.Equal(((string?)plan["id"], "mfa-off"), ((string?)task["rehearses"], (string?)task["taskName"]));
        var copy = $"SPE-OLD~{plan["id"]}";
        Assert.Equal("the-old-one", (string?)waiting["machines"]![copy]);
        var shown = (await server.Client.GetFromJsonAsync<JsonObject>("/lab/servers"))!["servers"]!.AsArray();
        Assert.Equal([$"SPE-NEW~{plan["id"]}", copy], shown.Select(machine => (string)machine!["name"]!));
        using var act = await server.Client.PostAsJsonAsync($"/lab/servers/{copy}/administrators/admin/mfa", new { enabled = false });
        Assert.Equal(HttpStatusCode.NoContent, act.StatusCode);
        Assert.Equal("off", (string?)(await FactsAsync(server, copy))["product"]!["administrators"]![0]!["mfa"]);

        using var cancelled = await server.Client.PostAsJsonAsync($"/api/moves/{waiting["id"]}/cancel", new { requestedBy = "j.doe", reason = "seen enough" });
        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        await Eventually.GetAsync(() => RehearsalAsync(server, path), found => (string?)found["status"] is "aborted", found => $"the rehearsal is {found["status"]}");
        Assert.Equal(effects, farm.Servers.Sum(machine => machine.Effects.Count));
    }

    private static (string, string)[] Ssh(int number, string name, LabSshServer ssh) =>
    [
        ($"Machines__{number}__Name", name),
        ($"Machines__{number}__Ssh__Host", "127.0.0.1"),
        ($"Machines__{number}__Ssh__Port", ssh.Port.ToString(CultureInfo.InvariantCulture)),
        ($"Machines__{number}__Ssh__UserName", Environment.UserName),
        ($"Machines__{number}__Ssh__HostKey", ssh.HostKey),
        ($"Machines__{number}__Ssh__PrivateKeySecret", $"key-{number}"),
    ];

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
