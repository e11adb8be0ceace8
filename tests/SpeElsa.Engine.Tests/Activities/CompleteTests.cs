using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Activities;

public sealed class CompleteTests : EngineTest
{
    [Fact]
    public async Task Complete_ends_the_composite_around_it_with_its_outcomes()
    {
        var id = await RunAsync(A.Flowchart("composed")
            .With(A.Node("composed", "Test.Composed"), A.Line("left"), A.Line("done"))
            .Connect("composed:Left -> left", "composed -> done"));

        Assert.Equal(["inside", "left"], await Host.LinesAsync(id));
        Assert.Equal(["Elsa.WriteLine", "Elsa.Complete", "Test.Composed", "Elsa.WriteLine"], await CompletedTypesAsync(id));
    }

    [Theory]
    [InlineData("Left", "[\"Left\"]")]
    [InlineData("""["Left", "Right"]""", "[\"Left\",\"Right\"]")]
    [InlineData("", "[\"Done\"]")]
    public async Task Without_a_composite_it_ends_the_workflow_and_gives_up_what_waits(string outcomes, string expected)
    {
        var id = await StartAsync(A.Parallel("root").With(
            A.Event("waits", "never"),
            A.Steps("steps", A.Event("go", "go"), A.Node("complete", "Elsa.Complete", ("outcomes", A.Text(outcomes))), A.Line("unreached"))));
        var wait = await Host.WaitForBookmarkOfAsync(id, "go");
        await RestartAsync();
        await Host.SignalAsync(wait);

        await FinishesAsync(id);
        Assert.Equal(["go", "complete"], await Host.CompletedAsync(id));
        var journal = await Host.JournalAsync(id);
        Assert.Contains($"\"Outcomes\":{expected}", Assert.Single(journal, row => row is { ActivityId: "Workflow1", EventName: "Completed" }).Payload, StringComparison.Ordinal);
        Assert.Contains(journal, row => row is { ActivityId: "waits", EventName: "Canceled" });
        await Host.WaitForBookmarksAsync(id, 0);
    }

    private async Task<IEnumerable<string>> CompletedTypesAsync(string id) =>
        (await Host.JournalAsync(id)).Where(row => row.EventName == "Completed" && row.ActivityId is not ("root" or "Workflow1")).Select(row => row.ActivityType);
}
