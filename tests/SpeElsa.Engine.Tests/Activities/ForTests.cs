using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Activities;

public sealed class ForTests : EngineTest
{
    [Theory]
    [InlineData(1, 3, 1, true, "1 2 3")]
    [InlineData(1, 3, 1, false, "1 2")]
    [InlineData(0, 10, 4, true, "0 4 8")]
    [InlineData(3, 1, -1, true, "3 2 1")]
    [InlineData(3, 1, -1, false, "3 2")]
    [InlineData(2, 1, 1, true, "")]
    [InlineData(5, 5, 1, true, "5")]
    [InlineData(5, 5, 1, false, "")]
    [InlineData(int.MaxValue - 1, int.MaxValue, 1, true, "2147483646 2147483647")]
    public async Task For_counts_from_one_number_to_the_other(int start, int end, int step, bool inclusive, string expected)
    {
        var loop = A.For("for", start, end, A.Say("body", "getCurrentValue()"), step);
        loop["outerBoundInclusive"] = A.Text(inclusive);
        var id = await RunAsync(A.Sequence("count").With(loop, A.Line("after")));

        Assert.Equal([.. expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), "after"], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task For_goes_on_with_its_next_round_after_a_restart_in_each_of_them()
    {
        var loop = A.For("for", 1, 3, A.Steps("body", A.Event("wait", "go"), A.Say("say", "getCurrentIndex() + ':' + getN()")));
        loop["currentValue"] = A.Into("N");
        var id = await StartAsync(A.Sequence("rounds").Variable("N", "Int32").With(loop, A.Line("after")));

        for (var round = 1; round <= 3; round++)
        {
            var wait = await Host.WaitForBookmarkOfAsync(id, "wait");
            await RestartAsync();
            await Host.SignalAsync(wait);
            await Eventually.TrueAsync(async () => (await Host.CompletedAsync(id)).Count(activity => activity == "say") == round, $"round {round}");
        }

        await FinishesAsync(id);
        Assert.Equal(["0:1", "1:2", "2:3", "after"], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task The_bounds_are_found_once()
    {
        var loop = A.Node("for", "Elsa.For", ("start", A.Text(1)), ("end", A.JavaScript("getEnd()")), ("body", A.Set("set", "End", "100", "Int32")));
        var id = await RunAsync(A.Sequence("bounds").Variable("End", "Int32", "3").With(loop));

        Assert.Equal(3, (await Host.CompletedAsync(id)).Count(activity => activity == "set"));
    }

    [Fact]
    public async Task A_step_of_nothing_is_refused()
    {
        var incident = await FaultsAsync(A.Sequence("still").With(A.For("for", 1, 3, A.Line("body"), step: 0)));

        Assert.Contains("choose another step", incident.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loop_in_a_loop_has_its_own_numbers()
    {
        var inner = A.For("inner", 1, 2, A.Say("say", "getOuter() + '/' + getCurrentValue()"));
        var outer = A.For("outer", 1, 2, A.Steps("body", A.Set("keep", "Outer", "getCurrentValue()"), inner, A.Say("back", "getCurrentValue()")));
        var id = await RunAsync(A.Sequence("nested").Variable("Outer").With(outer));

        Assert.Equal(["1/1", "1/2", "1", "2/1", "2/2", "2"], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task A_loop_without_a_body_completes()
    {
        var id = await RunAsync(A.Sequence("hollow").With(A.Node("for", "Elsa.For", ("start", A.Text(1)), ("end", A.Text(3))), A.Line("after")));

        Assert.Equal(["for", "after"], await Host.CompletedAsync(id));
    }
}
