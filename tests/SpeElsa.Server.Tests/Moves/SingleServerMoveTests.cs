using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SpeElsa.Server.Tests.Harness;

namespace SpeElsa.Server.Tests.Moves;

public sealed class SingleServerMoveTests
{
    [Fact]
    public async Task The_whole_move_runs_over_http_from_plan_to_sign_off()
    {
        await using var server = await ServerProcess.StartAsync();
        var administrator = new Administrator(server);
        var moveId = await administrator.StartMoveAsync();

        await administrator.PlayAsync(moveId);

        var move = await administrator.GetMoveAsync(moveId);
        Assert.True(move["status"]!.GetValue<string>() == "finished", move.ToJsonString());
        Assert.Equal(move["stepsDone"]!.GetValue<int>(), move["steps"]!.AsArray().Select(step => step!["activityId"]!.GetValue<string>()).Distinct().Count());
        Assert.All(move["steps"]!.AsArray(), step => Assert.Equal("done", step!["status"]!.GetValue<string>()));
        Assert.True(TimeSpan.Parse(move["downtime"]!["soFar"]!.GetValue<string>(), CultureInfo.InvariantCulture) > TimeSpan.Zero);
        Assert.Equal(
            ["clientAccessServer", "instanceHost", "managementServer"],
            move["downtime"]!["clocks"]!.AsArray().Where(clock => clock!["endedAt"] is not null && clock["instance"] is null).Select(clock => (string)clock!["role"]!).Order(StringComparer.Ordinal));
        var twice = (await administrator.EffectsAsync()).Where(effect => effect.Value > 1 && effect.Key.Contains("file-copy", StringComparison.Ordinal));
        Assert.Equal([], twice.Select(effect => $"{effect.Key} ×{effect.Value}"));
        var lab = await server.Client.GetStringAsync(new Uri("/lab/servers", UriKind.Relative));
        Assert.Empty(JsonNode.Parse(lab)!["violations"]!.AsArray());

        // After the sign-off the mail is on the new server only: the way back is a new move, and the preview says so.
        var undo = (await server.Client.GetFromJsonAsync<JsonObject>($"/api/moves/{moveId}/undo"))!;
        Assert.False(undo["canStart"]!.GetValue<bool>());
        Assert.Empty(undo["steps"]!.AsArray());
        Assert.Contains("A new move from spe-new to spe-old brings the mail along", undo["why"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains(undo["undoes"]!.AsArray(), step => step!["activityId"]!.GetValue<string>() == "disableOld" && step["why"]!.GetValue<string>().Contains("end of the move", StringComparison.Ordinal));
        await AnswerTests.AssertProblemAsync(
            await server.Client.PostAsJsonAsync($"/api/moves/{moveId}/undo", new { requestedBy = "j.doe", reason = "Changed my mind." }), System.Net.HttpStatusCode.Conflict);

        // How long it took is the forecast of the next.
        using var planned = await server.Client.PostAsJsonAsync("/api/plans", Administrator.Plan);
        var plan = (await planned.Content.ReadFromJsonAsync<JsonObject>())!;
        var preview = (await server.Client.GetFromJsonAsync<JsonObject>($"/api/plans/{plan["id"]}/preview"))!;
        Assert.Equal(1, preview["measuredMoves"]!.GetValue<int>());
        Assert.Empty(preview["notMeasured"]!.AsArray());
        Assert.InRange(preview["downtimeMinutes"]!.GetValue<double>(), 0.001, preview["minutes"]!.GetValue<double>());
        Assert.Contains(preview["steps"]!.AsArray(), step => (string?)step!["activityId"] == "finalCopy" && (bool)step["downtime"]! && step["minutes"] is not null);

        await EvidenceTests.CheckAsync(server.Client, server.DataDirectory, moveId);
    }
}
