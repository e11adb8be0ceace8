using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Activities;

/// <summary>What activities may ask of the flowchart they stand in, and what becomes of those that are given up.</summary>
public sealed class FlowchartSignalTests : EngineTest
{
    [Fact]
    public async Task Outcomes_can_be_followed_before_the_activity_is_done()
    {
        var id = await StartAsync(A.Flowchart("early")
            .With(A.Node("work", "Test.EarlyOutcome"), A.Line("meanwhile"), A.Line("done"), A.Line("join"))
            .Connect("work:Early -> meanwhile", "work -> done", "meanwhile -> join", "done -> join"));
        var wait = await Host.WaitForBookmarkOfAsync(id, "work");
        Assert.Equal(["meanwhile"], await Host.CompletedAsync(id));
        await RestartAsync();
        await Host.SignalAsync(wait);

        await FinishesAsync(id);
        Assert.Equal(["meanwhile", "work", "done", "join"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task Another_activity_can_be_asked_for_and_gets_its_input()
    {
        var id = await RunAsync(A.Flowchart("asked")
            .With(A.Node("ask", "Test.AskForExtra"), A.Line("next"), A.Node("extra", "Test.TellInput"), A.Say("after", "getOutputFrom('extra')"))
            .Connect("ask -> next", "extra -> after"));

        Assert.Equal(["ask", "extra", "next", "after"], await Host.CompletedAsync(id));
        Assert.Equal(["next", "asked"], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task An_activity_that_was_given_up_is_a_dead_end_even_a_terminal_one()
    {
        var id = await StartAsync(A.Flowchart("given-up")
            .With(A.Line("start"), A.Node("up", "Test.GiveUp"), A.Event("stays", "stays"), A.Line("never"), A.Line("join"))
            .Connect("start -> up", "start -> stays", "up -> never", "never -> join", "stays -> join"));
        await Host.SignalAsync(await Host.WaitForBookmarkOfAsync(id, "up"));
        await Host.WaitForBookmarksAsync(id, 1);
        await RestartAsync();
        await Host.SignalAsync(await Host.WaitForBookmarkOfAsync(id, "stays"));

        await FinishesAsync(id);
        Assert.Equal(["start", "stays", "join"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task A_flowchart_all_of_whose_activities_were_given_up_completes()
    {
        var id = await StartAsync(A.Sequence("outer").With(A.Chart("chart", [A.Node("up", "Test.GiveUp"), A.Line("never")], "up -> never"), A.Line("after")));
        await Host.SignalAsync(await Host.WaitForBookmarkOfAsync(id, "up"));

        await FinishesAsync(id);
        Assert.Equal(["chart", "after"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task Two_thousand_steps_with_a_branch_that_waits_at_their_end_are_no_matter()
    {
        string[] ids = [.. Enumerable.Range(0, 2000).Select(number => $"n{number}")];
        var id = await RunAsync(A.Flowchart("long")
            .With(A.Line("start"), A.Line("short"), A.Line("join")).With([.. ids.Select(A.Line)])
            .Connect("start -> n0", "start -> short", "short -> join", "n1999 -> join").Connect([.. ids.Zip(ids.Skip(1), (from, to) => $"{from} -> {to}")]));

        Assert.Equal(2003, (await Host.CompletedAsync(id)).Count);
    }

    [Fact]
    public async Task A_join_of_a_thousand_branches_runs_once()
    {
        string[] ids = [.. Enumerable.Range(0, 1000).Select(number => $"n{number}")];
        var id = await RunAsync(A.Flowchart("wide")
            .With(A.Line("start"), A.Line("join")).With([.. ids.Select(A.Line)])
            .Connect([.. ids.SelectMany(name => new[] { $"start -> {name}", $"{name} -> join" })]));

        Assert.Equal(["start", .. ids, "join"], await Host.CompletedAsync(id));
    }
}
