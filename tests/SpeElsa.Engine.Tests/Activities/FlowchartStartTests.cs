using System.Text.Json.Nodes;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Activities;

/// <summary>Where a flowchart begins.</summary>
public sealed class FlowchartStartTests : EngineTest
{
    [Fact]
    public async Task Its_start_goes_before_the_start_activity()
    {
        var id = await RunAsync(A.Flowchart("start").With(A.Node("s", "Elsa.Start"), A.Line("a")).StartingAt("a"));

        Assert.Equal(["a"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task Without_a_start_it_begins_where_the_workflow_can_be_started()
    {
        var line = A.Line("b");
        line["customProperties"] = new JsonObject { ["canStartWorkflow"] = true };
        var id = await RunAsync(A.Flowchart("can").With(A.Line("a"), line, A.Line("c")).Connect("a -> b", "b -> c"));

        Assert.Equal(["b", "c"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task A_run_that_a_trigger_has_started_begins_at_it_whatever_the_start_is()
    {
        var chart = A.Chart("chart", [A.Node("s", "Elsa.Start"), A.Line("never"), A.Line("trigger"), A.Line("join")], "s -> never", "never -> join", "trigger -> join");
        var id = await RunAsync(A.Sequence("trigger").With(A.Node("set", "Test.SetTrigger"), chart));

        Assert.Equal(["set", "trigger", "join", "chart"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task A_run_begins_at_the_activity_that_holds_the_trigger()
    {
        var chart = A.Chart("chart", [A.Line("first"), A.Steps("holder", A.Line("trigger")), A.Line("after")], "first -> holder", "holder -> after");
        var id = await RunAsync(A.Sequence("inner").With(A.Node("set", "Test.SetTrigger"), chart));

        Assert.Equal(["set", "trigger", "holder", "after", "chart"], await Host.CompletedAsync(id));
    }
}
