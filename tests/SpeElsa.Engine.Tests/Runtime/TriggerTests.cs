using Elsa.Workflows;
using Elsa.Workflows.Runtime;
using Elsa.Workflows.Runtime.Stimuli;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Runtime;

public sealed class TriggerTests : RuntimeTest
{
    [Fact]
    public async Task An_event_starts_a_workflow_at_its_trigger_and_brings_its_payload()
    {
        await PublishAsync(Ordered("by-event"));

        await Get<IEventPublisher>().PublishAsync("order", correlationId: "o-1", payload: "Ada");

        var instance = Assert.Single(await InstancesAsync("by-event"));
        Assert.Equal((WorkflowSubStatus.Finished, "o-1"), (instance.SubStatus, instance.CorrelationId));
        Assert.Equal(["got Ada"], await Host.LinesAsync(instance.Id));
    }

    [Fact]
    public async Task A_workflow_that_is_not_published_or_was_retracted_is_not_started()
    {
        await PublishAsync(Ordered("gone"));
        await Get<IDefinitionStore>().RetractAsync("gone", default);

        await Get<IEventPublisher>().PublishAsync("order");

        Assert.Empty(await InstancesAsync("gone"));
    }

    [Fact]
    public async Task Only_the_published_version_is_started_and_what_runs_stays_on_its_own()
    {
        await PublishAsync(Ordered("versions").With(A.Event("wait", "go")).Connect("say -> wait"));
        await Get<IEventPublisher>().PublishAsync("order");
        await PublishAsync(Ordered("versions").With(A.Line("new")).Connect("say -> new"));
        await Get<IEventPublisher>().PublishAsync("order");

        var instances = await InstancesAsync("versions");
        Assert.Equal([1, 2], instances.Select(instance => instance.DefinitionVersion).Order());
        await Get<IEventPublisher>().PublishAsync("go");
        Assert.All(await EndedAsync("versions", 2), instance => Assert.Equal(WorkflowSubStatus.Finished, instance.SubStatus));
        Assert.Equal(["trigger", "say", "wait"], await Host.CompletedAsync(instances.Single(instance => instance.DefinitionVersion == 1).Id));
    }

    [Fact]
    public async Task An_activity_that_can_start_but_may_not_is_a_wait()
    {
        await PublishAsync(A.Sequence("waits").With(A.Event("wait", "order")));

        await Get<IEventPublisher>().PublishAsync("order");
        Assert.Empty(await InstancesAsync("waits"));

        var run = await RunAsync("waits");
        Assert.Equal(WorkflowSubStatus.Suspended, run.SubStatus);
        await Get<IEventPublisher>().PublishAsync("order");
        await FinishesAsync(run.WorkflowInstanceId);
    }

    [Fact]
    public async Task A_workflow_started_by_hand_waits_at_its_trigger()
    {
        await PublishAsync(Ordered("by-hand"));

        var run = await RunAsync("by-hand");

        Assert.Equal(WorkflowSubStatus.Suspended, run.SubStatus);
        Assert.Equal("Elsa.Event", Assert.Single(run.Bookmarks).Name);
    }

    [Fact]
    public async Task A_trigger_in_a_container_starts_the_workflow_there()
    {
        await PublishAsync(A.Sequence("inner").With(A.Chart("chart", [A.Line("never"), Starting(A.Event("trigger", "order")), A.Line("after")], "never -> after", "trigger -> after")));

        await Get<IEventPublisher>().PublishAsync("order");

        Assert.Equal(["trigger", "after", "chart"], await Host.CompletedAsync(Assert.Single(await InstancesAsync("inner")).Id));
    }

    [Fact]
    public async Task A_stimulus_reaches_all_that_it_starts_and_all_that_wait_for_it()
    {
        await PublishAsync(Ordered("first"));
        await PublishAsync(Ordered("second"));
        await PublishAsync(A.Sequence("third").With(A.Event("wait", "order")));
        var waiting = await RunAsync("third");

        var result = await Get<IStimulusSender>().SendAsync("Elsa.Event", new EventStimulus("order"));

        Assert.Equal(3, result.WorkflowInstanceResponses.Count);
        Assert.All(result.WorkflowInstanceResponses, response => Assert.Equal(WorkflowStatus.Finished, response.Status));
        Assert.Contains(waiting.WorkflowInstanceId, result.WorkflowInstanceResponses.Select(response => response.WorkflowInstanceId));
    }

    [Theory]
    [InlineData("Elsa.Cron", "cronExpression", "every now and then", "is not a cron expression")]
    [InlineData("Elsa.Timer", "interval", "00:00:00", "The interval has to be longer than nothing")]
    [InlineData("Elsa.Timer", "interval", "soon", "can not be read as TimeSpan")]
    public async Task What_could_never_come_due_is_not_published(string type, string input, string value, string words)
    {
        var json = A.Sequence("bad").With(Starting(A.Node("when", type, (input, A.Text(value))))).ToJson();
        var draft = await Get<IDefinitionStore>().SaveDraftAsync(A.Definition("bad", json), null, default);

        var result = await Get<DefinitionPublisher>().PublishAsync(draft.Latest!, null, default);

        Assert.False(result.IsPublished);
        Assert.Contains(result.Findings, finding => finding.Message.Contains(words, StringComparison.Ordinal));
        Assert.Null(await Get<IDefinitionStore>().FindPublishedAsync("bad", default));
    }

    private static DefinitionBuilder Ordered(string id)
    {
        var trigger = Starting(A.Event("trigger", "order"));
        trigger["result"] = A.Into("Customer");
        return A.Flowchart(id).Variable("Customer").With(trigger, A.Say("say", "'got ' + getCustomer()")).Connect("trigger -> say");
    }
}
