using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SpeElsa.Cli.Evidence;
using SpeElsa.Server.Tests.Identity;
using SpeElsa.Testing;

namespace SpeElsa.Server.Tests.Tasks;

/// <summary>Who may answer what: roles, keys, and tasks that take two people.</summary>
public sealed class SecondPersonTests
{
    [Fact]
    public async Task A_task_named_in_the_settings_is_done_by_one_person_after_another_has_approved()
    {
        await using var host = await AccessHost.StartAsync("--Tasks:ApproveBefore:0", "transfer-licence");
        var (oscar, anna) = (await PersonAsync(host, "oscar", "operator", "approver"), await PersonAsync(host, "anna", "approver"));
        var moveId = await StartAsync(host, Ask("transfer-licence"));

        // It is not asked before it is approved, and a key approves nothing.
        var approval = await TaskAsync(host, moveId, "approve-transfer-licence-1");
        Assert.Equal(("approval", "approver", true), ((string)approval["kind"]!, (string)approval["role"]!, (bool)approval["needsPerson"]!));
        await RefusedAsync(await AnswerAsync(host, host.ApiKey, approval, "Approve", "j.doe"), HttpStatusCode.Forbidden, "takes a person who is signed in");
        await OkAsync(await AnswerAsync(host, anna, approval, "Refuse", fields: new { reason = "The customer sleeps." }));
        var again = await TaskAsync(host, moveId, "approve-transfer-licence-2");
        Assert.Contains("anna refused: The customer sleeps.", (string?)again["finding"], StringComparison.Ordinal);
        await OkAsync(await AnswerAsync(host, oscar, again, "Approve"));

        // Who approved does not do it.
        var task = await TaskAsync(host, moveId, "transfer-licence-1");
        Assert.Equal("oscar", (string)Assert.Single(task["notBy"]!.AsArray())!);
        await RefusedAsync(await AnswerAsync(host, oscar, task, "Done"), HttpStatusCode.Forbidden, "takes a second person");
        await RefusedAsync(await AnswerAsync(host, host.ApiKey, task, "Done", "somebody"), HttpStatusCode.Forbidden, "takes a person who is signed in");
        await RefusedAsync(await AnswerAsync(host, anna, task, "Done"), HttpStatusCode.Forbidden, "for others");
        await OkAsync(await AnswerAsync(host, await PersonAsync(host, "otto", "operator"), task, "Done"));
        await EndAsync(host, moveId);

        using var bundle = await host.SendAsync(HttpMethod.Get, $"/api/moves/{moveId}/evidence", host.ApiKey);
        var zip = await bundle.Content.ReadAsByteArrayAsync();
        Assert.True(BundleVerifier.Verify(zip, null).Checks.All(check => check.Faults.Count == 0));
        var evidence = JsonNode.Parse(BundleZip.Read(zip).Single(file => file.Name == "evidence.json").Content.Span)!;
        Assert.Equal(
            ["approval Refuse anna", "approval Approve oscar", "task Done otto"],
            evidence["tasks"]!.AsArray().Select(one => $"{one!["kind"]} {one["outcome"]} {one["answeredBy"]}"));
    }

    [Fact]
    public async Task A_task_whose_definition_says_so_is_confirmed_by_another_person_or_sent_back()
    {
        await using var host = await AccessHost.StartAsync();
        var (boss, otto) = (await PersonAsync(host, "boss", "administrator"), await PersonAsync(host, "otto", "operator"));
        var moveId = await StartAsync(host, Ask("look", ("secondPerson", A.Text("ConfirmAfter"))));

        var first = await TaskAsync(host, moveId, "look-1");
        await RefusedAsync(await AnswerAsync(host, boss, first, "Done", "otto"), HttpStatusCode.BadRequest, "You are signed in as boss");
        await OkAsync(await AnswerAsync(host, boss, first, "Done"));
        var confirmation = await TaskAsync(host, moveId, "confirm-look-1");
        Assert.Contains("boss says: Done", (string)confirmation["instructions"]!, StringComparison.Ordinal);
        await RefusedAsync(await AnswerAsync(host, boss, confirmation, "Confirm"), HttpStatusCode.Forbidden, "takes a second person");
        await RefusedAsync(await AnswerAsync(host, otto, confirmation, "Confirm"), HttpStatusCode.Forbidden, "for others");
        var anna = await PersonAsync(host, "anna", "approver");
        await RefusedAsync(await AnswerAsync(host, anna, confirmation, "SendBack"), HttpStatusCode.BadRequest, "must be filled in");
        await OkAsync(await AnswerAsync(host, anna, confirmation, "SendBack", fields: new { reason = "It still shows the old name." }));

        var second = await TaskAsync(host, moveId, "look-2");
        Assert.Equal("anna sent it back: It still shows the old name.", (string?)second["finding"]);
        await OkAsync(await AnswerAsync(host, otto, second, "Done"));
        await OkAsync(await AnswerAsync(host, boss, await TaskAsync(host, moveId, "confirm-look-2"), "Confirm"));
        await EndAsync(host, moveId);
        using var move = await host.SendAsync(HttpMethod.Get, $"/api/moves/{moveId}", host.ApiKey);
        var step = Assert.Single((await move.Content.ReadFromJsonAsync<JsonObject>())!["steps"]!.AsArray())!;
        Assert.Equal("Done", (string)Assert.Single(step["outcomes"]!.AsArray())!);
    }

    private static DefinitionBuilder Ask(string name, params (string, JsonNode?)[] more) => A.Sequence($"asks-{name}").With(A.Node(
        "ask", "SpeElsa.HumanTask", [("taskName", A.Text(name)), ("title", A.Text("Do it")), ("undo", A.Text("Nothing")), ("undoReason", A.Text("It is only asked.")), .. more]));

    private static async Task<string> PersonAsync(AccessHost host, string name, params string[] roles)
    {
        await host.AddUserAsync(name, roles);
        return $"Bearer {(await host.LoginAsync(name))["accessToken"]}";
    }

    private static async Task<string> StartAsync(AccessHost host, DefinitionBuilder definition)
    {
        var json = JsonNode.Parse(definition.ToJson())!;
        using var published = await host.SendAsync(HttpMethod.Post, "/elsa/api/workflow-definitions", host.ApiKey, new JsonObject { ["model"] = json, ["publish"] = true });
        Assert.True(published.IsSuccessStatusCode, await published.Content.ReadAsStringAsync());
        using var started = await host.SendAsync(HttpMethod.Post, "/api/moves", host.ApiKey, new { scenario = (string)json["definitionId"]! });
        return (string)(await started.Content.ReadFromJsonAsync<JsonObject>())!["id"]!;
    }

    private static Task<JsonNode> TaskAsync(AccessHost host, string moveId, string name) => Eventually.GetAsync(
        async () =>
        {
            using var answer = await host.SendAsync(HttpMethod.Get, $"/api/tasks?moveId={moveId}", host.ApiKey);
            return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["items"]!.AsArray().FirstOrDefault(task => (string)task!["id"]! == $"{moveId}-{name}")!;
        },
        task => task is not null,
        _ => $"no task {name}");

    private static Task<HttpResponseMessage> AnswerAsync(AccessHost host, string who, JsonNode task, string outcome, string? completedBy = null, object? fields = null) =>
        host.SendAsync(HttpMethod.Post, $"/api/tasks/{task["id"]}/complete", who, new { completedBy, outcome, fields });

    private static async Task OkAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            Assert.True(answer.StatusCode is HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        }
    }

    private static async Task RefusedAsync(HttpResponseMessage answer, HttpStatusCode status, string says)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == status && text.Contains(says, StringComparison.Ordinal), $"{answer.StatusCode}: {text}");
        }
    }

    private static Task EndAsync(AccessHost host, string moveId) => Eventually.TrueAsync(
        async () =>
        {
            using var answer = await host.SendAsync(HttpMethod.Get, $"/api/moves/{moveId}", host.ApiKey);
            return (string?)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["status"] == "finished";
        },
        "the move has finished");
}
