using Elsa.Workflows;
using Elsa.Workflows.Activities;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Activities;

/// <summary>Faults in the middle of containers, and containers that are cancelled.</summary>
public sealed class FaultTests : EngineTest
{
    [Fact]
    public async Task A_fault_tells_the_journal_all_that_it_was_given()
    {
        var id = await StartAsync(A.Sequence("fault").With(A.Node(
            "fault", "Elsa.Fault", ("code", A.Text("E1")), ("category", A.Text("HTTP")), ("faultType", A.Text("Business")), ("message", A.Text("It was refused")))));
        await Host.WaitForFinishAsync(id);

        var row = Assert.Single(await Host.JournalAsync(id), row => row.EventName == "Faulted");
        Assert.Equal("It was refused", row.Message);
        Assert.Contains("\"Code\":\"E1\",\"Category\":\"HTTP\",\"FaultType\":\"Business\"", row.Payload, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_can_be_made_in_one_line()
    {
        var fault = Fault.Create("E1", "HTTP", "Business", "It was refused");

        Assert.Equal(
            ["E1", "HTTP", "Business", "It was refused"],
            new[] { fault.Code, fault.Category, fault.FaultType, fault.Message }.Select(input => input.Expression?.Value));
    }

    [Fact]
    public async Task A_fault_in_one_round_ends_the_run_and_what_other_rounds_wait_for()
    {
        var id = await StartAsync(Rounds(A.ParallelForEach("each", "['wait', 'fault']", WaitOrFault())));
        var record = await Host.WaitForFinishAsync(id);

        Assert.Equal((WorkflowSubStatus.Faulted, 1), (record.SubStatus, record.IncidentCount));
        await Host.WaitForBookmarksAsync(id, 0);
        Assert.Equal(Engine.Storage.Acceptance.InstanceFinished, (await Host.Inbox.SendAsync(A.Cancel("late", id), default)).Acceptance);
    }

    [Fact]
    public async Task Where_the_definition_says_so_other_rounds_go_on_after_a_fault_but_the_loop_does_not_complete()
    {
        var id = await StartAsync(Rounds(A.ParallelForEach("each", "['wait', 'fault']", WaitOrFault())).ContinuingWithIncidents());
        var wait = await Host.WaitForBookmarkOfAsync(id, "wait");
        await RestartAsync();
        await Host.SignalAsync(wait);

        await Eventually.TrueAsync(async () => (await Host.CompletedAsync(id)).Contains("wait"), "the other round goes on");
        var record = await Host.Reader.FindAsync(id, default);
        Assert.Equal((WorkflowSubStatus.Suspended, 1), (record!.SubStatus, record.IncidentCount));
        Assert.DoesNotContain("after", await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task Where_the_definition_says_so_a_join_goes_on_waiting_for_a_branch_that_has_faulted()
    {
        var id = await StartAsync(A.Flowchart("join").ContinuingWithIncidents()
            .With(A.Line("start"), A.Node("fault", "Elsa.Fault"), A.Event("wait", "go"), A.Line("join"))
            .Connect("start -> fault", "start -> wait", "fault -> join", "wait -> join"));
        await Host.SignalAsync(await Host.WaitForBookmarkOfAsync(id, "wait"));

        await Eventually.TrueAsync(async () => (await Host.CompletedAsync(id)).Contains("wait"), "the other branch goes on");
        Assert.Equal(["start", "wait"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task A_cancelled_run_gives_up_all_that_waits_however_deep_it_is()
    {
        var inner = A.Group("both", "Elsa.Parallel", A.Event("e1", "go"), A.Chart("chart", [A.Event("e2", "go"), A.Line("after")], "e2 -> after"));
        var id = await StartAsync(Rounds(A.For("for", 1, 3, A.While("while", "true", inner))));
        await Host.WaitForBookmarksAsync(id, 2);
        await RestartAsync();
        await Host.Inbox.SendAsync(A.Cancel("cancel", id), default);

        Assert.Equal(WorkflowSubStatus.Cancelled, (await Host.WaitForFinishAsync(id)).SubStatus);
        Assert.Equal(
            ["both", "chart", "e1", "e2", "for", "root", "while"],
            (await Host.JournalAsync(id)).Where(row => row.EventName == "Canceled").Select(row => row.ActivityId).Order());
        await Host.WaitForBookmarksAsync(id, 0);
    }

    private static DefinitionBuilder Rounds(System.Text.Json.Nodes.JsonObject loop) => A.Sequence("rounds").With(loop, A.Line("after"));

    private static System.Text.Json.Nodes.JsonObject WaitOrFault() =>
        A.If("if", "getCurrentValue() == 'wait'", A.Event("wait", "go"), A.Node("fault", "Elsa.Fault", ("message", A.Text("no"))));
}
