using System.Text.Json.Nodes;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Activities;

public sealed class ForkTests : EngineTest
{
    [Fact]
    public async Task A_fork_that_waits_for_all_completes_with_its_last_branch()
    {
        var id = await StartAsync(A.Sequence("all").With(Fork("WaitAll"), A.Line("after")));
        var waits = await Host.WaitForBookmarksAsync(id, 2);
        await RestartAsync();
        await Host.SignalAsync(waits[0]);
        await Host.WaitForBookmarksAsync(id, 1);
        Assert.DoesNotContain("fork", await Host.CompletedAsync(id));
        await Host.SignalAsync(waits[1]);

        await FinishesAsync(id);
        Assert.Equal(["a", "b", "fork", "after"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task A_fork_that_waits_for_any_completes_with_its_first_branch_and_gives_up_the_others()
    {
        var id = await StartAsync(A.Sequence("any").With(Fork("WaitAny"), A.Line("after")));
        var wait = await Host.WaitForBookmarkOfAsync(id, "b");
        await RestartAsync();
        await Host.SignalAsync(wait);

        await FinishesAsync(id);
        Assert.Equal(["b", "fork", "after"], await Host.CompletedAsync(id));
        Assert.Contains(await Host.JournalAsync(id), row => row is { ActivityId: "a", EventName: "Canceled" });
    }

    [Fact]
    public async Task A_fork_without_branches_completes() =>
        Assert.Equal(["fork"], await Host.CompletedAsync(await RunAsync(A.Sequence("none").With(A.Node("fork", "Elsa.Fork")))));

    [Fact]
    public async Task A_fork_of_a_flowchart_goes_all_its_ways()
    {
        var fork = A.Node("fork", "Elsa.FlowFork", ("branches", A.Expression("Object", """["left", "right"]""")));
        var id = await RunAsync(A.Flowchart("ways").With(fork, A.Line("l"), A.Line("r"), A.Line("no")).Connect("fork:left -> l", "fork:right -> r", "fork:Done -> no"));

        Assert.Equal(["fork", "l", "r"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task A_container_of_a_flowchart_runs_what_it_holds()
    {
        var id = await RunAsync(A.Flowchart("holds")
            .With(A.Node("node", "Elsa.FlowNode", ("body", A.Line("held"))), A.Node("hollow", "Elsa.FlowNode"), A.Line("after"))
            .Connect("node -> hollow", "hollow -> after"));

        Assert.Equal(["held", "node", "hollow", "after"], await Host.CompletedAsync(id));
    }

    private static JsonObject Fork(string mode) =>
        A.Node("fork", "Elsa.Fork", ("joinMode", mode), ("branches", new JsonArray(A.Event("a", "a"), A.Event("b", "b"))));
}
