using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Activities;

public sealed class WhileTests : EngineTest
{
    [Fact]
    public async Task While_looks_at_its_condition_before_each_round_also_after_a_restart()
    {
        var body = A.Steps("body", A.Event("wait", "go"), A.Set("add", "N", "getN() + 1", "Int32"));
        var id = await StartAsync(A.Sequence("while").Variable("N", "Int32", "0").With(A.While("loop", "getN() < 2", body), A.Say("end", "getN()")));

        for (var round = 1; round <= 2; round++)
        {
            var wait = await Host.WaitForBookmarkOfAsync(id, "wait");
            await RestartAsync();
            await Host.SignalAsync(wait);
            await Eventually.TrueAsync(async () => (await Host.CompletedAsync(id)).Count(activity => activity == "add") == round, $"round {round}");
        }

        await FinishesAsync(id);
        Assert.Equal(["2"], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task A_condition_that_never_held_gives_no_round()
    {
        var id = await RunAsync(A.Sequence("never").With(A.While("loop", "false", A.Line("body"))));

        Assert.Equal(["loop"], await Host.CompletedAsync(id));
    }
}
