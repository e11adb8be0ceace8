using System.Text.Json.Nodes;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Activities;

public sealed class BreakTests : EngineTest
{
    [Theory]
    [InlineData("For")]
    [InlineData("ForEach")]
    [InlineData("ParallelForEach")]
    [InlineData("While")]
    public async Task Break_ends_the_loop_and_what_its_body_waits_for(string type)
    {
        var body = A.Group("body", "Elsa.Parallel", A.Event("waits", "never"), A.Steps("out", A.Event("wait", "go"), A.Node("break", "Elsa.Break"), A.Line("unreached")));
        var id = await StartAsync(A.Sequence("break").With(Loop(type, body), A.Line("after")));
        var wait = await Host.WaitForBookmarkOfAsync(id, "wait");
        await RestartAsync();
        await Host.SignalAsync(wait);

        await FinishesAsync(id);
        var completed = await Host.CompletedAsync(id);
        Assert.Equal(["break", "loop", "after"], completed.SkipWhile(activity => activity != "break"));
        Assert.DoesNotContain("unreached", completed);
        Assert.Contains(await Host.JournalAsync(id), row => row is { ActivityId: "waits", EventName: "Canceled" });
        await Host.WaitForBookmarksAsync(id, 0);
    }

    [Fact]
    public async Task Break_ends_the_inner_loop_only()
    {
        var inner = A.For("inner", 1, 5, A.Steps("steps", A.Line("say"), A.If("if", "getCurrentValue() == 2", A.Node("break", "Elsa.Break"))));
        var id = await RunAsync(A.Sequence("inner").With(A.For("outer", 1, 2, inner), A.Line("after")));

        Assert.Equal(["say", "say", "say", "say", "after"], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task Break_in_a_flowchart_in_a_loop_ends_the_loop()
    {
        var chart = A.Chart("chart", [A.Decision("ask", "getCurrentValue() < 3"), A.Line("say"), A.Node("break", "Elsa.Break")], "ask:True -> say", "ask:False -> break");
        var id = await RunAsync(A.Sequence("chart").With(A.For("for", 1, 100, chart), A.Line("after")));

        Assert.Equal(["say", "say", "after"], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task Break_outside_of_a_loop_is_passed_by()
    {
        var id = await RunAsync(A.Sequence("alone").With(A.Node("break", "Elsa.Break"), A.Line("after")));

        Assert.Equal(["break", "after"], await Host.CompletedAsync(id));
    }

    private static JsonObject Loop(string type, JsonObject body) => type switch
    {
        "For" => A.For("loop", 1, 3, body),
        "ForEach" => A.ForEach("loop", "[1, 2]", body),
        "ParallelForEach" => A.ParallelForEach("loop", "[1]", body),
        _ => A.While("loop", "true", body),
    };
}
