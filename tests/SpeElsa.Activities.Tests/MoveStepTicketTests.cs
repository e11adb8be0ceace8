using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;
using SpeElsa.Machines;

namespace SpeElsa.Activities.Tests;

public sealed class MoveStepTicketTests
{
    private readonly FakeWorld _world = new();
    private readonly FakeMachine _machine = new("m1");
    private readonly FakeMachine _other = new("m2");

    public MoveStepTicketTests() => _world.Works = [Work("a", _machine)];

    [Fact]
    public async Task Long_work_is_polled_until_it_ends_and_its_ticket_removed_after_the_commit()
    {
        _machine.State = (_, poll) => poll < 4 ? TicketState.Running : TicketState.Succeeded;
        await using var host = await StartAsync();
        var finished = await host.WaitForFinishAsync(await host.RunAsync("Test.FakeStep"));
        var ticket = Assert.Single(_machine.Begun);
        Assert.Matches("^[0-9a-f]{16}-0-1$", ticket);
        Assert.Equal([ticket], _machine.Completed);
        Assert.Equal(4, _machine.Polls);
        var names = finished.Events.ToList();
        Assert.True(
            names.IndexOf("TicketSucceeded") < names.LastIndexOf("Resumed"),
            "the end is stored by one burst and the ticket removed by the next");
    }

    [Fact]
    public async Task Progress_is_kept_with_the_step()
    {
        var isOver = false;
        _machine.State = (_, _) => isOver ? TicketState.Succeeded : TicketState.Running;
        await using var host = await StartAsync();
        var id = await host.RunAsync("Test.FakeStep");
        await host.WaitForJournalAsync(id, "TicketStarted");
        var state = await host.Host.StateAsync(id);
        var progress = EngineJson.ToNode(state.ActivityExecutionContexts.Single(context => context.ScheduledActivityNodeId.EndsWith(":step", StringComparison.Ordinal)).Properties["Progress"])!;
        Assert.Equal(50, (long)progress["bytesDone"]!);
        Assert.Equal(200, (long)progress["bytesTotal"]!);
        Assert.Equal(2, (long)progress["secondsLeft"]!);
        Assert.Equal("mail.dat", (string?)progress["activity"]);
        isOver = true;
        await host.WaitForFinishAsync(id);
    }

    [Fact]
    public async Task On_one_machine_one_after_the_other_on_two_side_by_side()
    {
        _world.Works = [Work("a", _machine), Work("b", _machine), Work("c", _other)];
        _machine.State = _other.State = (_, poll) => poll % 3 == 0 ? TicketState.Succeeded : TicketState.Running;
        await using var host = await StartAsync();
        await host.WaitForFinishAsync(await host.RunAsync("Test.FakeStep"));
        Assert.Equal(2, _machine.Begun.Count);
        Assert.Equal(1, _machine.MostAtOnce);
        Assert.Single(_other.Begun);
    }

    [Theory]
    [InlineData(TicketState.Abandoned)]
    [InlineData(TicketState.Unknown)]
    public async Task Lost_work_is_observed_and_done_again_under_the_next_ticket(TicketState lost)
    {
        _machine.State = (ticket, _) => ticket.EndsWith("-1", StringComparison.Ordinal) ? lost : TicketState.Succeeded;
        await using var host = await StartAsync();
        var finished = await host.WaitForFinishAsync(await host.RunAsync("Test.FakeStep"));
        Assert.Equal(["1", "2"], _machine.Begun.Select(ticket => ticket[^1..]));
        Assert.Equal(2, _world.Acts);
        Assert.Equal(1, finished.Count("TicketLost"));
        Assert.Equal(2, _machine.Completed.Count);
    }

    [Fact]
    public async Task Work_that_is_always_lost_is_a_decision()
    {
        _machine.State = (_, _) => TicketState.Abandoned;
        await using var host = await StartAsync();
        var (_, task) = await host.WaitForTaskAsync(await host.RunAsync("Test.FakeStep"));
        Assert.Equal(4, _machine.Begun.Count);
        Assert.Contains("never ended", task.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_work_is_a_decision_and_retry_starts_the_next_ticket()
    {
        _machine.State = (ticket, _) => ticket.EndsWith("-1", StringComparison.Ordinal) ? TicketState.Failed : TicketState.Succeeded;
        await using var host = await StartAsync();
        var id = await host.RunAsync("Test.FakeStep");
        var (bookmark, task) = await host.WaitForTaskAsync(id);
        Assert.Contains("The disk is full.", task.Finding, StringComparison.Ordinal);
        await host.AnswerAsync(id, bookmark.Id, "Retry");
        await host.WaitForFinishAsync(id);
        Assert.Equal(2, _machine.Begun.Count);
    }

    [Fact]
    public async Task Failed_work_that_trying_again_can_help_is_tried_again()
    {
        _machine.Error = new ScriptError(ScriptErrorCodes.CopyIncomplete, "A file was locked.", null, null, null);
        _machine.State = (ticket, _) => ticket.EndsWith("-3", StringComparison.Ordinal) ? TicketState.Succeeded : TicketState.Failed;
        await using var host = await StartAsync();
        await host.WaitForFinishAsync(await host.RunAsync("Test.FakeStep"));
        Assert.Equal(3, _machine.Begun.Count);
    }

    [Fact]
    public async Task Entered_again_after_a_stop_it_meets_the_ticket_it_had_started()
    {
        var store = new InMemoryStore();
        var isOver = false;
        _machine.State = (_, _) => isOver ? TicketState.Succeeded : TicketState.Running;
        string id;
        await using (var host = await StartAsync(store))
        {
            id = await host.RunAsync("Test.FakeStep");
            await host.WaitForJournalAsync(id, "TicketStarted");
        }

        isOver = true;
        await using var second = await StartAsync(store);
        await second.WaitForFinishAsync(id);
        Assert.Single(_machine.Begun);
        Assert.Equal(1, _machine.Starts);
    }

    [Fact]
    public async Task A_poll_that_does_not_get_through_is_tried_again_and_starts_nothing()
    {
        _machine.State = (_, poll) => poll switch
        {
            1 or 2 => throw MoveStepTests.Unreachable(),
            _ => TicketState.Succeeded,
        };
        await using var host = await StartAsync();
        await host.WaitForFinishAsync(await host.RunAsync("Test.FakeStep"));
        Assert.Single(_machine.Begun);
        Assert.Equal(1, _world.Acts);
    }

    private static TicketWork Work(string key, FakeMachine machine) =>
        new(key, machine.Name, MachineScripts.CopyDirectory, new JsonObject { ["source"] = key });

    private Task<StepHost> StartAsync(InMemoryStore? store = null) => StepHost.StartAsync(
        services =>
        {
            services.AddSingleton(_world);
            services.AddSingleton<IFleet>(new FakeFleet(_machine, _other));
        },
        store);
}
