using System.Net;
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
        var (oscar, anna) = (await host.PersonAsync("oscar", "operator", "approver"), await host.PersonAsync("anna", "approver"));
        var moveId = await host.StartMoveAsync(TaskHost.Ask("transfer-licence"));

        // It is not asked before it is approved, and a key approves nothing.
        var approval = await host.TaskAsync(moveId, "approve-transfer-licence-1");
        Assert.Equal(("approval", "approver", true), ((string)approval["kind"]!, (string)approval["role"]!, (bool)approval["needsPerson"]!));
        await host.AnswerAsync(host.ApiKey, approval, "Approve", HttpStatusCode.Forbidden, "takes a person who is signed in", "j.doe");
        await host.AnswerAsync(anna, approval, "Refuse", fields: new { reason = "The customer sleeps." });
        var again = await host.TaskAsync(moveId, "approve-transfer-licence-2");
        Assert.Contains("anna refused: The customer sleeps.", (string?)again["finding"], StringComparison.Ordinal);
        await host.AnswerAsync(oscar, again, "Approve");

        // Who approved does not do it.
        var task = await host.TaskAsync(moveId, "transfer-licence-1");
        Assert.Equal("oscar", (string)Assert.Single(task["notBy"]!.AsArray())!);
        await host.AnswerAsync(oscar, task, "Done", HttpStatusCode.Forbidden, "takes a second person");
        await host.AnswerAsync(host.ApiKey, task, "Done", HttpStatusCode.Forbidden, "takes a person who is signed in", "somebody");
        await host.AnswerAsync(anna, task, "Done", HttpStatusCode.Forbidden, "for others");
        await host.AnswerAsync(await host.PersonAsync("otto", "operator"), task, "Done");
        await host.EndAsync(moveId);

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
        var (boss, otto) = (await host.PersonAsync("boss", "administrator"), await host.PersonAsync("otto", "operator"));
        var moveId = await host.StartMoveAsync(TaskHost.Ask("look", ("secondPerson", A.Text("ConfirmAfter"))));

        var first = await host.TaskAsync(moveId, "look-1");
        await host.AnswerAsync(boss, first, "Done", HttpStatusCode.BadRequest, "You are signed in as boss", "otto");
        await host.AnswerAsync(boss, first, "Done");
        var confirmation = await host.TaskAsync(moveId, "confirm-look-1");
        Assert.Contains("boss says: Done", (string)confirmation["instructions"]!, StringComparison.Ordinal);
        await host.AnswerAsync(boss, confirmation, "Confirm", HttpStatusCode.Forbidden, "takes a second person");
        await host.AnswerAsync(otto, confirmation, "Confirm", HttpStatusCode.Forbidden, "for others");
        var anna = await host.PersonAsync("anna", "approver");
        await host.AnswerAsync(anna, confirmation, "SendBack", HttpStatusCode.BadRequest, "must be filled in");
        await host.AnswerAsync(anna, confirmation, "SendBack", fields: new { reason = "It still shows the old name." });

        var second = await host.TaskAsync(moveId, "look-2");
        Assert.Equal("anna sent it back: It still shows the old name.", (string?)second["finding"]);
        await host.AnswerAsync(otto, second, "Done");
        await host.AnswerAsync(boss, await host.TaskAsync(moveId, "confirm-look-2"), "Confirm");
        await host.EndAsync(moveId);
        var step = Assert.Single((await host.GetAsync($"/api/moves/{moveId}"))["steps"]!.AsArray())!;
        Assert.Equal("Done", (string)Assert.Single(step["outcomes"]!.AsArray())!);
    }
}
