using Elsa.Workflows;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Activities;

/// <summary>The ways a run ends that are not its last activity.</summary>
public sealed class EndTests : EngineTest
{
    [Fact]
    public async Task Finish_ends_the_run_though_other_branches_wait()
    {
        var id = await RunAsync(A.Parallel("finish").With(A.Event("e", "never"), A.Delay("d", TimeSpan.FromDays(1)), A.Node("finish", "Elsa.Finish"), A.Line("unreached")));

        var journal = await Host.JournalAsync(id);
        Assert.Equal(["d", "e"], journal.Where(row => row.EventName == "Canceled").Select(row => row.ActivityId).Order());
        Assert.DoesNotContain(journal, row => row.ActivityId == "unreached");
        await Host.WaitForBookmarksAsync(id, 0);
        Assert.Null(await Host.Store.NextTimerAsync(default));
        var state = await Host.StateAsync(id);
        Assert.Equal("Workflow1", Assert.Single(state.ActivityExecutionContexts).ScheduledActivityNodeId);
        Assert.Empty(state.ScheduledActivities);
    }

    [Fact]
    public async Task Fault_ends_the_run_as_faulted_with_an_incident()
    {
        var id = await StartAsync(A.Sequence("fault").With(
            A.Line("before"), A.Node("fault", "Elsa.Fault", ("message", A.Text("The licence has run out")), ("code", A.Text("LIC"))), A.Line("after")));
        var record = await Host.WaitForFinishAsync(id);

        Assert.Equal((WorkflowSubStatus.Faulted, 1), (record.SubStatus, record.IncidentCount));
        Assert.NotNull(record.FinishedAt);
        var incident = await Host.IncidentAsync(id);
        Assert.Equal(("fault", "Workflow1:root:fault", "Elsa.Fault", "The licence has run out"), (incident.ActivityId, incident.ActivityNodeId, incident.ActivityType, incident.Message));
        var row = Assert.Single(await Host.JournalAsync(id), row => row.EventName == "Faulted");
        Assert.Contains("\"Code\":\"LIC\"", row.Payload, StringComparison.Ordinal);
        Assert.Equal(["before"], await Host.CompletedAsync(id));
        Assert.Contains((await Host.StateAsync(id)).ActivityExecutionContexts, context => context is { ScheduledActivityNodeId: "Workflow1:root:fault", Status: ActivityStatus.Faulted });
    }

    [Fact]
    public async Task Where_the_definition_says_so_other_branches_go_on_after_a_fault()
    {
        var id = await StartAsync(A.Parallel("goon").ContinuingWithIncidents().With(A.Node("fault", "Elsa.Fault", ("message", A.Text("no"))), A.Event("e", "go"), A.Line("line")));

        await Host.SignalAsync(await Host.WaitForBookmarkOfAsync(id, "e"));

        await Eventually.TrueAsync(async () => (await Host.CompletedAsync(id)).Contains("e"), "the other branch goes on");
        var record = await Host.Reader.FindAsync(id, default);
        Assert.Equal((WorkflowSubStatus.Suspended, 1), (record!.SubStatus, record.IncidentCount));
    }

    [Fact]
    public async Task An_unknown_activity_faults_the_run_that_comes_to_it_and_names_what_is_missing()
    {
        var incident = await FaultsAsync(A.Sequence("unknown").With(A.Line("before"), A.Node("x", "Acme.Teleport")));

        Assert.Equal("x", incident.ActivityId);
        Assert.Contains("no activity 'Acme.Teleport'", incident.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_activity_on_a_way_not_taken_harms_nobody()
    {
        var id = await RunAsync(A.Flowchart("way").With(A.Decision("ask", "false"), A.Node("x", "Acme.Teleport"), A.Line("no")).Connect("ask:True -> x", "ask:False -> no"));

        Assert.Equal(["ask", "no"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task An_activity_that_may_not_run_is_said_so_and_the_run_does_not_sleep_for_ever()
    {
        var id = await StartAsync(A.Sequence("never").With(A.Node("never", "Test.Never")));
        var record = await Host.WaitForFinishAsync(id);

        Assert.Equal(WorkflowSubStatus.Faulted, record.SubStatus);
        Assert.Contains(await Host.JournalAsync(id), row => row is { ActivityId: "never", EventName: "Precondition Failed" });
        Assert.Contains("neither ended nor anything to wait for", (await Host.IncidentAsync(id)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lambda_as_a_callback_is_refused_with_words_that_help()
    {
        var incident = await FaultsAsync(A.Sequence("lambda").With(A.Node("wait", "Test.LambdaWait")));

        Assert.Contains("can not be found again after a restart", incident.Message, StringComparison.Ordinal);
        Assert.Contains("Use a method of LambdaWait", incident.Message, StringComparison.Ordinal);
        Assert.Contains("not a lambda", incident.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_instance_ends_and_what_waits_is_given_up()
    {
        var id = await StartAsync(A.Parallel("cancel").With(A.Event("e", "go"), A.Delay("d", TimeSpan.FromHours(1))));
        var wait = await Host.WaitForBookmarkOfAsync(id, "e");

        await Host.Inbox.SendAsync(A.Cancel("cancel", id), default);
        var record = await Host.WaitForFinishAsync(id);

        Assert.Equal(WorkflowSubStatus.Cancelled, record.SubStatus);
        Assert.Equal(["d", "e", "root"], (await Host.JournalAsync(id)).Where(row => row.EventName == "Canceled").Select(row => row.ActivityId).Order());
        Assert.Equal(Acceptance.InstanceFinished, (await Host.SignalAsync(wait)).Acceptance);
        Assert.Equal(Acceptance.Duplicate, (await Host.Inbox.SendAsync(A.Cancel("cancel", id), default)).Acceptance);
        Assert.Null(await Host.Store.NextTimerAsync(default));
    }

    [Fact]
    public async Task An_instance_cancelled_before_it_began_never_begins()
    {
        await Host.DisposeAsync();
        var json = A.Sequence("unborn").With(A.Line("line")).ToJson();
        var definition = await ((IDefinitionStore)Store).PublishAsync(A.Definition("unborn", json), default);
        var instance = A.Instance("i1", "unborn") with { DefinitionVersionId = definition.Id, DefinitionHash = definition.ContentHash };
        await Store.AcceptAsync(A.Start("start", "i1"), instance, default);
        await Store.AcceptAsync(A.Cancel("cancel", "i1"), null, default);

        await RestartAsync();
        var record = await Host.WaitForFinishAsync("i1");

        Assert.Equal(WorkflowSubStatus.Cancelled, record.SubStatus);
        Assert.Empty(await Host.JournalAsync("i1"));
        Assert.Equal(StimulusState.Superseded, (await Host.Reader.FindStimulusAsync("start", default))!.State);
    }

    [Fact]
    public async Task A_workflow_without_activities_ends()
    {
        Assert.Empty(await Host.CompletedAsync(await RunAsync(A.Sequence("nothing"))));
    }
}
