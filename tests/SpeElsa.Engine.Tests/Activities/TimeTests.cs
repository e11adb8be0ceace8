using Elsa.Workflows;
using SpeElsa.Engine.Serialization;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Activities;

public sealed class TimeTests : EngineTest
{
    protected override bool HasFakeClock => true;

    [Fact]
    public async Task A_delay_of_hours_passes_in_milliseconds()
    {
        var id = await StartAsync(A.Sequence("hours").With(A.Delay("wait", TimeSpan.FromHours(8)), A.Line("after")));
        await Host.WaitForBookmarkOfAsync(id, "wait", "Elsa.Delay");

        Clock.Advance(TimeSpan.FromHours(7.9));
        Assert.Empty(await Host.CompletedAsync(id));
        await TestHost.PassAsync(Clock, TimeSpan.FromHours(0.1), () => HasEndedAsync(id), "the delay is over");

        Assert.Equal(["wait", "after"], await Host.CompletedAsync(id));
        Assert.InRange(await LatenessAsync(id), 0, 60_000);
    }

    [Fact]
    public async Task A_delay_that_ended_while_the_server_was_down_fires_once_and_its_lateness_is_in_the_journal()
    {
        var id = await StartAsync(A.Sequence("down").With(A.Delay("wait", TimeSpan.FromHours(1)), A.Line("after")));
        await Host.WaitForBookmarkOfAsync(id, "wait", "Elsa.Delay");
        await Host.DisposeAsync();

        Clock.Advance(TimeSpan.FromDays(7) + TimeSpan.FromHours(1));
        await RestartAsync();
        await FinishesAsync(id);
        await RestartAsync();

        Assert.Equal(["wait", "after"], await Host.CompletedAsync(id));
        Assert.Single(await Host.JournalAsync(id), row => row.EventName == "Resumed");
        Assert.InRange(await LatenessAsync(id), TimeSpan.FromDays(7).TotalMilliseconds, TimeSpan.FromDays(7.01).TotalMilliseconds);
    }

    [Fact]
    public async Task Delays_fire_in_the_order_in_which_they_are_due()
    {
        var id = await StartAsync(A.Parallel("three").With(A.Delay("long", TimeSpan.FromMinutes(3)), A.Delay("short", TimeSpan.FromMinutes(1)), A.Delay("middle", TimeSpan.FromMinutes(2))));
        await Host.WaitForBookmarksAsync(id, 3, "Elsa.Delay");

        await TestHost.PassAsync(Clock, TimeSpan.FromMinutes(10), () => HasEndedAsync(id), "all are over");

        Assert.Equal(["short", "middle", "long"], await Host.CompletedAsync(id));
    }

    [Theory]
    [InlineData("00:00:00")]
    [InlineData("-01:00:00")]
    public async Task A_delay_of_nothing_goes_on_at_once(string span)
    {
        var id = await StartAsync(A.Sequence("now").With(A.Node("wait", "Elsa.Delay", ("timeSpan", A.Text(span)))));

        await FinishesAsync(id);
    }

    [Fact]
    public async Task A_hundred_instances_with_overdue_delays_each_go_on_once()
    {
        var definition = A.Sequence("hundred").With(A.Delay("wait", TimeSpan.FromMinutes(5)));
        var ids = new List<string>();
        for (var number = 0; number < 100; number++)
        {
            ids.Add(await StartAsync(definition));
        }

        foreach (var id in ids)
        {
            await Host.WaitForBookmarkOfAsync(id, "wait", "Elsa.Delay");
        }

        await TestHost.PassAsync(Clock, TimeSpan.FromHours(1), async () => (await Task.WhenAll(ids.Select(HasEndedAsync))).All(ended => ended), "all are over");

        foreach (var id in ids)
        {
            Assert.Equal(["wait"], await Host.CompletedAsync(id));
        }
    }

    [Fact]
    public async Task A_wait_that_is_given_up_takes_its_timer_with_it()
    {
        var id = await StartAsync(A.Flowchart("given up").With(A.Line("start"), A.Delay("wait", TimeSpan.FromHours(1)), A.Event("go", "go"), A.Node("end", "Elsa.End"))
            .Connect("start -> wait", "start -> go", "go -> end"));
        await Host.WaitForBookmarkOfAsync(id, "wait", "Elsa.Delay");
        await Host.SignalAsync(await Host.WaitForBookmarkOfAsync(id, "go"));

        await FinishesAsync(id);
        Assert.Null(await Host.Store.NextTimerAsync(default));
    }

    private async Task<bool> HasEndedAsync(string id) => (await Host.Reader.FindAsync(id, default))!.Status is WorkflowStatus.Finished;

    private async Task<double> LatenessAsync(string id)
    {
        var row = (await Host.JournalAsync(id)).Single(row => row.EventName == "Resumed");
        return Convert.ToDouble(EngineJson.Read<Dictionary<string, object?>>(row.Payload!)!["LatenessMilliseconds"], System.Globalization.CultureInfo.InvariantCulture);
    }
}
