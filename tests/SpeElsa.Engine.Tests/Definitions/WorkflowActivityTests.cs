using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Definitions;

/// <summary>Sets an output of the workflow around it.</summary>
[Activity("Test", "Test", "Puts out a value")]
public sealed class PutOut : CodeActivity
{
    [Input]
    public Input<string> OutputName { get; set; } = new("");

    [Input]
    public Input<object?> Value { get; set; } = new((object?)null);

    protected override void Execute(ActivityExecutionContext context) => WorkflowScope.SetOutput(context, context.Get(OutputName)!, context.Get(Value));
}

/// <summary>A published workflow used as an activity of another.</summary>
public sealed class WorkflowActivityTests : EngineTest
{
    [Fact]
    public async Task It_runs_inside_the_instance_with_inputs_and_outputs_of_its_own()
    {
        var inner = await PublishAsync(Inner("Expense check"));
        var id = await StartAsync(Consumer(inner, "outer"), new Dictionary<string, object?> { ["Amount"] = 5, ["Who"] = "outer" });
        await FinishesAsync(id);

        Assert.Equal(["inner 7", "verdict small, outer"], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task It_waits_across_a_restart_and_sees_its_inputs_after_it()
    {
        var inner = await PublishAsync(Inner("Expense check", A.Event("wait", "go")));
        var id = await StartAsync(Consumer(inner, "outer"), new Dictionary<string, object?> { ["Amount"] = 5, ["Who"] = "outer" });
        await Host.WaitForBookmarkOfAsync(id, "wait");
        await RestartAsync();

        var bookmark = await Host.WaitForBookmarkOfAsync(id, "wait");
        Assert.Equal("Workflow1:root:use:Workflow1:root:wait", bookmark.ActivityNodeId);
        await Host.SignalAsync(bookmark);
        await FinishesAsync(id);

        Assert.Equal(["inner 7", "verdict small, outer"], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task It_stays_on_the_version_that_its_definition_names()
    {
        var first = await PublishAsync(Inner("Expense check"));
        await PublishAsync(Inner("Expense check", A.Line("newer")));

        var id = await StartAsync(Consumer(first, "outer"), new Dictionary<string, object?> { ["Amount"] = 5, ["Who"] = "outer" });
        await FinishesAsync(id);

        Assert.DoesNotContain("newer", await Host.LinesAsync(id));
    }

    [Fact]
    public async Task Two_uses_of_one_version_do_not_disturb_each_other()
    {
        var inner = await PublishAsync(Inner("Expense check"));
        var id = await StartAsync(A.Sequence("twice").With(Use("one", inner, A.Text(1)), Use("two", inner, A.Text(2))));
        await FinishesAsync(id);

        Assert.Equal(["inner 1", "inner 2"], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task Workflows_used_as_activities_may_use_others()
    {
        var inner = await PublishAsync(Inner("Deep"));
        var middle = await PublishAsync(Definition("Middle", [A.Line("middle"), Use("deep", inner, A.Text(3))]));
        var id = await StartAsync(A.Sequence("outer").With(Use("use", middle, null)));
        await FinishesAsync(id);

        Assert.Equal(["middle", "inner 3"], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task A_workflow_that_uses_itself_is_refused()
    {
        // Version ids follow from definition and number, so that a definition can name a version before it is stored.
        var circle = ("circle", DefinitionVersionId.Of("circle", 1), 1);
        Assert.Equal(circle, await PublishAsync(Definition("circle", [Use("again", circle, null)])));
        var reader = Host.Services.GetRequiredService<DefinitionReader>();

        var exception = await Assert.ThrowsAsync<InvalidDefinitionException>(
            () => reader.ReadAsync(A.Sequence("outer").With(Use("use", circle, null)).ToJson(), new WorkflowIdentity("outer", 1, "outer-1"), default));

        Assert.Contains("'outer' uses 'circle' uses 'circle' again", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_that_is_not_stored_is_named()
    {
        var exception = await Assert.ThrowsAsync<InvalidDefinitionException>(() => StartAsync(A.Sequence("outer").With(Use("use", ("gone", "gone-1", 1), null))));

        Assert.Contains("'use' uses the version 'gone-1' of the workflow 'gone', which is not stored", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_published_definition_that_may_be_used_becomes_an_activity_type_and_goes_with_its_permission()
    {
        await PublishAsync(Inner("Expense check (new)"));
        await PublishAsync(Definition("Private", [A.Line("x")], usable: false));
        var activities = Host.Services.GetRequiredService<WorkflowActivities>();
        var registry = Host.Services.GetRequiredService<ActivityRegistry>();
        await activities.RefreshAsync(default);

        var descriptor = Assert.Single(registry.ListByProvider(typeof(WorkflowActivities)));
        Assert.Equal(("ExpenseCheckNew", 1, "Expense check (new)", "Finance"), (descriptor.TypeName, descriptor.Version, descriptor.DisplayName, descriptor.Category));
        Assert.Equal(["Amount"], descriptor.Inputs.Where(input => input.IsSynthetic).Select(input => input.Name));
        Assert.Equal(["Verdict"], descriptor.Outputs.Where(output => output.IsSynthetic).Select(output => output.Name));
        Assert.Equal(["Root:Embedded:False", "Good:Flow:True", "Bad:Flow:True"], descriptor.Ports.Select(port => $"{port.Name}:{port.Type}:{port.IsBrowsable}"));
        Assert.Equal("WorkflowDefinitionActivity", descriptor.CustomProperties["RootType"]);
        Assert.Equal(["WorkflowDefinitionId", "WorkflowDefinitionVersionId", "Version"], descriptor.ConstructionProperties.Keys);

        await PublishAsync(Definition("Expense check (new)", [A.Line("x")], usable: false));
        await activities.RefreshAsync(default);
        Assert.Empty(registry.ListByProvider(typeof(WorkflowActivities)));
    }

    [Fact]
    public async Task What_uses_a_workflow_is_written_as_it_was_read()
    {
        var inner = await PublishAsync(Inner("Expense check"));
        var json = Consumer(inner, "outer").ToJson();
        var reader = Host.Services.GetRequiredService<DefinitionReader>();
        var writer = Host.Services.GetRequiredService<DefinitionWriter>();

        var once = writer.Write(await reader.ReadAsync(json, new WorkflowIdentity("outer", 1, "v1"), default));

        var use = JsonNode.Parse(once)!["root"]!["activities"]![0]!;
        Assert.Equal(("ExpenseCheck", inner.VersionId), ((string)use["type"]!, (string)use["workflowDefinitionVersionId"]!));
        Assert.Equal("getAmount() + 2", (string)use["amount"]!["expression"]!["value"]!);
        Assert.Equal("var-Result", (string)use["verdict"]!["memoryReference"]!["id"]!);
        Assert.Null(use["root"]);
        Assert.Equal(once, writer.Write(await reader.ReadAsync(once, new WorkflowIdentity("outer", 1, "v1"), default)));
    }

    /// <summary>The same variable id inside and outside: the scopes are two.</summary>
    private static DefinitionBuilder Consumer((string DefinitionId, string VersionId, int Version) inner, string definitionId)
    {
        var use = Use("use", inner, A.JavaScript("getAmount() + 2"));
        use["verdict"] = A.Into("Result");
        return A.Sequence(definitionId).Variable("Result").With(use, A.Say("after", "'verdict ' + getResult() + ', ' + getWho()"));
    }

    private static JsonObject Use(string id, (string DefinitionId, string VersionId, int Version) inner, JsonNode? amount)
    {
        var node = A.Node(id, "ExpenseCheck", ("workflowDefinitionId", inner.DefinitionId), ("workflowDefinitionVersionId", inner.VersionId), ("amount", amount));
        node["version"] = inner.Version;
        return node;
    }

    private static string Inner(string name, params JsonObject[] first) => Definition(
        name,
        [
            .. first,
            A.Say("say", "'inner ' + getAmount()"),
            A.Set("set", "Result", "'hidden'"),
            A.Node("put", "Test.PutOut", ("outputName", A.Text("Verdict")), ("value", A.JavaScript("getAmount() < 10 ? 'small' : 'big'"))),
        ]);

    private static string Definition(string name, JsonObject[] activities, bool usable = true)
    {
        var definition = (JsonObject)JsonNode.Parse(A.Sequence(name).Variable("Result").With(activities).ToJson())!;
        definition["inputs"] = new JsonArray(new JsonObject { ["name"] = "Amount", ["type"] = "Int32" });
        definition["outputs"] = new JsonArray(new JsonObject { ["name"] = "Verdict", ["type"] = "String" });
        definition["outcomes"] = new JsonArray("Good", "Bad");
        definition["options"] = new JsonObject { ["usableAsActivity"] = usable, ["activityCategory"] = "Finance" };
        return definition.ToJsonString();
    }

    private async Task<(string DefinitionId, string VersionId, int Version)> PublishAsync(string json)
    {
        var definition = JsonNode.Parse(json)!;
        var usable = (bool?)definition["options"]?["usableAsActivity"] ?? false;
        var record = await Store.PublishAsync(A.Definition((string)definition["definitionId"]!, json) with { UsableAsActivity = usable }, default);
        return (record.DefinitionId, record.Id, record.Version);
    }
}
