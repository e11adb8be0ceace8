using System.Text.Json.Nodes;
using Elsa.Common.Models;
using Elsa.Workflows;
using Elsa.Workflows.Models;
using Elsa.Workflows.Runtime;
using Elsa.Workflows.Runtime.Messages;
using Elsa.Workflows.Runtime.Requests;
using SpeElsa.Engine.Runtime.History;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Runtime;

/// <summary>Elsa's services for whoever starts, watches and ends instances.</summary>
public sealed class ClientTests : RuntimeTest
{
    [Fact]
    public async Task A_client_creates_runs_resumes_reads_and_deletes_an_instance()
    {
        await PublishAsync(A.Sequence("life").With(
            A.Event("wait", "go"), A.Node("out", "Elsa.SetOutput", ("outputName", A.Text("Said")), ("outputValue", A.JavaScript("getInput('Word')")))));
        var client = await Get<IWorkflowRuntime>().CreateClientAsync();
        Assert.False(await client.InstanceExistsAsync());

        await client.CreateInstanceAsync(new CreateWorkflowInstanceRequest
        {
            WorkflowDefinitionHandle = WorkflowDefinitionHandle.ByDefinitionId("life"),
            Name = "My life",
            Input = new Dictionary<string, object?> { ["Word"] = "hello" },
        });
        Assert.True(await client.InstanceExistsAsync());
        await Eventually.TrueAsync(() => Host.Reader.IsIdleAsync(client.WorkflowInstanceId, default), "it rests");
        Assert.Equal(WorkflowSubStatus.Pending, (await Host.Reader.FindAsync(client.WorkflowInstanceId, default))!.SubStatus);

        var started = await client.RunInstanceAsync(RunWorkflowInstanceRequest.Empty);
        Assert.Equal(WorkflowSubStatus.Suspended, started.SubStatus);
        Assert.False(await client.DeleteAsync());

        var bookmark = Assert.Single(started.Bookmarks);
        var resumed = await client.RunInstanceAsync(new RunWorkflowInstanceRequest { BookmarkId = bookmark.Id, IncludeWorkflowOutput = true });
        Assert.Equal((WorkflowSubStatus.Finished, "hello"), (resumed.SubStatus, resumed.Output!["Said"]));
        Assert.Equal("My life", (await client.ExportStateAsync()).Name);
        Assert.True(await client.DeleteAsync());
    }

    [Fact]
    public async Task A_client_cancels_an_instance()
    {
        await PublishAsync(A.Sequence("cancel").With(A.Event("wait", "go")));
        var run = await RunAsync("cancel");
        var client = await Get<IWorkflowRuntime>().CreateClientAsync(run.WorkflowInstanceId);

        await client.CancelAsync();
        await client.CancelAsync();

        Assert.Equal(WorkflowSubStatus.Cancelled, (await Host.Reader.FindAsync(run.WorkflowInstanceId, default))!.SubStatus);
    }

    [Fact]
    public async Task Variables_and_properties_are_given_at_the_start()
    {
        await PublishAsync(A.Sequence("given").Variable("Ship", "String", "none").With(A.Say("say", "getShip()")));

        var run = await RunAsync("given", request => request.Variables = new Dictionary<string, object?> { ["Ship"] = "Argo" });

        Assert.Equal(["Argo"], await Host.LinesAsync(run.WorkflowInstanceId));
    }

    [Fact]
    public async Task A_draft_is_run_where_it_is_asked_for()
    {
        await PublishAsync(A.Sequence("draft").With(A.Line("published")));
        await Get<Engine.Storage.IDefinitionStore>().SaveDraftAsync(A.Definition("draft", A.Sequence("draft").With(A.Line("drafted")).ToJson()), null, default);

        var published = await RunAsync("draft");
        var drafted = await RunAsync("draft", request => request.WorkflowDefinitionHandle = WorkflowDefinitionHandle.ByDefinitionId("draft", VersionOptions.Latest));

        Assert.Equal(["published"], await Host.LinesAsync(published.WorkflowInstanceId));
        Assert.Equal(["drafted"], await Host.LinesAsync(drafted.WorkflowInstanceId));
    }

    [Theory]
    [InlineData("SingletonStrategy", "a", "a", false)]
    [InlineData("SingletonStrategy", "a", "b", false)]
    [InlineData("Elsa.Workflows.Runtime.ActivationValidators.CorrelatedSingletonStrategy, Elsa.Workflows.Runtime", "a", "a", false)]
    [InlineData("CorrelatedSingletonStrategy", "a", "b", true)]
    [InlineData("CorrelationStrategy", "a", "a", false)]
    [InlineData("CorrelationStrategy", "a", "b", true)]
    [InlineData("AllowAlwaysStrategy", "a", "a", true)]
    [InlineData(null, "a", "a", true)]
    public async Task An_activation_strategy_says_whether_one_more_may_start(string? strategy, string first, string second, bool starts)
    {
        var version = await PublishAsync(
            A.Sequence("limited").With(A.Event("wait", "go")),
            json => json["options"] = new JsonObject { ["activationStrategyType"] = strategy });
        var starter = Get<IWorkflowStarter>();
        await starter.StartWorkflowAsync(Request(first));

        var response = await starter.StartWorkflowAsync(Request(second));
        var dispatched = await Get<IWorkflowDispatcher>().DispatchAsync(new DispatchWorkflowDefinitionRequest(version.Id) { CorrelationId = second });

        Assert.Equal(!starts, response.CannotStart);
        Assert.Equal(strategy is null or "AllowAlwaysStrategy", dispatched.Succeeded);
        await Get<IEventPublisher>().PublishAsync("go");
        Assert.False((await starter.StartWorkflowAsync(Request(second))).CannotStart);

        StartWorkflowRequest Request(string correlationId) =>
            new() { WorkflowDefinitionHandle = WorkflowDefinitionHandle.ByDefinitionVersionId(version.Id), CorrelationId = correlationId };
    }

    [Fact]
    public async Task The_same_instance_id_is_dispatched_once()
    {
        var version = await PublishAsync(A.Sequence("once").With(A.Line("a")));
        var request = new DispatchWorkflowDefinitionRequest(version.Id) { InstanceId = "chosen" };

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Get<IWorkflowDispatcher>().DispatchAsync(request)));

        Assert.Equal(["a"], await Host.LinesAsync(Assert.Single(await EndedAsync("once", 1)).Id));
    }

    [Fact]
    public async Task Whoever_waits_is_resumed_by_type_and_stimulus_or_by_bookmark()
    {
        await PublishAsync(A.Sequence("resume").With(A.Event("one", "one"), A.Event("two", "two")));
        var run = await RunAsync("resume");
        var resumer = Get<IWorkflowResumer>();

        var all = await resumer.ResumeAsync<Elsa.Workflows.Runtime.Activities.Event>(new Elsa.Workflows.Runtime.Stimuli.EventStimulus("one"));
        var next = Assert.Single(Assert.Single(all).Bookmarks);
        var last = await resumer.ResumeAsync(next.Id);

        Assert.Equal(WorkflowSubStatus.Finished, last!.SubStatus);
        Assert.Null(await resumer.ResumeAsync(next.Id));
        Assert.Equal(run.WorkflowInstanceId, last.WorkflowInstanceId);
    }

    [Fact]
    public async Task A_resumption_that_comes_before_its_bookmark_waits_for_it()
    {
        await PublishAsync(A.Sequence("early").With(A.Event("one", "one"), A.Event("two", "two")));
        var run = await RunAsync("early");
        var hash = Engine.Execution.StimulusHash.Compute("Elsa.Event", new Elsa.Workflows.Runtime.Stimuli.EventStimulus("two"));

        await Get<IBookmarkQueue>().EnqueueAsync(new NewBookmarkQueueItem { WorkflowInstanceId = run.WorkflowInstanceId, StimulusHash = hash });
        await Get<IEventPublisher>().PublishAsync("one");

        await FinishesAsync(run.WorkflowInstanceId);
    }

    [Fact]
    public async Task Executions_are_read_off_the_journal_with_inputs_outputs_and_who_scheduled_them()
    {
        await PublishAsync(A.Flowchart("history").Variable("Result").With(
                A.Node("ask", "Elsa.RunJavaScript", ("script", A.JavaScript("'answer'")), ("result", A.Into("Result"))),
                A.Say("say", "getResult()"),
                A.Event("wait", "go"))
            .Connect("ask -> say", "say -> wait"));
        var run = await RunAsync("history");

        var records = await Get<ActivityExecutionHistory>().ReadAsync(run.WorkflowInstanceId, default);

        Assert.Equal(["Workflow1", "root", "ask", "say", "wait"], records.Select(record => record.ActivityId));
        Assert.Equal([0, 1, 2, 3, 4], records.Select(record => record.CallStackDepth));
        Assert.Equal([null, "Workflow1", "root", "ask", "say"], records.Select(record => record.SchedulingActivityId));
        Assert.Equal("answer", records[2].Outputs!["Result"]);
        Assert.Equal("answer", records[3].ActivityState!["Text"]);
        Assert.Equal((ActivityStatus.Completed, ActivityStatus.Running, true), (records[3].Status, records[4].Status, records[4].HasBookmarks));
        Assert.Equal(["Workflow1", "root", "ask", "say"], ActivityExecutionHistory.CallStack(records, records[3].Id).Select(record => record.ActivityId));
        var stats = await Get<ActivityExecutionHistory>().CountAsync(run.WorkflowInstanceId, ["Workflow1:root:wait"], default);
        Assert.Equal(new ActivityExecutionStats("wait", "Workflow1:root:wait", 1, 0, 1, true, false, 0), Assert.Single(stats));
    }

    [Fact]
    public async Task A_fault_counts_for_all_that_led_to_it()
    {
        await PublishAsync(A.Sequence("fault").With(A.Node("fail", "Elsa.Fault", ("message", A.Text("It broke")))));
        var run = await RunAsync("fault");

        var records = await Get<ActivityExecutionHistory>().ReadAsync(run.WorkflowInstanceId, default);

        Assert.All(records, record => Assert.Equal(1, record.AggregateFaultCount));
        Assert.Equal((ActivityStatus.Faulted, "It broke"), (records[^1].Status, records[^1].Exception!.Message));
    }
}
