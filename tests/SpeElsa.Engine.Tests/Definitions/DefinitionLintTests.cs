using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using Elsa.Workflows.UIHints;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Serialization;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Definitions;

/// <summary>What is wrong with a definition is found before it is published.</summary>
public sealed class DefinitionLintTests
{
    private static readonly ActivityRegistry Registry = CreateRegistry();
    private static readonly DefinitionLint Lint = new([new NoFoo()]);

    [Fact]
    public void Nothing_is_wrong_with_a_sound_definition() => Assert.Empty(Check(
        A.Flowchart("sound").Variable("X").With(
            A.Node("start", "Elsa.Start"), A.Decision("d", "true"), A.Set("a", "X", "1"), A.Line("b"), A.Delay("wait", TimeSpan.FromSeconds(1)),
            A.Node("end", "Elsa.End"), Cron("cron", "0 */5 * * * *"), Cron("cron5", "*/5 * * * *"))
            .Connect("start -> d", "d:True -> a", "d:False -> b", "b -> wait", "wait -> d", "a -> end", "cron -> d", "cron5 -> d")));

    [Theory]
    [InlineData("example-definition.json")]
    public void A_recorded_definition_has_no_errors(string sample) => Assert.DoesNotContain(Check(Samples.Text(sample)), finding => finding.Severity is DefinitionSeverity.Error);

    [Fact]
    public void An_unknown_activity_is_a_warning() => Expect(
        A.Sequence("x").With(A.Node("a", "Nope.Nope")), DefinitionSeverity.Warning, "unknown-activity", "a", "no activity 'Nope.Nope'");

    [Fact]
    public void An_activity_that_no_arrow_leads_to_is_a_warning() => Expect(
        A.Flowchart("x").With(A.Node("start", "Elsa.Start"), A.Line("a"), A.Line("lost")).Connect("start -> a"), DefinitionSeverity.Warning, "unreachable", "lost", "never runs");

    [Fact]
    public void A_trigger_is_reached_by_itself() => Assert.Empty(Check(
        A.Flowchart("x").With(A.Node("start", "Elsa.Start"), A.Line("a"), Cron("cron", "0 0 * * *")).Connect("start -> a", "cron -> a")));

    [Fact]
    public void Several_beginnings_without_a_start_are_a_warning()
    {
        var findings = Check(A.Flowchart("x").With(A.Line("a"), A.Line("b")));

        Assert.Equal(["ambiguous-start", "unreachable"], findings.Select(finding => finding.Code));
        Assert.Contains("begins at 'a'", findings[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_arrow_from_a_port_that_is_not_there_is_a_warning() => Expect(
        A.Flowchart("x").With(A.Decision("d", "true"), A.Line("a")).Connect("d:Maybe -> a"), DefinitionSeverity.Warning, "unknown-port", "d", "False, True");

    [Fact]
    public void Ports_that_an_input_lists_are_there()
    {
        var node = A.Node("pick", "Test.Picks", ("outcomes", A.Expression("Object", """["Left","Right"]""")));

        Assert.Empty(Check(A.Flowchart("x").With(node, A.Line("a")).Connect("pick:Left -> a", "pick:Done -> a")));
        Expect(A.Flowchart("x").With(node, A.Line("a")).Connect("pick:Up -> a"), DefinitionSeverity.Warning, "unknown-port", "pick", "Done, Left, Right");
        node["outcomes"] = A.JavaScript("['Up']");
        Assert.Empty(Check(A.Flowchart("x").With(node, A.Line("a")).Connect("pick:Up -> a")));
    }

    [Fact]
    public void A_circle_that_neither_ends_nor_waits_is_a_warning()
    {
        Expect(A.Flowchart("x").With(A.Line("a"), A.Line("b")).Connect("a -> b", "b -> a").StartingAt("a"), DefinitionSeverity.Warning, "busy-loop", "a", "never ends");
        Assert.Empty(Check(A.Flowchart("x").With(A.Line("a"), A.Event("b", "go")).Connect("a -> b", "b -> a").StartingAt("a")));
        Assert.Empty(Check(A.Flowchart("x").With(A.Line("a"), A.Decision("b", "true"), A.Line("c")).Connect("a -> b", "b:True -> a", "b:False -> c").StartingAt("a")));
    }

    [Theory]
    [InlineData("Elsa.HttpEndpoint", "path", "Enter the path")]
    [InlineData("Test.Picks", "workflow", "Choose a published workflow")]
    public void A_value_that_has_to_be_there_is_an_error(string type, string input, string cure)
    {
        var node = A.Node("a", type, ("workflow", A.Text("w")), ("path", A.Text("p")));
        Assert.Empty(Check(A.Sequence("x").With(node)));

        node[input] = A.Text("");
        Expect(A.Sequence("x").With(node), DefinitionSeverity.Error, "missing-value", "a", cure);
    }

    [Fact]
    public void Two_endpoints_for_one_path_and_method_are_an_error()
    {
        Expect(
            A.Sequence("x").With(Endpoint("a", "/orders", "GET", "POST"), Endpoint("b", "Orders/", "POST")), DefinitionSeverity.Error, "duplicate-route", "b", "both listen at POST /Orders");
        Assert.Empty(Check(A.Sequence("x").With(Endpoint("a", "orders", "GET"), Endpoint("b", "orders", "POST"))));
    }

    [Fact]
    public void A_recorded_definition_with_a_bad_cron_is_an_error() =>
        Assert.Contains(
            Check(Samples.Text("071-definitions-post-publish-bad-cron-1.json")),
            finding => finding is { Code: "invalid-cron", Severity: DefinitionSeverity.Error, ActivityId: "Cron1" });

    [Fact]
    public void An_expression_that_does_not_parse_is_an_error_also_in_a_part_of_an_activity()
    {
        Expect(
            A.Sequence("x").With(A.Node("a", "Elsa.WriteLine", ("text", A.Expression("Foo", "bad")))), DefinitionSeverity.Error, "expression-syntax", "a", "Text of 'a' is no Foo: line 1");
        var cases = new JsonArray(new JsonObject { ["label"] = "l", ["condition"] = new JsonObject { ["type"] = "Foo", ["value"] = "bad" }, ["activity"] = A.Line("c") });
        Expect(A.Sequence("x").With(A.Node("a", "Test.Cases", ("cases", cases))), DefinitionSeverity.Error, "expression-syntax", "a", "Cases of 'a' is no Foo");
    }

    [Fact]
    public void A_variable_that_no_scope_declares_is_a_warning()
    {
        Expect(A.Sequence("x").With(A.Set("a", "Gone", "1")), DefinitionSeverity.Warning, "unknown-variable", "a", "names the variable 'Gone'");
        Expect(A.Sequence("x").With(A.Node("a", "Elsa.WriteLine", ("text", A.Expression("Variable", "Gone")))), DefinitionSeverity.Warning, "unknown-variable", "a", "Declare it");
        Assert.Empty(Check(A.Sequence("x").Variable("Here").With(A.Node("a", "Elsa.WriteLine", ("text", A.Expression("Variable", """{"id":"var-Here","name":"Other"}"""))))));
    }

    [Fact]
    public void An_output_that_goes_nowhere_is_a_warning()
    {
        var node = A.Event("a", "go");
        node["result"] = A.Into("Gone");
        Expect(A.Sequence("x").With(node), DefinitionSeverity.Warning, "unbound-output", "a", "goes to 'var-Gone'");
        Expect(
            A.Sequence("x").With(A.Node("a", "Elsa.SetOutput", ("outputName", A.Text("Verdict")))), DefinitionSeverity.Warning, "unknown-output", "a", "sets the output 'Verdict'");
    }

    [Fact]
    public void An_output_may_go_to_an_output_of_the_workflow()
    {
        var node = A.Event("a", "go");
        node["result"] = new JsonObject { ["memoryReference"] = new JsonObject { ["id"] = "Verdict" } };
        var definition = (JsonObject)JsonNode.Parse(A.Sequence("x").With(node).ToJson())!;
        definition["outputs"] = new JsonArray(new JsonObject { ["name"] = "Verdict", ["type"] = "Object" });

        Assert.Empty(Check(definition.ToJsonString()));
    }

    [Fact]
    public void A_converter_that_is_not_performed_is_a_warning()
    {
        var node = A.Event("a", "go");
        node["result"] = A.Into("X");
        node["result"]!["converter"] = new JsonObject { ["id"] = "ToText" };

        Expect(A.Sequence("x").Variable("X").With(node), DefinitionSeverity.Warning, "converter-ignored", "a", "'ToText'");
    }

    [Fact]
    public void Ids_and_names_that_stand_for_several_are_warnings()
    {
        Expect(A.Sequence("x").With(A.Line("a"), A.Chart("inner", [A.Line("a")])), DefinitionSeverity.Warning, "duplicate-id", "a", "2 activities have the id 'a'");
        JsonObject one = A.Line("a"), two = A.Line("b");
        one["name"] = "Line";
        two["name"] = "Line";
        Expect(A.Sequence("x").With(one, two), DefinitionSeverity.Warning, "duplicate-name", "a", "2 activities have the name 'Line'");
        var definition = (JsonObject)JsonNode.Parse(A.Sequence("x").Variable("X").With(A.Line("a")).ToJson())!;
        definition["variables"]!.AsArray().Add(new JsonObject { ["id"] = "other", ["name"] = "X" });
        Assert.Equal("duplicate-variable", Assert.Single(Check(definition.ToJsonString())).Code);
    }

    [Fact]
    public void Errors_come_first() => Assert.Equal(
        [DefinitionSeverity.Error, DefinitionSeverity.Warning],
        Check(A.Sequence("x").With(A.Node("a", "Nope.Nope"), A.Node("b", "Elsa.WriteLine", ("text", A.Expression("Foo", "bad"))))).Select(finding => finding.Severity));

    private static void Expect(DefinitionBuilder definition, DefinitionSeverity severity, string code, string activityId, string words)
    {
        var finding = Assert.Single(Check(definition));
        Assert.Equal((severity, code, activityId), (finding.Severity, finding.Code, finding.ActivityId));
        Assert.Contains(words, finding.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<DefinitionFinding> Check(DefinitionBuilder definition) => Check(definition.ToJson());

    private static IReadOnlyList<DefinitionFinding> Check(string json) =>
        Lint.Check(new DefinitionReader(Registry, new TypeAliases()).Read(json, new WorkflowIdentity("x", 1, "v1")));

    private static JsonObject Cron(string id, string expression) => Triggering(A.Node(id, "Elsa.Cron", ("cronExpression", A.Text(expression))));

    private static JsonObject Endpoint(string id, string path, params string[] methods) => Triggering(
        A.Node(id, "Elsa.HttpEndpoint", ("path", A.Text(path)), ("supportedMethods", A.Expression("Object", EngineJson.Write(methods)))));

    private static JsonObject Triggering(JsonObject node)
    {
        node["customProperties"] = new JsonObject { ["canStartWorkflow"] = true };
        return node;
    }

    /// <summary>The rules know activities by their stored name; these stand for them.</summary>
    private static ActivityRegistry CreateRegistry()
    {
        var registry = new ActivityRegistry();
        registry.AddFrom(typeof(DefinitionLintTests).Assembly);
        foreach (var type in new[] { typeof(HttpEndpoint), typeof(CronTrigger), typeof(SetOutput), typeof(Picks) })
        {
            registry.Register(registry.Describe(type));
        }

        return registry;
    }

    private sealed class NoFoo : IExpressionSyntaxCheck
    {
        public string Type => "Foo";

        public string? Check(string source) => source == "bad" ? "line 1, column 1: bad." : null;
    }

    [Activity("Elsa", "HttpEndpoint", 1)]
    private sealed class HttpEndpoint : Trigger
    {
        public Input<string> Path { get; set; } = new("");

        public Input<ICollection<string>> SupportedMethods { get; set; } = null!;
    }

    [Activity("Elsa", "Cron", 1)]
    private sealed class CronTrigger : Trigger
    {
        public Input<string> CronExpression { get; set; } = new("");
    }

    [Activity("Elsa", "SetOutput", 1)]
    private sealed class SetOutput : CodeActivity
    {
        public Input<string> OutputName { get; set; } = new("");
    }

    [Activity("Test", "Picks", 1)]
    private sealed class Picks : CodeActivity
    {
        [Input(UIHint = InputUIHints.DynamicOutcomes)]
        public Input<ICollection<string>> Outcomes { get; set; } = null!;

        [Input(UIHint = InputUIHints.WorkflowDefinitionPicker)]
        public Input<string> Workflow { get; set; } = new("w");
    }
}
