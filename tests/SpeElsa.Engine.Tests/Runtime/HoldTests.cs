using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Runtime;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Runtime;

/// <summary>A run on hold ends what it has begun and begins nothing, until it is let go.</summary>
public sealed class HoldTests : RuntimeTest
{
    private readonly Lock _lock = new();

    /// <summary>Whether the store answers to a hold only when it has been carried out.</summary>
    private bool _answersLate;

    protected override void Configure(IServiceCollection services) =>
        services.AddSingleton(_lock).AddSingleton<IRuntimeStore>(new LateStore(Store, () => _answersLate));

    [Fact]
    public async Task A_run_on_hold_takes_signals_and_begins_nothing_across_restarts()
    {
        await PublishAsync(A.Sequence("held").With(A.Event("wait", "go"), A.Line("told"), A.Node("act", "Test.Pass"), A.Line("after")));
        var id = (await RunAsync("held")).WorkflowInstanceId;

        await HoldAsync(id);
        await Get<IEventPublisher>().PublishAsync("go");
        await Eventually.TrueAsync(async () => (await Host.CompletedAsync(id)).Contains("wait"), "the signal is taken");
        await RestartAsync();
        await HasConsumedAsync(Host.Inbox.HoldAsync(id, "hold-again", "m.roe", null, default));

        Assert.Equal(["wait"], await Host.CompletedAsync(id));
        Assert.DoesNotContain(await Host.JournalAsync(id), row => row.ActivityId is "told" or "act");
        Assert.Equal(WorkflowSubStatus.Suspended, (await Host.Reader.FindAsync(id, default))!.SubStatus);
        var hold = Hold.Of(await Host.StateAsync(id))!;
        Assert.Equal(("j.doe", "lunch"), (hold.By, hold.Reason));

        await Host.Inbox.ReleaseAsync(id, "release", "j.doe", null, default);
        await FinishesAsync(id);

        Assert.Equal(["wait", "told", "act", "after"], await Host.CompletedAsync(id));
        Assert.Equal(["Held", "Released"], (await Host.JournalAsync(id)).Select(row => row.EventName).Where(name => name is "Held" or "Released"));
    }

    [Fact]
    public async Task A_burst_that_is_under_way_stops_before_its_next_effect()
    {
        await PublishAsync(A.Sequence("busy").With(A.Node("first", "Test.Pass"), A.Node("second", "Test.Pass")));
        _lock.Close();
        var id = await StartAsync("busy");
        await _lock.Reached;

        var accepted = await Host.Inbox.HoldAsync(id, "hold", "j.doe", "lunch", default);
        _lock.Open();
        await HasConsumedAsync(Task.FromResult(accepted));

        Assert.Equal(["first"], await Host.CompletedAsync(id));
        await Host.Inbox.ReleaseAsync(id, "release", "j.doe", null, default);
        await FinishesAsync(id);
        Assert.Equal(["first", "second"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task Runs_that_it_has_started_are_held_with_it_and_go_on_with_it()
    {
        await PublishAsync(A.Sequence("child").With(A.Event("wait", "go"), A.Node("act", "Test.Pass")));
        await PublishAsync(A.Sequence("parent").With(A.Node("call", "Elsa.ExecuteWorkflow", ("workflowDefinitionId", A.Text("child"))), A.Node("act", "Test.Pass")));
        var parent = (await RunAsync("parent")).WorkflowInstanceId;
        await Eventually.TrueAsync(async () => (await InstancesAsync("child")).Any(child => child.SubStatus is WorkflowSubStatus.Suspended), "the child waits");
        var child = Assert.Single(await InstancesAsync("child")).Id;

        await HoldAsync(parent);
        await Eventually.TrueAsync(async () => Hold.Of(await Host.StateAsync(child)) is not null, "the child is on hold");
        await Get<IEventPublisher>().PublishAsync("go");
        await Eventually.TrueAsync(async () => (await Host.CompletedAsync(child)).Contains("wait"), "the child has taken the signal");

        Assert.DoesNotContain(await Host.JournalAsync(child), row => row.ActivityId == "act");
        await Host.Inbox.ReleaseAsync(parent, "release", "j.doe", null, default);
        await FinishesAsync(parent);
        Assert.Equal(["wait", "act"], await Host.CompletedAsync(child));
    }

    [Fact]
    public async Task A_run_that_is_started_by_one_on_hold_is_on_hold()
    {
        await PublishAsync(
            A.Sequence("parent").With(A.Node("call", "Elsa.ExecuteWorkflow", ("workflowDefinitionId", A.Text("child")))),
            json => json["options"] = new JsonObject { ["incidentStrategyType"] = "ContinueWithIncidentsStrategy" });
        var parent = (await RunAsync("parent")).WorkflowInstanceId;
        await HoldAsync(parent);
        await PublishAsync(A.Sequence("child").With(A.Node("act", "Test.Pass")));

        await Host.Inbox.RetryAsync(parent, "again", [], default);

        var child = Assert.Single(await Eventually.GetAsync(() => InstancesAsync("child"), found => found.Count == 1 && found[0].SubStatus is WorkflowSubStatus.Suspended, _ => "no child rests"));
        Assert.Equal("lunch", Hold.Of(await Host.StateAsync(child.Id))!.Reason);
        Assert.DoesNotContain(await Host.JournalAsync(child.Id), row => row.ActivityId == "act");
        await Host.Inbox.ReleaseAsync(parent, "release", "j.doe", null, default);
        await FinishesAsync(parent);
        Assert.Equal(["act"], await Host.CompletedAsync(child.Id));
    }

    [Fact]
    public async Task A_run_on_hold_can_be_ended_and_one_that_has_ended_can_not_be_held()
    {
        await PublishAsync(A.Sequence("ends").With(A.Event("wait", "go"), A.Node("act", "Test.Pass")));
        var id = (await RunAsync("ends")).WorkflowInstanceId;
        await HoldAsync(id);
        await Get<IEventPublisher>().PublishAsync("go");
        await Eventually.TrueAsync(async () => (await Host.CompletedAsync(id)).Contains("wait"), "the signal is taken");

        await Host.Inbox.SendAsync(A.Cancel("cancel", id), default);

        Assert.Equal(WorkflowSubStatus.Cancelled, (await Host.WaitForFinishAsync(id)).SubStatus);
        Assert.Equal(Acceptance.InstanceFinished, (await Host.Inbox.HoldAsync(id, "late", "j.doe", null, default)).Acceptance);
        Assert.Equal(Acceptance.Duplicate, (await Host.Inbox.HoldAsync(id, "hold", "j.doe", "lunch", default)).Acceptance);
    }

    /// <summary>Whoever asks for the hold hears of it after the run has: what he does then must not hold the run once more.</summary>
    [Fact]
    public async Task A_hold_that_is_carried_out_before_it_is_answered_ends_with_its_release()
    {
        await PublishAsync(A.Sequence("late").With(A.Event("wait", "go"), A.Node("act", "Test.Pass")));
        var id = (await RunAsync("late")).WorkflowInstanceId;
        _answersLate = true;

        await HoldAsync(id);
        await Host.Inbox.ReleaseAsync(id, "release", "j.doe", null, default);
        await Get<IEventPublisher>().PublishAsync("go");

        await FinishesAsync(id);
        Assert.Equal(["wait", "act"], await Host.CompletedAsync(id));
    }

    private Task HoldAsync(string id) => HasConsumedAsync(Host.Inbox.HoldAsync(id, "hold", "j.doe", "lunch", default));

    private async Task HasConsumedAsync(Task<AcceptResult> accepting)
    {
        var accepted = await accepting;
        Assert.Equal(Acceptance.Accepted, accepted.Acceptance);
        await Eventually.TrueAsync(
            async () => (await Host.Reader.FindStimulusAsync(accepted.Stored!.Stimulus.Key, default))!.State is StimulusState.Consumed, "the order is carried out");
    }

    private async Task<string> StartAsync(string definitionId)
    {
        var started = await Host.Inbox.StartAsync(new StartRequest { Key = $"start-{definitionId}", InstanceId = $"{definitionId}-1", DefinitionId = definitionId }, default);
        Assert.Equal(Acceptance.Accepted, started.Acceptance);
        return $"{definitionId}-1";
    }
}

/// <summary>Says that a hold is stored when it has been read already, as on a machine that has no time.</summary>
internal sealed class LateStore(InMemoryStore store, Func<bool> isLate) : StoreDecorator(store)
{
    public override async Task<AcceptResult> AcceptAsync(Stimulus stimulus, InstanceRecord? instance, ActivationLimit limit, CancellationToken cancellationToken)
    {
        var result = await base.AcceptAsync(stimulus, instance, limit, cancellationToken);
        if (stimulus.Kind is StimulusKind.Hold && isLate())
        {
            await Eventually.TrueAsync(async () => (await store.FindStimulusAsync(stimulus.Key, default))!.State is StimulusState.Consumed, "the hold is carried out");
        }

        return result;
    }
}

/// <summary>Lets activities with effects pass, or makes them wait.</summary>
public sealed class Lock
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Lock() => _open.SetResult();

    public Task Reached => _reached.Task;

    public void Close() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _open.TrySetResult();

    public async Task PassAsync()
    {
        _reached.TrySetResult();
        await _open.Task;
    }
}

/// <summary>Has an effect, once it may.</summary>
[Activity("Test", "Test", Kind = ActivityKind.Task)]
public sealed class Pass : CodeActivity
{
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context) => await context.GetRequiredService<Lock>().PassAsync();
}
