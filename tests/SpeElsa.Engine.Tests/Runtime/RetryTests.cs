using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Runtime;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Runtime;

/// <summary>What has faulted goes on where it failed; what had completed is not run again.</summary>
public sealed class RetryTests : RuntimeTest
{
    private readonly Weather _weather = new();

    protected override void Configure(IServiceCollection services) => services.AddSingleton(_weather);

    [Fact]
    public async Task A_faulted_activity_is_run_again_as_a_new_attempt_of_the_same_execution()
    {
        await PublishAsync(A.Sequence("retry").With(A.Line("before"), A.Node("sail", "Test.Sail"), A.Line("after")));
        var id = await FaultedAsync("retry");
        _weather.IsFair = true;
        await RestartAsync();

        await RetryAsync(id);

        Assert.Equal(["before", "sail", "after"], await Host.CompletedAsync(id));
        var sail = (await Host.JournalAsync(id)).Where(row => row.ActivityId == "sail").ToArray();
        Assert.Equal(["Started", "Faulted", "Retried", "Started", "Completed"], sail.Select(row => row.EventName));
        Assert.Single(sail.Select(row => row.ActivityInstanceId).Distinct());
        Assert.Equal(2, sail[^1].Attempt);
        Assert.Empty((await Host.StateAsync(id)).Incidents);
    }

    [Fact]
    public async Task What_waited_beside_it_waits_again()
    {
        await PublishAsync(A.Flowchart("beside").With(A.Line("start"), A.Event("wait", "go"), A.Node("sail", "Test.Sail"), A.Line("join"))
            .Connect("start -> wait", "start -> sail", "wait -> join", "sail -> join"));
        var id = await FaultedAsync("beside");
        Assert.Empty((await Host.Reader.ListBookmarksAsync("Elsa.Event", id, 0, 10, default)).Items);
        _weather.IsFair = true;

        await Host.Inbox.RetryAsync(id, "again", [], default);
        await Host.WaitForAsync(id, record => record.SubStatus is WorkflowSubStatus.Suspended);
        await Host.WaitForBookmarkOfAsync(id, "wait");
        await Get<IEventPublisher>().PublishAsync("go");

        await FinishesAsync(id);
        Assert.Equal(1, (await Host.CompletedAsync(id)).Count(activity => activity == "join"));
    }

    [Fact]
    public async Task An_input_that_could_not_be_evaluated_is_evaluated_again()
    {
        await PublishAsync(A.Sequence("input").Variable("Ship").With(A.Say("say", "getShip().name")));
        var run = await RunAsync("input");
        Assert.Equal(WorkflowSubStatus.Faulted, run.SubStatus);

        await Host.Inbox.RetryAsync(run.WorkflowInstanceId, "again", ["say"], default);

        // It fails in the same way, and says so again.
        await Eventually.TrueAsync(
            async () => (await Host.JournalAsync(run.WorkflowInstanceId)).Count(row => row.EventName == "Faulted") == 2, "it has faulted twice");
        Assert.Equal(1, (await Host.WaitForFinishAsync(run.WorkflowInstanceId)).IncidentCount);
    }

    [Fact]
    public async Task A_resumed_activity_goes_on_with_what_had_resumed_it()
    {
        await PublishAsync(A.Sequence("resumed").Variable("Cargo").With(A.Node("load", "Test.Load", ("result", A.Into("Cargo"))), A.Say("say", "getCargo()")));
        var id = (await RunAsync("resumed")).WorkflowInstanceId;
        await Host.SignalAsync(await Host.WaitForBookmarkOfAsync(id, "load"), payload: "tea");
        await Host.WaitForAsync(id, record => record.SubStatus is WorkflowSubStatus.Faulted);
        _weather.IsFair = true;
        await RestartAsync();

        await RetryAsync(id);

        Assert.Equal(["tea"], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task A_completed_activity_whose_container_failed_is_not_run_again()
    {
        await PublishAsync(A.Flowchart("container").With(A.Node("convoy", "Test.Convoy", ("ship", A.Line("ship")))));
        var id = await FaultedAsync("container");
        Assert.Equal(["ship"], await Host.LinesAsync(id));
        _weather.IsFair = true;
        await RestartAsync();

        await RetryAsync(id);

        Assert.Equal(["ship"], await Host.LinesAsync(id));
        Assert.Equal(["ship", "convoy"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task A_faulted_instance_takes_one_retry()
    {
        await PublishAsync(A.Sequence("early").With(A.Node("sail", "Test.Sail"), A.Event("wait", "go")));
        var id = await FaultedAsync("early");

        Assert.Equal(Acceptance.InstanceFinished, (await Host.Inbox.SendAsync(A.Cancel("late", id), default)).Acceptance);
        Assert.Equal(Acceptance.Accepted, (await Host.Inbox.RetryAsync(id, "again", [], default)).Acceptance);
        Assert.Equal(Acceptance.Duplicate, (await Host.Inbox.RetryAsync(id, "again", [], default)).Acceptance);
    }

    [Fact]
    public async Task What_a_faulted_run_is_told_at_another_branch_is_kept_for_the_retry()
    {
        await PublishAsync(A.Parallel("branches").With(
            A.Steps("waiting", A.Event("wait", "go"), A.Line("went")),
            A.Steps("sleeping", A.Delay("sleep", TimeSpan.FromMilliseconds(300)), A.Line("slept")),
            A.Steps("sailing", A.Event("order", "sail"), A.Node("sail", "Test.Sail"))));
        var id = (await RunAsync("branches")).WorkflowInstanceId;
        var wait = await Host.WaitForBookmarkOfAsync(id, "wait");
        await Host.SignalAsync(await Host.WaitForBookmarkOfAsync(id, "order"));
        await Host.WaitForAsync(id, record => record.SubStatus is WorkflowSubStatus.Faulted);

        // The timer falls due and the signal comes while the run rests as faulted.
        Assert.Equal(Acceptance.Accepted, (await Host.SignalAsync(wait)).Acceptance);
        await Eventually.TrueAsync(async () => await Host.Store.NextTimerAsync(default) is null, "the timer is due");
        Assert.Equal(WorkflowSubStatus.Faulted, (await Host.Reader.FindAsync(id, default))!.SubStatus);
        _weather.IsFair = true;
        await RestartAsync();

        await RetryAsync(id);

        Assert.Equal(["slept", "went"], (await Host.LinesAsync(id)).Order());
        Assert.Equal(WorkflowSubStatus.Finished, (await Host.WaitForFinishAsync(id)).SubStatus);
    }

    [Fact]
    public async Task Who_asks_twice_for_a_retry_means_the_same_fault()
    {
        await PublishAsync(A.Sequence("twice").With(A.Node("sail", "Test.Sail")));
        var id = await FaultedAsync("twice");
        await Host.DisposeAsync();
        await Store.AcceptAsync(A.Retry("one", id), null, default);
        await Store.AcceptAsync(A.Retry("two", id), null, default);

        await RestartAsync();

        await Eventually.TrueAsync(async () => (await Host.Reader.FindStimulusAsync("two", default))!.State is StimulusState.Consumed, "the second is dealt with");
        await Host.WaitForAsync(id, record => record.SubStatus is WorkflowSubStatus.Faulted);
        var sail = (await Host.JournalAsync(id)).Where(row => row.ActivityId == "sail").ToArray();
        Assert.Equal(["Started", "Faulted", "Retried", "Started", "Faulted"], sail.Select(row => row.EventName));
    }

    [Fact]
    public async Task What_has_finished_well_can_not_be_retried()
    {
        await PublishAsync(A.Sequence("well").With(A.Line("a")));
        var id = (await RunAsync("well")).WorkflowInstanceId;

        Assert.Equal(Acceptance.InstanceFinished, (await Host.Inbox.RetryAsync(id, "again", [], default)).Acceptance);
    }

    private async Task<string> FaultedAsync(string definitionId)
    {
        var run = await RunAsync(definitionId);
        Assert.Equal(WorkflowSubStatus.Faulted, run.SubStatus);
        return run.WorkflowInstanceId;
    }

    private async Task RetryAsync(string id)
    {
        Assert.Equal(Acceptance.Accepted, (await Host.Inbox.RetryAsync(id, $"retry:{id}", [], default)).Acceptance);
        await Host.WaitForAsync(id, record => record.SubStatus is WorkflowSubStatus.Finished);
    }
}

/// <summary>Whether activities may succeed.</summary>
public sealed class Weather
{
    public bool IsFair { get; set; }

    public void Check()
    {
        if (!IsFair)
        {
            throw new InvalidOperationException("There is a storm");
        }
    }
}

/// <summary>Has an effect, in fair weather only.</summary>
[Activity("Test", "Test", Kind = ActivityKind.Task)]
public sealed class Sail : CodeActivity
{
    protected override void Execute(ActivityExecutionContext context) => context.GetRequiredService<Weather>().Check();
}

/// <summary>Waits, and takes what it is given in fair weather only.</summary>
[Activity("Test", "Test", "Waits for cargo")]
public sealed class Load : Activity<object>
{
    protected override void Execute(ActivityExecutionContext context) => context.CreateBookmark(new Elsa.Workflows.Models.CreateBookmarkArgs { BookmarkName = "Elsa.Event", Stimulus = "cargo", Callback = OnCargoAsync });

    private ValueTask OnCargoAsync(ActivityExecutionContext context)
    {
        context.GetRequiredService<Weather>().Check();
        context.Set(Result, context.WorkflowInput[Elsa.Workflows.Runtime.Activities.Event.EventInputWorkflowInputKey]);
        return context.CompleteActivityAsync();
    }
}

/// <summary>Runs another activity, and hears of its end in fair weather only.</summary>
[Activity("Test", "Test", "Runs another activity")]
public sealed class Convoy : Activity
{
    [Port]
    public IActivity? Ship { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context) => await context.ScheduleActivityAsync(Ship, OnShipCompletedAsync);

    private ValueTask OnShipCompletedAsync(ActivityCompletedContext context)
    {
        context.GetRequiredService<Weather>().Check();
        return context.CompleteActivityAsync();
    }
}
