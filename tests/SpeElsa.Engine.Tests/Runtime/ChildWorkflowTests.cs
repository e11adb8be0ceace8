using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Runtime;

public sealed class ChildWorkflowTests : RuntimeTest
{
    [Fact]
    public async Task A_workflow_executes_another_and_goes_on_with_its_output()
    {
        await PublishChildAsync();
        await PublishAsync(Parent("Elsa.ExecuteWorkflow", "getResult().output.Greeting + ', ' + getResult().subStatus"));

        var run = await RunAsync("parent");
        await FinishesAsync(run.WorkflowInstanceId);

        Assert.Equal(["Hello Ada, Finished"], await Host.LinesAsync(run.WorkflowInstanceId));
        var child = Assert.Single(await InstancesAsync("child"));
        Assert.Equal((run.WorkflowInstanceId, "c-1"), (child.ParentInstanceId, child.CorrelationId));
    }

    [Fact]
    public async Task It_waits_for_a_child_that_waits_across_restarts_of_both()
    {
        await PublishChildAsync(A.Event("wait", "go"));
        await PublishAsync(Parent("Elsa.ExecuteWorkflow", "getResult().output.Greeting"));
        var run = await RunAsync("parent");
        await Eventually.TrueAsync(async () => (await InstancesAsync("child")).Any(child => child.SubStatus is WorkflowSubStatus.Suspended), "the child waits");

        await RestartAsync();
        await Get<IEventPublisher>().PublishAsync("go");

        await FinishesAsync(run.WorkflowInstanceId);
        Assert.Equal(["Hello Ada"], await Host.LinesAsync(run.WorkflowInstanceId));
    }

    [Fact]
    public async Task A_child_that_faults_is_a_result_and_no_fault_of_its_parent()
    {
        await PublishChildAsync(A.Node("fail", "Elsa.Fault", ("message", A.Text("It broke"))));
        await PublishAsync(Parent("Elsa.ExecuteWorkflow", "getResult().subStatus + ': ' + getResult().error"));

        var run = await RunAsync("parent");
        await FinishesAsync(run.WorkflowInstanceId);

        Assert.Equal(["Faulted: It broke"], await Host.LinesAsync(run.WorkflowInstanceId));
    }

    [Fact]
    public async Task A_child_that_its_activation_strategy_does_not_allow_is_one_that_has_faulted()
    {
        await PublishAsync(
            A.Sequence("child").With(A.Event("wait", "go")),
            json => json["options"] = new JsonObject { ["activationStrategyType"] = "SingletonStrategy" });
        await RunAsync("child");
        await PublishAsync(Parent("Elsa.ExecuteWorkflow", "getResult().subStatus + ': ' + getResult().error"));

        var run = await RunAsync("parent");
        await FinishesAsync(run.WorkflowInstanceId);

        Assert.Equal(["Faulted: The activation strategy of 'child' allows no further run now."], await Host.LinesAsync(run.WorkflowInstanceId));
    }

    [Theory]
    [InlineData("Elsa.ExecuteWorkflow")]
    [InlineData("Elsa.DispatchWorkflow")]
    [InlineData("Elsa.BulkDispatchWorkflows")]
    public async Task A_workflow_that_is_not_published_is_named(string type)
    {
        await PublishAsync(Parent(type, "'never'"));

        var run = await RunAsync("parent");

        Assert.Equal(WorkflowSubStatus.Faulted, run.SubStatus);
        Assert.Contains("There is no published workflow 'child'", Assert.Single(run.Incidents).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_failed_since_the_child_was_missing_is_retried_when_it_is_there()
    {
        await PublishAsync(Parent("Elsa.ExecuteWorkflow", "getResult().output.Greeting"));
        var run = await RunAsync("parent");
        await PublishChildAsync();

        Assert.Equal(Acceptance.Accepted, (await Host.Inbox.RetryAsync(run.WorkflowInstanceId, "again", [], default)).Acceptance);

        await Host.WaitForAsync(run.WorkflowInstanceId, record => record.SubStatus is WorkflowSubStatus.Finished);
        Assert.Equal(["Hello Ada"], await Host.LinesAsync(run.WorkflowInstanceId));
    }

    [Fact]
    public async Task Dispatching_goes_on_at_once_with_the_id_of_the_child()
    {
        await PublishChildAsync();
        await PublishAsync(Parent("Elsa.DispatchWorkflow", "getResult()"));

        var run = await RunAsync("parent");
        await FinishesAsync(run.WorkflowInstanceId);

        var child = Assert.Single(await EndedAsync("child", 1));
        Assert.Equal([child.Id], await Host.LinesAsync(run.WorkflowInstanceId));
    }

    [Fact]
    public async Task Dispatching_may_wait_for_the_output_of_the_child()
    {
        await PublishChildAsync();
        await PublishAsync(Parent("Elsa.DispatchWorkflow", "getResult().Greeting", ("waitForCompletion", A.Text(true))));

        var run = await RunAsync("parent");
        await FinishesAsync(run.WorkflowInstanceId);

        Assert.Equal(["Hello Ada"], await Host.LinesAsync(run.WorkflowInstanceId));
    }

    [Fact]
    public async Task Many_are_dispatched_one_for_each_item_and_waited_for()
    {
        await PublishChildAsync();
        var bulk = A.Node(
            "call",
            "Elsa.BulkDispatchWorkflows",
            ("workflowDefinitionId", A.Text("child")),
            ("items", A.JavaScript("['Ada', 'Bob', 'Cid']")),
            ("defaultItemInputKey", A.Text("Name")),
            ("correlationIdFunction", A.JavaScript("'for-' + getItem()")),
            ("childCompleted", A.Say("each", "getChildOutput().Greeting")));
        await PublishAsync(A.Flowchart("parent").With(bulk, A.Line("completed"), A.Line("canceled")).Connect("call:Completed -> completed", "call:Canceled -> canceled"));

        var run = await RunAsync("parent");
        await FinishesAsync(run.WorkflowInstanceId);

        var lines = await Host.LinesAsync(run.WorkflowInstanceId);
        Assert.Equal(["Hello Ada", "Hello Bob", "Hello Cid"], lines.Take(3).Order(StringComparer.Ordinal));
        Assert.Equal("completed", lines[^1]);
        Assert.Equal(["for-Ada", "for-Bob", "for-Cid"], (await EndedAsync("child", 3)).Select(child => child.CorrelationId).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nothing_to_dispatch_completes_at_once()
    {
        await PublishChildAsync();
        var bulk = A.Node("call", "Elsa.BulkDispatchWorkflows", ("workflowDefinitionId", A.Text("child")), ("items", A.JavaScript("[]")));
        await PublishAsync(A.Flowchart("parent").With(bulk, A.Line("done")).Connect("call:Done -> done"));

        var run = await RunAsync("parent");
        await FinishesAsync(run.WorkflowInstanceId);

        Assert.Equal(["done"], await Host.LinesAsync(run.WorkflowInstanceId));
        Assert.Empty(await InstancesAsync("child"));
    }

    private Task<DefinitionRecord> PublishChildAsync(params JsonObject[] before) => PublishAsync(A.Sequence("child").With(
        [.. before, A.Node("say", "Elsa.SetOutput", ("outputName", A.Text("Greeting")), ("outputValue", A.JavaScript("'Hello ' + getInput('Name')")))]));

    private static DefinitionBuilder Parent(string type, string say, params (string Name, JsonNode? Value)[] more)
    {
        var call = A.Node(
            "call",
            type,
            [
                ("workflowDefinitionId", A.Text("child")),
                ("correlationId", A.Text("c-1")),
                ("items", A.JavaScript("[1]")),
                ("input", A.JavaScript("({ Name: 'Ada' })")),
                ("result", A.Into("Result")),
                .. more,
            ]);
        return A.Sequence("parent").Variable("Result").With(call, A.Say("say", say));
    }
}
