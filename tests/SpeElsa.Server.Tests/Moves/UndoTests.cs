using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SpeElsa.Server.Tests.Harness;
using SpeElsa.Testing;

namespace SpeElsa.Server.Tests.Moves;

/// <summary>The way back over HTTP.</summary>
public sealed class UndoTests
{
    private static readonly object Wish = new { requestedBy = "j.doe", reason = "The window is over." };

    /// <summary>Killed at each boundary of the start; nobody asks a second time.</summary>
    [Fact]
    public async Task Previewed_started_once_and_killed_in_between_it_brings_the_old_server_back()
    {
        await using var server = await ServerProcess.StartAsync(
            ("Lab__ArchiveBytes", UndisturbedRun.FewBytes), ("SPEELSA_KILL_AT", "undo-wish-stored,undo-definition-stored"));
        var administrator = new Administrator(server);
        var before = Old(await FarmFingerprint.TakeAsync(server));
        var moveId = await administrator.StartMoveAsync();
        await administrator.NextTaskAsync(moveId);
        await AssertRefusalsAsync(server, moveId);
        await administrator.PlayAsync(moveId, until: "install");

        var preview = (await server.Client.GetFromJsonAsync<JsonObject>($"/api/moves/{moveId}/undo"))!;
        Assert.True(preview["canStart"]!.GetValue<bool>(), preview.ToJsonString());
        var titles = preview["steps"]!.AsArray().Select(step => step!["title"]!.GetValue<string>()).ToArray();
        Assert.Equal("Stop and disable the services of spe-new", titles[0]);
        var person = Assert.Single(preview["steps"]!.AsArray(), step => step!["byPerson"]!.GetValue<bool>())!;
        Assert.Equal("Transfer the licence back to spe-old", person["title"]!.GetValue<string>());
        Assert.Contains("computer name of spe-old", person["instructions"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("Switch MFA on again for the system administrators of spe-old", preview["steps"]!.AsArray()[^1]!["otherwise"]!.GetValue<string>());
        Assert.All(
            preview["undoes"]!.AsArray(),
            step => Assert.True(step!["undo"]!.GetValue<string>() == "steps" ? step["by"]!.AsArray().Count > 0 : step["why"]!.GetValue<string>().Length > 10, step.ToJsonString()));
        Assert.Contains(preview["undoes"]!.AsArray(), step => step!["activityId"]!.GetValue<string>() == "seedCopy" && step["undo"]!.GetValue<string>() == "stays");
        Assert.Equal("waiting", (await administrator.GetMoveAsync(moveId))["status"]!.GetValue<string>());

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => server.Client.PostAsJsonAsync($"/api/moves/{moveId}/undo", Wish));
        var undoId = $"undo{moveId}";
        await RestartUntilAsync(server, async () => await server.Client.GetAsync(new Uri($"/api/moves/{undoId}", UriKind.Relative)) is { StatusCode: HttpStatusCode.OK });
        Assert.Equal(2, (await File.ReadAllLinesAsync(Path.Combine(server.DataDirectory, "killed.txt"))).Length);

        var receipts = await Task.WhenAll(Enumerable.Range(0, 5).Select(async number =>
        {
            using var answer = await server.Client.PostAsJsonAsync($"/api/moves/{moveId}/undo", new { requestedBy = $"p{number}", reason = "Me too." });
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            return (await answer.Content.ReadFromJsonAsync<JsonObject>())!.ToJsonString();
        }));
        Assert.Contains("\"requestedBy\":\"j.doe\"", Assert.Single(receipts.Distinct()), StringComparison.Ordinal);

        await administrator.PlayAsync(undoId);
        var undo = await administrator.GetMoveAsync(undoId);
        Assert.True(undo["status"]!.GetValue<string>() == "finished", undo.ToJsonString());
        Assert.Equal(moveId, undo["undoes"]!.GetValue<string>());
        var move = await administrator.GetMoveAsync(moveId);
        Assert.Equal(("aborted", undoId), (move["status"]!.GetValue<string>(), move["undoneBy"]!.GetValue<string>()));
        Assert.Empty(await administrator.GetTasksAsync(moveId));
        Assert.Equal(before, Old(await FarmFingerprint.TakeAsync(server)));
        await AnswerTests.AssertProblemAsync(await server.Client.PostAsJsonAsync($"/api/moves/{undoId}/undo", Wish), HttpStatusCode.Conflict);
        Assert.Equal(2, (await server.Client.GetFromJsonAsync<JsonObject>("/api/moves"))!["total"]!.GetValue<int>());

        // It is a definition like any other, for who looks for it; it is no procedure that can be started.
        var definition = (await server.Client.GetFromJsonAsync<JsonObject>($"/elsa/api/workflow-definitions/by-definition-id/undo-{moveId}"))!;
        Assert.True(definition["isSystem"]!.GetValue<bool>() && definition["isPublished"]!.GetValue<bool>());
        await AnswerTests.AssertProblemAsync(await server.Client.PostAsJsonAsync("/api/moves", new { scenario = $"undo-{moveId}", plan = new { } }), HttpStatusCode.BadRequest, "scenario");

        await DecideForUndoAsync(server, administrator);
        Assert.Equal(before, Old(await FarmFingerprint.TakeAsync(server)));
    }

    /// <summary>A step of a second move can not go on, and the person decides for the way back.</summary>
    private static async Task DecideForUndoAsync(ServerProcess server, Administrator administrator)
    {
        var moveId = await administrator.StartMoveAsync();
        var mfaOff = await administrator.NextTaskAsync(moveId);
        await administrator.DoAsync("mfa-off");
        await administrator.LabAsync("/lab/servers/spe-old/faults", new { kind = "CertificateChanged" });
        using var done = await administrator.AnswerAsync(mfaOff!["id"]!.GetValue<string>());
        JsonObject? decision = null;
        await Eventually.TrueAsync(
            async () => (decision = (await administrator.NextTaskAsync(moveId))!)["kind"]!.GetValue<string>() == "decision", "nobody is asked to decide");
        using var cleared = await server.Client.DeleteAsync(new Uri("/lab/servers/spe-old/faults", UriKind.Relative));

        await AnswerTests.AssertProblemAsync(await administrator.AnswerAsync(decision!["id"]!.GetValue<string>(), outcome: "Undo"), HttpStatusCode.BadRequest, "fields.reason");
        using var answer = await administrator.AnswerAsync(decision["id"]!.GetValue<string>(), new { reason = "Not tonight." }, outcome: "Undo");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Eventually.TrueAsync(async () => (await administrator.GetMoveAsync(moveId))["undoneBy"]?.GetValue<string>() == $"undo{moveId}", "the undo is not started");
        await administrator.PlayAsync($"undo{moveId}");
        Assert.Equal("finished", (await administrator.GetMoveAsync($"undo{moveId}"))["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task In_the_middle_of_a_copy_the_script_is_stopped_on_its_machine()
    {
        await using var server = await ServerProcess.StartAsync(("Lab__ArchiveBytes", "400000"), ("Lab__CopyBytesPerSecond", "20000"));
        var administrator = new Administrator(server);
        var moveId = await administrator.StartMoveAsync();
        await Eventually.TrueAsync(
            async () => (await server.Client.GetFromJsonAsync<JsonArray>($"/api/moves/{moveId}/journal?take=1000"))!.Any(row => row!["event"]!.GetValue<string>() == "TicketStarted"),
            "no copy runs");
        var preview = (await server.Client.GetFromJsonAsync<JsonObject>($"/api/moves/{moveId}/undo"))!;
        Assert.Equal("SpeElsa.StopTickets", Assert.Single(preview["steps"]!.AsArray())!["type"]!.GetValue<string>());

        using var answer = await server.Client.PostAsJsonAsync($"/api/moves/{moveId}/undo", Wish);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var undoId = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<string>();
        await administrator.PlayAsync(undoId);

        Assert.Equal("finished", (await administrator.GetMoveAsync(undoId))["status"]!.GetValue<string>());
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(server.LabDirectory, "spe-new", "C", "ProgramData", "SpeElsa", "Tickets")));
    }

    private static async Task AssertRefusalsAsync(ServerProcess server, string moveId)
    {
        await AnswerTests.AssertProblemAsync(await server.Client.GetAsync(new Uri("/api/moves/none/undo", UriKind.Relative)), HttpStatusCode.NotFound);
        await AnswerTests.AssertProblemAsync(await server.Client.PostAsJsonAsync("/api/moves/none/undo", Wish), HttpStatusCode.NotFound);
        await AnswerTests.AssertProblemAsync(await server.Client.PostAsJsonAsync($"/api/moves/{moveId}/undo", new { requestedBy = " " }), HttpStatusCode.BadRequest, "requestedBy", "reason");
    }

    private static async Task RestartUntilAsync(ServerProcess server, Func<Task<bool>> condition) => await Eventually.TrueAsync(
        async () =>
        {
            try
            {
                if (server.HasExited)
                {
                    await server.StartAsync();
                }

                return await condition();
            }
            catch (HttpRequestException)
            {
                return false;
            }
        },
        "the undo is not started");

    private static IReadOnlyList<string> Old(IReadOnlyList<string> farm) =>
        [.. farm.Where(line => line.StartsWith("spe-old ", StringComparison.Ordinal) || line.StartsWith("licence", StringComparison.Ordinal) || line.StartsWith("violations", StringComparison.Ordinal))
            .Where(line => !line.Contains(".log ", StringComparison.Ordinal))];
}
