using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SpeElsa.Server.Tests.Identity;
using SpeElsa.Testing;

namespace SpeElsa.Server.Tests.Tasks;

/// <summary>The inbox: what waits for whom, who has taken what, and what belongs to it.</summary>
public sealed class InboxTests
{
    private static readonly byte[] Picture = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];

    [Fact]
    public async Task A_task_is_taken_by_one_person_who_answers_it_gives_it_back_or_passes_it_on()
    {
        await using var host = await AccessHost.StartAsync();
        var (ann, bob) = (await host.PersonAsync("ann", "operator"), await host.PersonAsync("bob", "operator"));
        var viewer = await host.PersonAsync("vic", "viewer");
        var approver = await host.PersonAsync("apu", "approver");
        var moveId = await host.StartMoveAsync(TaskHost.Ask("look"));
        var task = await host.TaskAsync(moveId, "look-1");
        var path = $"/api/tasks/{task["id"]}";

        Assert.Equal("ann", (string?)(await host.PostAsync($"{path}/claim", ann, null))["task"]!["claimedBy"]);
        await host.PostAsync($"{path}/claim", viewer, null, HttpStatusCode.Forbidden);
        await host.PostAsync($"{path}/claim", approver, null, HttpStatusCode.Forbidden, "for people with the role 'operator'");
        await host.PostAsync($"{path}/claim", bob, null, HttpStatusCode.Conflict, "ann has taken it until");
        await host.AnswerAsync(bob, task, "Done", HttpStatusCode.Conflict, "ann has taken it until");
        await host.AnswerAsync(host.ApiKey, task, "Done", HttpStatusCode.Conflict, "ann has taken it until", "j.doe");
        await host.PostAsync($"{path}/release", bob, null, HttpStatusCode.Conflict, "ann has taken it");
        Assert.Equal("1 0", $"{(await host.GetAsync("/api/tasks?mine=true", ann))["total"]} {(await host.GetAsync("/api/tasks?mine=true", bob))["total"]}");
        Assert.Equal(0, (int)(await host.GetAsync("/api/tasks?state=unclaimed"))["total"]!);
        Assert.Equal("1 0", $"{(await host.GetAsync("/api/tasks?forMe=true", bob))["total"]} {(await host.GetAsync("/api/tasks?forMe=true", approver))["total"]}");

        // Passed on, sent back, taken over: each with its reason in the history.
        await host.PostAsync($"{path}/release", ann, null);
        await host.PostAsync($"{path}/assign", ann, new { to = "apu" }, HttpStatusCode.BadRequest, "does not have the role");
        await host.PostAsync($"{path}/assign", ann, new { to = "nobody" }, HttpStatusCode.BadRequest, "There is no account");
        await host.PostAsync($"{path}/assign", ann, new { to = "bob", reason = "He has the portal's login." });
        await host.AnswerAsync(ann, task, "Done", HttpStatusCode.Conflict, "It was given to bob");
        await host.PostAsync($"{path}/send-back", bob, null, HttpStatusCode.BadRequest, "Say why");
        await host.PostAsync($"{path}/send-back", bob, new { text = "It has expired." });
        await host.PostAsync($"{path}/claim", bob, null);
        await host.PostAsync($"{path}/claim", ann, new { takeOver = true }, HttpStatusCode.BadRequest, "Say why");
        await host.PostAsync($"{path}/claim", ann, new { takeOver = true, reason = "bob is asleep" });
        await host.PostAsync($"{path}/comments", bob, new { text = "I am awake." });
        await host.AnswerAsync(ann, task, "Done");
        await host.EndAsync(moveId);

        var detail = await Eventually.GetAsync(async () => await host.GetAsync(path), one => one["task"]!["closedBy"] is not null, _ => "it is not closed");
        Assert.Equal(
            ["claimed ann ", "released ann ", "assigned ann To bob: He has the portal's login.", "sentBack bob It has expired.", "claimed bob ", "takenOver ann From bob: bob is asleep", "commented bob I am awake.", "answered ann Done"],
            detail["history"]!.AsArray().Select(note => $"{note!["kind"]} {note["by"]} {note["text"]}"));
        await host.PostAsync($"{path}/claim", bob, null, HttpStatusCode.Conflict, "ann answered 'Done'");
        Assert.Equal((0, 1), ((int)(await host.GetAsync("/api/tasks"))["total"]!, (int)(await host.GetAsync("/api/tasks?state=closed"))["total"]!));
        await host.PostAsync("/api/tasks/none-such-1/claim", ann, null, HttpStatusCode.NotFound);
        Assert.Equal(HttpStatusCode.BadRequest, await host.StatusAsync(HttpMethod.Get, "/api/tasks?state=lost", host.ApiKey));
    }

    [Fact]
    public async Task What_was_given_as_evidence_goes_into_the_journal_by_its_hash()
    {
        await using var host = await AccessHost.StartAsync("--Tasks:LargestFile", "2000");
        var ann = await host.PersonAsync("ann", "operator");
        var fields = new JsonArray(new JsonObject { ["name"] = "proof", ["type"] = "file", ["required"] = true }, new JsonObject { ["name"] = "size", ["type"] = "number" });
        var moveId = await host.StartMoveAsync(TaskHost.Ask("look", ("fields", A.Text(fields.ToJsonString())), ("dueIn", A.Text("00:00:01"))));
        var task = await host.TaskAsync(moveId, "look-1");

        Assert.Contains("kind is not taken", await FileAsync("setup.exe", Picture), StringComparison.Ordinal);
        Assert.Contains("does not hold image/png", await FileAsync("shot.png", [1, 2, 3]), StringComparison.Ordinal);
        Assert.Contains("does not hold text/plain", await FileAsync("a.txt", [65, 0, 66]), StringComparison.Ordinal);
        Assert.Contains("larger than 2000 bytes", await FileAsync("a.txt", new byte[2001]), StringComparison.Ordinal);
        Assert.Contains("The file is empty", await FileAsync("a.txt", []), StringComparison.Ordinal);
        var file = JsonNode.Parse(await FileAsync("../../shot.png", Picture))!;
        Assert.Equal(("shot.png", Convert.ToHexStringLower(SHA256.HashData(Picture))), ((string)file["name"]!, (string)file["sha256"]!));

        await host.AnswerAsync(ann, task, "Done", HttpStatusCode.BadRequest, "given to the task before", fields: new { proof = "another" });
        await host.AnswerAsync(ann, task, "Done", HttpStatusCode.BadRequest, "must be filled in", fields: new { proof = new { sha256 = "made up" } });
        var schema = (await host.GetAsync($"/api/tasks/{task["id"]}"))["schema"]!["properties"]!["fields"]!;
        Assert.Equal(("proof", "number"), ((string)schema["required"]![0]!, (string)schema["properties"]!["size"]!["type"]!));
        await Eventually.TrueAsync(async () => (int)(await host.GetAsync("/api/tasks?state=overdue"))["total"]! == 1, "it is overdue");
        await host.AnswerAsync(ann, task, "Done", fields: new { proof = file["id"] });
        await host.EndAsync(moveId);

        var told = (await host.GetAsync($"/api/moves/{moveId}/journal?take=1000")).AsArray().Single(row => (string)row!["event"]! == "TaskCompleted")!["facts"]!["fields"]!["proof"]!;
        Assert.Equal((string)file["sha256"]!, (string)told["sha256"]!);
        using var content = await host.SendAsync(HttpMethod.Get, $"/api/tasks/{task["id"]}/files/{file["id"]}", host.ApiKey);
        Assert.Equal(Picture, await content.Content.ReadAsByteArrayAsync());
        Assert.Equal("attachment", content.Content.Headers.ContentDisposition?.DispositionType);

        async Task<string> FileAsync(string name, byte[] bytes)
        {
            using var client = new HttpClient { BaseAddress = host.Address };
            using var message = new HttpRequestMessage(HttpMethod.Post, $"/api/tasks/{task["id"]}/files?name={Uri.EscapeDataString(name)}") { Content = new ByteArrayContent(bytes) };
            message.Headers.Authorization = AuthenticationHeaderValue.Parse(ann);
            using var answer = await client.SendAsync(message);
            return await answer.Content.ReadAsStringAsync();
        }
    }

    [Fact]
    public async Task What_the_inbox_missed_while_the_server_was_down_is_there_when_it_runs_again()
    {
        await using var host = await AccessHost.StartAsync();
        var moveId = await host.StartMoveAsync(TaskHost.Ask("look"));
        await host.TaskAsync(moveId, "look-1");
        await host.WithAccountsAsync(async (_, database) =>
        {
            // As after a death between the engine's commit and the inbox's, and as if a task had been answered that the inbox has not heard of.
            var row = await database.Tasks.SingleAsync();
            await database.Database.ExecuteSqlAsync($"DELETE FROM Tasks");
            await database.Database.ExecuteSqlAsync(
                $"INSERT INTO Tasks (Id, MoveId, Kind, Role, Asked, CreatedAt, State, Reminders, Escalations, Version) VALUES ('gone-look-1', 'gone', 'task', 'operator', {row.Asked}, 1, 'Open', 0, 0, 1)");
            return 0;
        });

        await host.RestartAsync();

        await Eventually.TrueAsync(
            async () => (await host.GetAsync("/api/tasks"))["items"]!.AsArray().Select(task => (string)task!["id"]!).SequenceEqual([$"{moveId}-look-1"], StringComparer.Ordinal), "the inbox is as the engine has it");
    }
}
