using Elsa.Workflows;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Activities;

public sealed class ParallelForEachTests : EngineTest
{
    [Fact]
    public async Task ParallelForEach_runs_all_rounds_side_by_side_and_each_keeps_its_own_values_across_a_restart()
    {
        var body = A.Declaring(
            A.Steps("body", A.Set("keep", "Mine", "'mine ' + getCurrentValue()"), A.Event("wait", "go"), A.Say("say", "getCurrentIndex() + ':' + getCurrentValue() + ':' + getMine()")),
            A.Variable("Mine"));
        var id = await StartAsync(A.Sequence("all").With(A.ParallelForEach("each", "['a', 'b', 'c']", body), A.Line("after")));
        var waits = await Host.WaitForBookmarksAsync(id, 3);
        await RestartAsync();

        await Host.SignalAsync(waits[2]);
        await Host.WaitForBookmarksAsync(id, 2);
        await RestartAsync();
        Assert.Equal(WorkflowStatus.Running, (await Host.Reader.FindAsync(id, default))!.Status);
        await Host.SignalAsync(waits[0]);
        await Host.WaitForBookmarksAsync(id, 1);
        await Host.SignalAsync(waits[1]);

        await FinishesAsync(id);
        Assert.Equal(["2:c:mine c", "0:a:mine a", "1:b:mine b", "after"], await Host.LinesAsync(id));
    }

    [Theory]
    [InlineData("[]", 0)]
    [InlineData("null", 0)]
    [InlineData("'one'", 1)]
    [InlineData("'[1, 2, 3]'", 3)]
    [InlineData("({ a: 1, b: 2 })", 1)]
    public async Task Items_are_a_list_or_its_json_or_one_thing(string items, int rounds)
    {
        var id = await RunAsync(A.Sequence("shapes").With(A.ParallelForEach("each", items, A.Line("body")), A.Line("after")));

        Assert.Equal([.. Enumerable.Repeat("body", rounds), "each", "after"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task Five_hundred_rounds_are_no_matter()
    {
        var id = await RunAsync(A.Sequence("many").With(A.ParallelForEach("each", "Array.from({ length: 500 }, (_, i) => i)", A.Line("body"))));

        Assert.Equal(500, (await Host.CompletedAsync(id)).Count(activity => activity == "body"));
    }
}
