using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Activities;

public sealed class SwitchTests : EngineTest
{
    [Theory]
    [InlineData("MatchFirst", 5, new[] { "small" })]
    [InlineData("MatchAny", 5, new[] { "small", "odd" })]
    [InlineData("MatchFirst", 7, new[] { "small" })]
    [InlineData("MatchAny", 8, new[] { "small" })]
    [InlineData("MatchFirst", 11, new[] { "odd" })]
    [InlineData("MatchFirst", 12, new[] { "other" })]
    [InlineData("MatchAny", 12, new[] { "other" })]
    public async Task Switch_runs_what_applies(string mode, int number, string[] expected)
    {
        var choice = A.Switch("switch", mode, [A.Case("S", "getN() < 10", A.Line("small")), A.Case("O", "getN() % 2 == 1", A.Line("odd"))], A.Line("other"));
        var id = await RunAsync(A.Sequence("switch").Variable("N", "Int32", $"{number}").With(choice, A.Line("after")));

        Assert.Equal([.. expected, "switch", "after"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task Switch_waits_for_all_that_apply_also_after_a_restart()
    {
        var choice = A.Switch("switch", "MatchAny", [A.Case("a", "true", A.Event("a", "a")), A.Case("b", "true", A.Event("b", "b"))]);
        choice["output"] = A.Into("Labels");
        var id = await StartAsync(A.Sequence("waits").Variable("Labels").With(choice, A.Say("after", "getLabels().join()")));
        var waits = await Host.WaitForBookmarksAsync(id, 2);
        await RestartAsync();
        await Host.SignalAsync(waits[1]);
        await Host.WaitForBookmarksAsync(id, 1);
        await Host.SignalAsync(waits[0]);

        await FinishesAsync(id);
        Assert.Equal(["b", "a", "switch", "after"], await Host.CompletedAsync(id));
        Assert.Equal(["a,b"], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task Switch_without_a_case_or_a_default_completes()
    {
        var id = await RunAsync(A.Sequence("empty").With(A.Node("switch", "Elsa.Switch"), A.Line("after")));

        Assert.Equal(["switch", "after"], await Host.CompletedAsync(id));
    }

    [Theory]
    [InlineData("MatchFirst", 5, new[] { "small" })]
    [InlineData("MatchAny", 5, new[] { "small", "odd" })]
    [InlineData("MatchFirst", 12, new[] { "other" })]
    public async Task A_switch_of_a_flowchart_goes_the_ways_that_apply(string mode, int number, string[] expected)
    {
        var id = await RunAsync(A.Flowchart("flow").Variable("N", "Int32", $"{number}")
            .With(A.Switch("switch", mode, [A.Case("S", "getN() < 10"), A.Case("O", "getN() % 2 == 1")]), A.Line("small"), A.Line("odd"), A.Line("other"), A.Line("join"))
            .Connect("switch:S -> small", "switch:O -> odd", "switch:Default -> other", "small -> join", "odd -> join", "other -> join"));

        Assert.Equal(["switch", .. expected, "join"], await Host.CompletedAsync(id));
    }
}
