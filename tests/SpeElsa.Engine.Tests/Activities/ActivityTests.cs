using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Activities;

/// <summary>What an author's activity may do with itself.</summary>
public sealed class ActivityTests : EngineTest
{
    [Fact]
    public async Task A_signal_is_heard_by_each_activity_around_the_sender_until_one_stops_it()
    {
        var id = await RunAsync(A.Sequence("signals").With(A.Group("outer", "Test.Listener", A.Group("inner", "Test.Listener", A.Node("shouter", "Test.Shouter")))));

        Assert.Equal(
            [("inner", "stop"), ("inner", "go on"), ("outer", "go on")],
            (await Host.JournalAsync(id)).Where(row => row.EventName == "Heard").Select(row => (row.ActivityId, row.Message)));
    }

    [Fact]
    public async Task An_activity_can_take_its_fault_back_and_go_on_after_a_restart()
    {
        var id = await StartAsync(A.Sequence("recover").ContinuingWithIncidents().With(A.Node("work", "Test.Recovering"), A.Line("after")));
        var wait = await Host.WaitForBookmarkOfAsync(id, "work");
        await RestartAsync();
        await Host.SignalAsync(wait);

        await FinishesAsync(id);
        Assert.Equal(["work", "after"], await Host.CompletedAsync(id));
        Assert.Equal("it had failed", Assert.Single(await Host.JournalAsync(id), row => row.EventName == "Mended").Message);
        Assert.Equal(1, (await Host.Reader.FindAsync(id, default))!.IncidentCount);
    }

    [Fact]
    public async Task A_bookmark_completes_its_activity_unless_it_is_told_not_to()
    {
        var id = await StartAsync(A.Sequence("auto").With(A.Node("work", "Test.NotAutomatic"), A.Line("after")));
        var waits = await Host.WaitForBookmarksAsync(id, 2);
        await Host.SignalAsync(waits.Single(wait => wait.Payload == "\"nothing\""));
        await Host.WaitForBookmarksAsync(id, 1);
        Assert.Empty(await Host.CompletedAsync(id));
        await RestartAsync();
        await Host.SignalAsync(waits.Single(wait => wait.Payload == "\"complete\""));

        await FinishesAsync(id);
        Assert.Equal(["work", "after"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task A_bookmark_that_is_kept_is_resumed_as_often_as_it_is_told_to_across_restarts()
    {
        var id = await StartAsync(A.Sequence("keep").With(A.Node("count", "Test.Counter")));
        var wait = await Host.WaitForBookmarkOfAsync(id, "count", "Count");
        for (var number = 1; number <= 3; number++)
        {
            await Host.SignalAsync(wait, $"signal {number}");
            await Eventually.TrueAsync(
                async () => (await Host.StateAsync(id)).ActivityOutputs.TryGetValue("count", out var outputs) && Convert.ToInt32(outputs["Result"], System.Globalization.CultureInfo.InvariantCulture) == number,
                $"{number} signals are counted");
            await RestartAsync();
        }

        Assert.Equal(wait.Id, (await Host.WaitForBookmarkOfAsync(id, "count", "Count")).Id);
    }

    [Fact]
    public async Task A_sequence_goes_on_after_an_activity_that_gave_itself_up()
    {
        var id = await StartAsync(A.Sequence("up").With(A.Node("up", "Test.GiveUp"), A.Line("after")));
        await Host.SignalAsync(await Host.WaitForBookmarkOfAsync(id, "up"));

        await FinishesAsync(id);
        Assert.Equal(["after"], await Host.CompletedAsync(id));
        Assert.Contains(await Host.JournalAsync(id), row => row is { ActivityId: "up", EventName: "Canceled" });
    }
}
