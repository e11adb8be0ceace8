using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Activities;

/// <summary>When an activity with several arrows into it runs.</summary>
public sealed class JoinTests : EngineTest
{
    [Theory]
    [InlineData("None", "a start b far join")]
    [InlineData("Merge", "a start b far join")]
    [InlineData("Converge", "a start b far join")]
    [InlineData("Stream", "a join start b far join")]
    [InlineData("Cascade", "a join start b far join")]
    public async Task A_branch_that_comes_after_another_is_waited_for_or_not(string mode, string expected)
    {
        var id = await StartAsync(TwoBranches(mode));
        await PassAsync(id, "a");
        await PassAsync(id, "b");

        await FinishesAsync(id);
        string[] order = [.. expected.Split(' ').Where(activity => activity != "start")];
        Assert.Equal(["start", .. order], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task Race_goes_on_with_the_first_branch_and_gives_up_the_other()
    {
        var id = await StartAsync(TwoBranches("Race"));
        await PassAsync(id, "a");

        await FinishesAsync(id);
        Assert.Equal(["start", "a", "join"], await Host.CompletedAsync(id));
        Assert.Contains(await Host.JournalAsync(id), row => row is { ActivityId: "b", EventName: "Canceled" });
        await Host.WaitForBookmarksAsync(id, 0);
    }

    [Fact]
    public async Task Stream_waits_for_an_activity_right_before_it()
    {
        var id = await StartAsync(TwoBranches("Stream"));
        await Host.SignalAsync(await Host.WaitForBookmarkOfAsync(id, "b"));
        await Host.WaitForBookmarksAsync(id, 1);
        Assert.Equal(["start", "b", "far"], await Host.CompletedAsync(id));
        await PassAsync(id, "a");

        await FinishesAsync(id);
        Assert.Equal(["start", "b", "far", "a", "join"], await Host.CompletedAsync(id));
    }

    [Theory]
    [InlineData("None", true)]
    [InlineData("Merge", true)]
    [InlineData("Stream", true)]
    [InlineData("Cascade", true)]
    [InlineData("Race", true)]
    [InlineData("Converge", false)]
    public async Task A_branch_that_was_not_taken_blocks_only_what_converges(string mode, bool runs)
    {
        var id = await RunAsync(A.Flowchart("dead")
            .With(A.Line("start"), A.Decision("ask", "false"), A.Line("dead"), A.Line("alive"), A.Merging(mode, A.Line("join")), A.Line("after"))
            .Connect("start -> ask", "start -> alive", "ask:True -> dead", "dead -> join", "alive -> join", "join -> after"));

        Assert.Equal(runs ? ["start", "ask", "alive", "join", "after"] : ["start", "ask", "alive"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task What_follows_a_blocked_activity_does_not_hold_up_a_later_join()
    {
        var id = await RunAsync(A.Flowchart("blocked")
            .With(A.Line("start"), A.Decision("ask", "false"), A.Merging("Converge", A.Line("blocked")), A.Line("last"))
            .Connect("start -> ask", "start -> blocked", "ask:True -> blocked", "blocked -> last", "ask:False -> last"));

        Assert.Equal(["start", "ask", "last"], await Host.CompletedAsync(id));
    }

    [Theory]
    [InlineData("WaitAll", "start a b far join")]
    [InlineData("WaitAllActive", "start a b far join")]
    [InlineData("WaitAny", "start a join")]
    public async Task A_join_waits_for_the_branches_that_its_mode_names(string mode, string expected)
    {
        var id = await StartAsync(A.Flowchart("join")
            .With(A.Line("start"), A.Event("a", "a"), A.Event("b", "b"), A.Line("far"), A.Node("join", "Elsa.FlowJoin", ("mode", A.Text(mode))))
            .Connect("start -> a", "start -> b", "b -> far", "a -> join", "far -> join"));
        await PassAsync(id, "a");
        if (mode != "WaitAny")
        {
            await PassAsync(id, "b");
        }

        await FinishesAsync(id);
        Assert.Equal(expected.Split(' '), await Host.CompletedAsync(id));
    }

    [Theory]
    [InlineData("WaitAll", false)]
    [InlineData("WaitAllActive", true)]
    public async Task A_join_of_all_needs_the_branches_that_were_not_taken_and_one_of_all_active_does_not(string mode, bool runs)
    {
        var id = await RunAsync(A.Flowchart("active")
            .With(A.Line("start"), A.Decision("ask", "false"), A.Line("alive"), A.Node("join", "Elsa.FlowJoin", ("mode", A.Text(mode))))
            .Connect("start -> ask", "start -> alive", "ask:True -> join", "alive -> join"));

        Assert.Equal(runs, (await Host.CompletedAsync(id)).Contains("join"));
    }

    [Fact]
    public async Task A_join_without_a_mode_goes_on_with_the_first_branch_and_its_mode_may_be_an_expression()
    {
        var id = await StartAsync(A.Flowchart("modes").Variable("All", "Boolean", "true")
            .With(
                A.Line("start"),
                A.Event("a", "a"),
                A.Event("b", "b"),
                A.Node("any", "Elsa.FlowJoin"),
                A.Event("c", "c"),
                A.Event("d", "d"),
                A.Node("all", "Elsa.FlowJoin", ("mode", A.JavaScript("getAll() ? 'WaitAll' : 'WaitAny'"))))
            .Connect("start -> a", "start -> b", "a -> any", "b -> any", "any -> c", "any -> d", "c -> all", "d -> all"));
        await PassAsync(id, "b");
        await PassAsync(id, "c");
        await PassAsync(id, "d");

        await FinishesAsync(id);
        Assert.Equal(["start", "b", "any", "c", "d", "all"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task A_race_gives_up_what_has_arrived_at_a_join_before_it_and_can_be_run_again_in_the_next_round()
    {
        var id = await StartAsync(A.Flowchart("rounds").Variable("N", "Int32", "0")
            .With(
                A.Set("round", "N", "getN() + 1", "Int32"),
                A.Event("quick", "quick"),
                A.Line("early"),
                A.Event("late", "late"),
                A.Line("both"),
                A.Merging("Race", A.Line("race")),
                A.Decision("more", "getN() < 3"))
            .Connect(
                "round -> quick", "round -> early", "round -> late", "early -> both", "late -> both", "both -> race", "quick -> race", "race -> more", "more:True -> round"));

        for (var round = 1; round <= 3; round++)
        {
            await PassAsync(id, "quick");
            await Eventually.TrueAsync(async () => (await Host.CompletedAsync(id)).Count(activity => activity == "race") == round, $"round {round}");
        }

        await FinishesAsync(id);
        var completed = await Host.CompletedAsync(id);
        Assert.Equal(3, completed.Count(activity => activity == "early"));
        Assert.DoesNotContain("both", completed);
        Assert.Equal(3, (await Host.JournalAsync(id)).Count(row => row is { ActivityId: "late", EventName: "Canceled" }));
    }

    [Fact]
    public async Task A_race_is_run_once_though_the_winner_comes_another_way_too()
    {
        var id = await RunAsync(A.Flowchart("twice")
            .With(A.Line("a"), A.Line("detour"), A.Merging("Race", A.Line("race")), A.Line("after"))
            .Connect("a -> race", "a -> detour", "detour -> race", "race -> after"));

        Assert.Equal(["a", "race", "after"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task A_join_waits_for_a_branch_that_goes_in_circles_before_it_comes()
    {
        var id = await StartAsync(A.Flowchart("retry").Variable("N", "Int32", "0")
            .With(
                A.Line("start"),
                A.Line("other"),
                A.Set("try", "N", "getN() + 1", "Int32"),
                A.Decision("failed", "getN() < 3"),
                A.Event("pause", "pause"),
                A.Line("join"))
            .Connect("start -> other", "start -> try", "try -> failed", "failed:True -> pause", "pause -> try", "failed:False -> join", "other -> join"));
        await PassAsync(id, "pause");
        await Eventually.TrueAsync(async () => (await Host.CompletedAsync(id)).Count(activity => activity == "failed") == 2, "second try");
        Assert.DoesNotContain("join", await Host.CompletedAsync(id));
        await PassAsync(id, "pause");

        await FinishesAsync(id);
        Assert.Equal("join", (await Host.CompletedAsync(id))[^1]);
        Assert.Single(await Host.CompletedAsync(id), "join");
    }

    [Fact]
    public async Task Of_two_joins_that_become_free_together_the_later_waits_for_the_earlier()
    {
        var id = await StartAsync(A.Flowchart("order")
            .With(A.Line("start"), A.Line("x"), A.Line("y"), A.Event("ask", "ask"), A.Decision("no", "false"), A.Line("second"), A.Line("first"))
            .Connect("start -> x", "start -> y", "start -> ask", "ask -> no", "no:True -> first", "no:True -> second", "y -> second", "x -> first", "first -> second"));
        await PassAsync(id, "ask");

        await FinishesAsync(id);
        Assert.Equal(["first", "second"], (await Host.CompletedAsync(id)).TakeLast(2));
    }

    [Fact]
    public async Task An_unknown_mode_is_said_with_those_that_there_are()
    {
        var incident = await FaultsAsync(A.Flowchart("unknown").With(A.Line("a"), A.Merging("Sometimes", A.Line("b"))).Connect("a -> b"));

        Assert.Contains("merge mode 'Sometimes'; choose one of None, Stream, Merge, Converge, Cascade, Race", incident.Message, StringComparison.Ordinal);
    }

    /// <summary>One branch ends right before the join; on the other an activity lies between its wait and the join.</summary>
    private static DefinitionBuilder TwoBranches(string mode) => A.Flowchart(mode)
        .With(A.Line("start"), A.Event("a", "a"), A.Event("b", "b"), A.Line("far"), A.Merging(mode, A.Line("join")))
        .Connect("start -> a", "start -> b", "b -> far", "a -> join", "far -> join");

    /// <summary>Goes past an event, with a restart before.</summary>
    private async Task PassAsync(string id, string activityId)
    {
        var wait = await Host.WaitForBookmarkOfAsync(id, activityId);
        await RestartAsync();
        await Host.SignalAsync(wait);
    }
}
