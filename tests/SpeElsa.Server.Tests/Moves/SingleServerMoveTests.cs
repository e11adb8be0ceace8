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
        var effects = await administrator.EffectsAsync();
        Assert.Equal([], effects.Where(effect => effect.Value > 1).Select(effect => $"{effect.Key} ×{effect.Value}"));
        var lab = (await server.Client.GetStringAsync(new Uri("/lab/servers", UriKind.Relative)));
        Assert.Empty(JsonNode.Parse(lab)!["violations"]!.AsArray());
    }
}
