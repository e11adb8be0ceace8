using System.Text.Json.Nodes;
using Elsa.Workflows;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Storage;
using SpeElsa.Machines;

namespace SpeElsa.Activities.Tests;

public sealed class MoveStepTests
{
    private readonly FakeWorld _world = new();

    [Fact]
    public async Task First_run_acts_once_and_the_second_look_makes_it_done()
    {
        await using var host = await StartAsync();
        var finished = await host.WaitForFinishAsync(await host.RunAsync("Test.FakeStep"));
        Assert.Equal(1, _world.Acts);
        Assert.Equal(2, _world.Observations);
        Assert.Equal("Done", finished.Outcome);
        Assert.Equal("done", finished.Evidence.GetProperty("seen").GetString());
        Assert.Equal(["Observed", "Acted", "Observed"], finished.Events.Where(name => name is "Observed" or "Acted"));
    }

    [Fact]
    public async Task What_is_done_already_is_not_done_again()
    {
        _world.IsDone = true;
        await using var host = await StartAsync();
        await host.WaitForFinishAsync(await host.RunAsync("Test.FakeStep"));
        Assert.Equal(0, _world.Acts);
    }

    [Fact]
    public async Task Entered_again_after_a_stop_between_act_and_result_it_sees_that_it_is_done()
    {
        var store = new InMemoryStore();
        _world.Hang = new TaskCompletionSource();
        string id;
        await using (var host = await StartAsync(store))
        {
            id = await host.RunAsync("Test.FakeStep");
            await _world.Hang.Task;
        }

        _world.Hang = null;
        await using var second = await StartAsync(store);
        var finished = await second.WaitForFinishAsync(id);
        Assert.Equal(1, _world.Acts);
        Assert.Equal("done", finished.Evidence.GetProperty("seen").GetString());
        Assert.Equal(2, finished.Journal.Where(row => row.Role is Engine.Execution.JournalRole.Intent).Max(row => row.Attempt));
    }

    [Fact]
    public async Task An_act_that_does_not_show_is_a_decision_and_never_done()
    {
        _world.ActHelps = false;
        await using var host = await StartAsync();
        var id = await host.RunAsync("Test.FakeStep");
        var (bookmark, task) = await host.WaitForTaskAsync(id);
        Assert.Equal($"{id}-decide-step-1", bookmark.Id);
        Assert.Equal(HumanTasks.DecisionKind, task.Kind);
        Assert.Equal(["Retry", "Skip", "MarkDone", "Undo", "Abort"], task.Outcomes);
        Assert.Contains("It is not done.", task.Finding, StringComparison.Ordinal);
        Assert.Equal("The step", task.ActivityName);
        Assert.Equal(1, _world.Acts);
    }

    [Fact]
    public async Task Retry_looks_again_and_acts_again()
    {
        _world.ActHelps = false;
        await using var host = await StartAsync();
        var id = await host.RunAsync("Test.FakeStep");
        var (bookmark, _) = await host.WaitForTaskAsync(id);
        _world.ActHelps = true;
        await host.AnswerAsync(id, bookmark.Id, "Retry");
        var finished = await host.WaitForFinishAsync(id);
        Assert.Equal(2, _world.Acts);
        Assert.Equal("Retry by ann", finished.Journal.Single(row => row.EventName == "Decided").Message);
    }

    [Fact]
    public async Task Retry_of_what_was_put_right_meanwhile_does_not_act()
    {
        _world.ActHelps = false;
        await using var host = await StartAsync();
        var id = await host.RunAsync("Test.FakeStep");
        var (bookmark, _) = await host.WaitForTaskAsync(id);
        _world.IsDone = true;
        await host.AnswerAsync(id, bookmark.Id, "Retry");
        await host.WaitForFinishAsync(id);
        Assert.Equal(1, _world.Acts);
    }

    [Fact]
    public async Task Skip_needs_a_reason_and_keeps_it()
    {
        _world.ActHelps = false;
        await using var host = await StartAsync();
        var id = await host.RunAsync("Test.FakeStep");
        var (bookmark, _) = await host.WaitForTaskAsync(id);
        await host.AnswerAsync(id, bookmark.Id, "Skip");
        var (again, task) = await host.WaitForTaskAsync(id, round: 2);
        Assert.Contains("must be filled in", task.Finding, StringComparison.Ordinal);
        await host.AnswerAsync(id, again.Id, "Skip", new JsonObject { ["reason"] = "Not needed here." });
        var finished = await host.WaitForFinishAsync(id);
        Assert.Equal(WorkflowSubStatus.Finished, finished.State.SubStatus);
        Assert.True(finished.Evidence.GetProperty("skipped").GetBoolean());
        Assert.Equal("Not needed here.", finished.Evidence.GetProperty("reason").GetString());
        Assert.Equal("ann", finished.Evidence.GetProperty("by").GetString());
    }

    [Fact]
    public async Task Mark_done_needs_evidence_and_keeps_it()
    {
        _world.ActHelps = false;
        await using var host = await StartAsync();
        var id = await host.RunAsync("Test.FakeStep");
        await host.AnswerAsync(id, (await host.WaitForTaskAsync(id)).Bookmark.Id, "MarkDone", new JsonObject { ["reason"] = "I say so." });
        var (again, _) = await host.WaitForTaskAsync(id, round: 2);
        await host.AnswerAsync(id, again.Id, "MarkDone", new JsonObject { ["evidence"] = "Seen in services.msc." });
        var finished = await host.WaitForFinishAsync(id);
        Assert.Equal("Seen in services.msc.", finished.Evidence.GetProperty("evidence").GetString());
    }

    [Fact]
    public async Task Abort_ends_the_move_with_its_reason()
    {
        _world.ActHelps = false;
        await using var host = await StartAsync();
        var id = await host.RunAsync("Test.FakeStep");
        await host.AnswerAsync(id, (await host.WaitForTaskAsync(id)).Bookmark.Id, "Abort", new JsonObject { ["reason"] = "Wrong night." });
        var finished = await host.WaitForFinishAsync(id);
        Assert.Equal(WorkflowSubStatus.Faulted, finished.State.SubStatus);
        Assert.Equal("The move was aborted at 'The step' by ann: Wrong night.", finished.State.Incidents.Single().Message);
        Assert.Equal(1, finished.Count("Decided"));
    }

    [Fact]
    public async Task A_transient_error_is_tried_again_by_timer()
    {
        _world.Fail = number => number <= 3 ? Unreachable() : null;
        await using var host = await StartAsync();
        var finished = await host.WaitForFinishAsync(await host.RunAsync("Test.FakeStep"));
        Assert.Equal(4, _world.Acts);
        Assert.Equal(3, finished.Count("Retrying"));
    }

    [Fact]
    public async Task After_three_tries_a_person_decides()
    {
        _world.Fail = _ => Unreachable();
        await using var host = await StartAsync();
        var id = await host.RunAsync("Test.FakeStep");
        var (_, task) = await host.WaitForTaskAsync(id);
        Assert.Equal(4, _world.Acts);
        Assert.Contains("No route", task.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_that_time_does_not_heal_is_a_decision_at_once()
    {
        _world.Fail = _ =>
            new MachineScriptException(
                "m", "Stop-WindowsService", new ScriptError(ScriptErrorCodes.ServiceNotFound, "No such service", null, 3, "Stop"));
        await using var host = await StartAsync();
        var (_, task) = await host.WaitForTaskAsync(await host.RunAsync("Test.FakeStep"));
        Assert.Equal(1, _world.Acts);
        Assert.Contains("No such service", task.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_can_not_be_told_is_never_acted_on()
    {
        _world.See = _ => Observation.CannotTell("The old server still serves.");
        await using var host = await StartAsync();
        var (_, task) = await host.WaitForTaskAsync(await host.RunAsync("Test.FakeStep"));
        Assert.Equal(0, _world.Acts);
        Assert.Equal("The old server still serves.", task.Finding);
    }

    [Fact]
    public async Task What_takes_a_while_to_show_is_waited_for_and_not_done_twice()
    {
        _world.See = number => number is > 1 and < 6 ? Observation.Pending("It does not answer yet.") : null;
        await using var host = await StartAsync();
        var finished = await host.WaitForFinishAsync(await host.RunAsync("Test.FakeStep"));
        Assert.Equal(1, _world.Acts);
        Assert.Equal(1, finished.Journal.Count(row => row.Message?.StartsWith("Pending", StringComparison.Ordinal) == true));
    }

    [Fact]
    public async Task What_never_shows_is_a_decision()
    {
        _world.See = number => number > 1 ? Observation.Pending("It does not answer yet.") : null;
        await using var host = await StartAsync();
        var (_, task) = await host.WaitForTaskAsync(await host.RunAsync("Test.FakeStep"));
        Assert.Equal(1, _world.Acts);
        Assert.Contains("It does not answer yet.", task.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_does_not_begin_once_the_end_of_its_move_is_ordered()
    {
        var store = new InMemoryStore();
        await using var host = await StepHost.StartAsync(
            services =>
            {
                services.AddSingleton(_world);
                services.AddSingleton<IMoveEnd>(new Ordered());
            },
            store,
            new MoveStepOptions { FirstPoll = TimeSpan.FromHours(1) });
        var id = await host.RunAsync("Test.FakeStep");
        await host.Host.WaitForAsync(id, record => record.SubStatus is WorkflowSubStatus.Suspended);
        Assert.Equal((0, 0), (_world.Observations, _world.Acts));
    }

    private sealed class Ordered : IMoveEnd
    {
        public bool IsOrdered(string moveId) => true;
    }

    internal static MachineScriptException Unreachable() =>
        new("m", "Get-ServerFacts", new ScriptError(ScriptErrorCodes.Unreachable, "No route to host", null, null, null));

    private Task<StepHost> StartAsync(InMemoryStore? store = null) => StepHost.StartAsync(services => services.AddSingleton(_world), store);
}
