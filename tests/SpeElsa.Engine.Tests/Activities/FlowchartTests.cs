using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Activities;

public sealed class FlowchartTests : EngineTest
{
    [Fact]
    public async Task A_chain_runs_in_the_order_of_its_arrows()
    {
        var id = await RunAsync(A.Flowchart("chain").With(A.Line("c"), A.Line("a"), A.Line("b")).Connect("a -> b", "b -> c"));

        Assert.Equal(["a", "b", "c"], await Host.CompletedAsync(id));
    }

    [Theory]
    [InlineData("true", new[] { "ask", "yes" })]
    [InlineData("false", new[] { "ask", "no" })]
    public async Task A_decision_goes_one_way(string condition, string[] expected)
    {
        var id = await RunAsync(A.Flowchart("decision").With(A.Decision("ask", condition), A.Line("yes"), A.Line("no")).Connect("ask:True -> yes", "ask:False -> no"));

        Assert.Equal(expected, await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task Both_ways_of_a_decision_may_lead_to_the_same_activity_which_runs_once()
    {
        var id = await RunAsync(A.Flowchart("same").With(A.Decision("ask", "true"), A.Line("next")).Connect("ask:True -> next", "ask:False -> next"));

        Assert.Equal(["ask", "next"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task A_join_waits_for_both_branches()
    {
        var id = await StartAsync(A.Flowchart("join")
            .With(A.Line("start"), A.Event("left", "left"), A.Event("right", "right"), A.Line("join"))
            .Connect("start -> left", "start -> right", "left -> join", "right -> join"));

        await Host.SignalAsync(await Host.WaitForBookmarkOfAsync(id, "right"));
        await Host.WaitForBookmarksAsync(id, 1);
        Assert.Equal(["start", "right"], await Host.CompletedAsync(id));
        await Host.SignalAsync(await Host.WaitForBookmarkOfAsync(id, "left"));

        await FinishesAsync(id);
        Assert.Equal(["start", "right", "left", "join"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task A_join_does_not_wait_for_a_branch_that_will_not_come()
    {
        var id = await RunAsync(A.Flowchart("dead")
            .With(A.Line("start"), A.Decision("ask", "false"), A.Line("dead1"), A.Line("dead2"), A.Line("alive"), A.Line("join"))
            .Connect("start -> ask", "start -> alive", "ask:True -> dead1", "dead1 -> dead2", "dead2 -> join", "alive -> join"));

        Assert.Equal(["start", "ask", "alive", "join"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task A_join_none_of_whose_branches_comes_does_not_run_nor_what_follows_it()
    {
        var id = await RunAsync(A.Flowchart("none")
            .With(A.Decision("ask", "false"), A.Line("a"), A.Line("b"), A.Line("join"), A.Line("after"))
            .Connect("ask:True -> a", "ask:True -> b", "a -> join", "b -> join", "join -> after"));

        Assert.Equal(["ask"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task An_arrow_from_a_second_entry_that_did_not_start_the_run_does_not_hold_up_a_join()
    {
        // Two triggers lead to the same activity: a run has begun at one of them, so the other one's arrow is never followed.
        var id = await RunAsync(A.Flowchart("entries").With(A.Line("first"), A.Line("second"), A.Line("join")).Connect("first -> join", "second -> join").StartingAt("second"));

        Assert.Equal(["second", "join"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task A_loop_back_runs_the_rounds_it_was_told_to()
    {
        var id = await RunAsync(A.Flowchart("loop").Variable("N", "Int32", "0")
            .With(A.Set("add", "N", "getN() + 1", "Int32"), A.Decision("more", "getN() < 5"), A.Say("end", "'rounds ' + getN()"))
            .Connect("add -> more", "more:True -> add", "more:False -> end"));

        Assert.Equal(["rounds 5"], await Host.LinesAsync(id));
        Assert.Equal(5, (await Host.CompletedAsync(id)).Count(activity => activity == "add"));
    }

    [Fact]
    public async Task A_join_ahead_of_a_loop_waits_for_both_branches_in_every_round()
    {
        var id = await StartAsync(A.Flowchart("rounds").Variable("N", "Int32", "0")
            .With(
                A.Set("round", "N", "getN() + 1", "Int32"),
                A.Line("quick"),
                A.Event("slow", "slow"),
                A.Line("join"),
                A.Decision("more", "getN() < 3"),
                A.Line("end"))
            .Connect("round -> quick", "round -> slow", "quick -> join", "slow -> join", "join -> more", "more:True -> round", "more:False -> end"));

        for (var round = 1; round <= 3; round++)
        {
            await Eventually.TrueAsync(async () => (await Host.CompletedAsync(id)).Count(activity => activity == "quick") == round, $"round {round}");
            Assert.Equal(round - 1, (await Host.CompletedAsync(id)).Count(activity => activity == "join"));
            await Host.SignalAsync(await Host.WaitForBookmarkOfAsync(id, "slow"));
            await RestartAsync();
        }

        await FinishesAsync(id);
        Assert.Equal(3, (await Host.CompletedAsync(id)).Count(activity => activity == "join"));
        Assert.Equal("end", (await Host.CompletedAsync(id))[^1]);
    }

    [Fact]
    public async Task A_loop_to_itself_is_a_loop()
    {
        var id = await RunAsync(A.Flowchart("self").Variable("N", "Int32", "0")
            .With(A.Line("start"), A.Decision("again", "setN(getN() + 1); getN() < 4"), A.Line("end"))
            .Connect("start -> again", "again:True -> again", "again:False -> end"));

        Assert.Equal(4, (await Host.CompletedAsync(id)).Count(activity => activity == "again"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Two_parallel_waits_of_the_same_kind_are_resumed_one_by_one_in_either_order(int first)
    {
        var id = await StartAsync(A.Flowchart("twins")
            .With(A.Line("start"), A.Event("e0", "go"), A.Event("e1", "go"), A.Line("join"))
            .Connect("start -> e0", "start -> e1", "e0 -> join", "e1 -> join"));
        var waits = (await Host.WaitForBookmarksAsync(id, 2)).OrderBy(wait => wait.ActivityId).ToArray();
        Assert.NotEqual(waits[0].Id, waits[1].Id);

        await Host.SignalAsync(waits[first]);
        Assert.Equal(waits[1 - first].Id, Assert.Single(await Host.WaitForBookmarksAsync(id, 1)).Id);
        await Host.SignalAsync(waits[1 - first]);

        await FinishesAsync(id);
        Assert.Equal(["start", $"e{first}", $"e{1 - first}", "join"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task A_terminal_node_ends_the_flowchart_though_another_branch_waits()
    {
        var id = await RunAsync(A.Flowchart("terminal")
            .With(A.Line("start"), A.Event("waits", "never"), A.Node("end", "Elsa.End"))
            .Connect("start -> waits", "start -> end"));

        Assert.Equal(["start", "end"], await Host.CompletedAsync(id));
        Assert.Contains(await Host.JournalAsync(id), row => row is { ActivityId: "waits", EventName: "Canceled" });
        await Host.WaitForBookmarksAsync(id, 0);
    }

    [Fact]
    public async Task An_empty_flowchart_completes() => Assert.Empty(await Host.CompletedAsync(await RunAsync(A.Flowchart("empty"))));

    [Fact]
    public async Task A_flowchart_begins_at_its_start_activity_wherever_it_stands()
    {
        var id = await RunAsync(A.Flowchart("begin").With(A.Line("a"), A.Node("start", "Elsa.Start"), A.Line("b")).Connect("start -> b"));

        Assert.Equal(["start", "b"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task A_flowchart_that_is_one_circle_begins_at_its_first_activity()
    {
        var id = await RunAsync(A.Flowchart("circle").Variable("N", "Int32", "0")
            .With(A.Set("a", "N", "getN() + 1", "Int32"), A.Decision("b", "getN() < 3"))
            .Connect("a -> b", "b:True -> a"));

        Assert.Equal(3, (await Host.CompletedAsync(id)).Count(activity => activity == "a"));
    }

    [Fact]
    public async Task A_flowchart_of_a_thousand_steps_runs()
    {
        string[] ids = [.. Enumerable.Range(0, 1000).Select(number => $"n{number}")];
        var id = await RunAsync(A.Flowchart("long").With([.. ids.Select(A.Line)]).Connect([.. ids.Zip(ids.Skip(1), (from, to) => $"{from} -> {to}")]));

        Assert.Equal(ids, await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task A_dead_path_of_a_thousand_steps_is_walked_to_its_end()
    {
        string[] ids = [.. Enumerable.Range(0, 1000).Select(number => $"n{number}")];
        var id = await RunAsync(A.Flowchart("deadend")
            .With(A.Decision("ask", "false"), A.Line("join")).With([.. ids.Select(A.Line)])
            .Connect("ask:True -> n0", "ask:False -> join", "n999 -> join").Connect([.. ids.Zip(ids.Skip(1), (from, to) => $"{from} -> {to}")]));

        Assert.Equal(["ask", "join"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task A_flowchart_in_a_flowchart_ends_alone()
    {
        var inner = A.Chart("inner", [A.Line("i1"), A.Node("innerEnd", "Elsa.End"), A.Line("unreached")], "i1 -> innerEnd", "innerEnd -> unreached");
        var id = await RunAsync(A.Flowchart("outer").With(inner, A.Line("after")).Connect("inner -> after"));

        Assert.Equal(["i1", "innerEnd", "inner", "after"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task An_outcome_without_an_arrow_ends_that_path()
    {
        var id = await RunAsync(A.Flowchart("open").With(A.Decision("ask", "true"), A.Line("no")).Connect("ask:False -> no"));

        Assert.Equal(["ask"], await Host.CompletedAsync(id));
    }
}
