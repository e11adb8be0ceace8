using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Elsa.Workflows;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Activities.Flowchart.Activities;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Activities.Tests;

/// <summary>What holds for the shipped definitions as texts.</summary>
public sealed partial class DefinitionTests
{
    private static readonly HashSet<string> CommonKeys = ["id", "nodeId", "name", "type", "version", "customProperties", "metadata"];
    private static readonly HashSet<string> Ends =
    [
        "single-server-move.signOff", "move-instances.signOff", "move-instances.instanceDone", "move-instance-host.removeOldHost", "move-instance-host.instanceDone",
        "move-client-access-server.removeOldEntry", "rename-server.signOff", "pre-flight.checkTarget",
        "move-management-server.signOff", "move-management-server.roleDone",
    ];

    private readonly ActivityRegistry _registry = new();

    public DefinitionTests() => _registry.AddFrom(typeof(MoveStep).Assembly);

    public static TheoryData<string> Definitions =>
        [.. Directory.EnumerateFiles(Path.GetDirectoryName(DefinitionFile.Path)!, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Definitions))]
    public void It_can_be_read_and_every_activity_is_known(string id)
    {
        var graph = new DefinitionReader(_registry, new TypeAliases()).Read(Text(id), new WorkflowIdentity(id, 1, "v1"));
        var flowchart = Assert.IsType<Flowchart>(graph.Workflow.Root);
        Assert.DoesNotContain(graph.Nodes, node => node.Activity is NotFoundActivity);
        Assert.Equal(Charts(id)[0]["activities"]!.AsArray().Count, flowchart.Activities.Count);
    }

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Nothing_is_found_wrong_with_it(string id)
    {
        var graph = new DefinitionReader(_registry, new TypeAliases()).Read(Text(id), new WorkflowIdentity(id, 1, "v1"));

        Assert.Equal([], new DefinitionLint([]).Check(graph).Select(finding => finding.Message));
    }

    /// <summary>A script is an author's own: no shipped definition has one.</summary>
    [Fact]
    public void Every_step_and_task_type_of_this_room_is_used()
    {
        var used = Definitions.SelectMany(definition => ActivitiesOf(definition.Data)).Select(activity => (string)activity!["type"]!).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(
            _registry.List().Where(descriptor => descriptor.TypeName.StartsWith("SpeElsa.", StringComparison.Ordinal) && descriptor.Category is not ("Undo" or "Your own steps"))
                .Select(descriptor => descriptor.TypeName).ToHashSet(),
            used);
    }

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Every_key_of_an_activity_is_an_input_or_output_of_its_type(string id)
    {
        foreach (var activity in ActivitiesOf(id))
        {
            var descriptor = _registry.Find((string)activity["type"]!)!;
            var known = descriptor.Inputs.Select(input => input.Name)
                .Concat(descriptor.Outputs.Select(output => output.Name))
                .Concat(descriptor.Ports.Where(port => port.Type is PortType.Embedded).Select(port => port.Name))
                .Select(JsonNamingPolicy.CamelCase.ConvertName)
                .ToHashSet(StringComparer.Ordinal);
            Assert.Empty(
                activity.Select(pair => pair.Key).Where(key => !CommonKeys.Contains(key) && !known.Contains(key)).Select(key => $"{activity["id"]}.{key}"));
        }
    }

    [Theory]
    [MemberData(nameof(Definitions))]
    public void What_it_reads_is_declared(string id)
    {
        var json = Text(id);
        var definition = JsonNode.Parse(json)!;
        var inputs = definition["inputs"]!.AsArray().Select(input => (string)input!["name"]!).ToHashSet(StringComparer.Ordinal);
        var variables = definition["variables"]!.AsArray().Concat(Charts(id).Skip(1).SelectMany(chart => chart["variables"]!.AsArray())).Select(variable => (string)variable!["id"]!).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(new HashSet<string> { "source", id == "rename-server" ? "newName" : "target", "installDirectory" }, inputs);
        Assert.Equal(variables, ReadVariable().Matches(json).Select(match => match.Groups[1].Value).Where(name => name != "CurrentValue").ToHashSet(StringComparer.Ordinal));
        Assert.Equal(inputs, ReadInput().Matches(json).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Ids_are_unique_short_and_readable_and_node_ids_follow_from_them(string id)
    {
        var ids = ActivitiesOf(id).Select(activity => (string)activity["id"]!).ToArray();
        Assert.Equal(ids.Length, ids.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(ids, own => Assert.Matches("^[a-z][A-Za-z]{2,22}$", own));
        Assert.All(Charts(id), chart => Assert.All(chart["activities"]!.AsArray(), activity => Assert.Equal($"{chart["nodeId"]}:{activity!["id"]}", (string)activity["nodeId"]!)));
        Assert.Equal("Workflow1:move", (string)Charts(id)[0]["nodeId"]!);
    }

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Every_outcome_leads_somewhere_and_every_arrow_is_one(string id)
    {
        foreach (var chart in Charts(id))
        {
            var arrows = chart["connections"]!.AsArray().Select(
                arrow => (From: (string)arrow!["source"]!["activity"]!, Port: (string)arrow["source"]!["port"]!, To: (string)arrow["target"]!["activity"]!))
                .ToArray();
            var activities = chart["activities"]!.AsArray().Select(node => node!.AsObject()).ToArray();
            Assert.Equal(arrows.Length, arrows.Distinct().Count());
            foreach (var activity in activities)
            {
                var own = (string)activity["id"]!;
                var outcomes = OutcomesOf(activity);
                var ports = arrows.Where(arrow => arrow.From == own).Select(arrow => arrow.Port).ToArray();
                Assert.Equal(ports.Length, ports.Distinct().Count());
                Assert.Equal((own, string.Join(", ", Ends.Contains($"{id}.{own}") ? [] : outcomes.Order(StringComparer.Ordinal))), (own, string.Join(", ", ports.Order(StringComparer.Ordinal))));
                Assert.True(own == (string)activities[0]["id"]! || arrows.Any(arrow => arrow.To == own), $"nothing leads to {own}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Nothing_in_the_layout_overlaps(string id)
    {
        foreach (var activities in Charts(id).Select(chart => chart["activities"]!.AsArray()))
        {
            var boxes = activities.Select(activity => activity!["metadata"]!["designer"]!).Select(designer => (
                X: (int)designer["position"]!["x"]!, Y: (int)designer["position"]!["y"]!, W: (int)designer["size"]!["width"]!, H: (int)designer["size"]!["height"]!))
                    .ToArray();
            for (var left = 0; left < boxes.Length; left++)
            {
                for (var right = left + 1; right < boxes.Length; right++)
                {
                    var (a, b) = (boxes[left], boxes[right]);
                    Assert.False(
                        a.X < b.X + b.W && b.X < a.X + a.W && a.Y < b.Y + b.H && b.Y < a.Y + a.H,
                        $"{activities[left]!["id"]} and {activities[right]!["id"]} overlap");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Every_activity_has_a_name_for_people(string id) =>
        Assert.All(ActivitiesOf(id), activity => Assert.False(string.IsNullOrWhiteSpace((string?)activity["metadata"]!["displayText"])));

    [Theory]
    [MemberData(nameof(Definitions))]
    public void The_file_is_formatted(string id) => Assert.Equal(
        JsonNode.Parse(Text(id))!.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" }) + "\n",
        Text(id));

    [Fact]
    public void Steps_with_effects_are_of_the_kind_whose_intent_is_committed()
    {
        var kinds = _registry.List()
            .Where(descriptor => typeof(MoveStep).IsAssignableFrom(descriptor.ClrType))
            .ToDictionary(descriptor => descriptor.ClrType!, descriptor => descriptor.Kind);
        Assert.All(kinds, pair => Assert.Equal(
            typeof(MoveCheck).IsAssignableFrom(pair.Key) || pair.Key == typeof(TakeBaseline) ? ActivityKind.Action : ActivityKind.Task,
            pair.Value));
    }

    [Fact]
    public void Stored_names_are_stated_and_inputs_described()
    {
        var ours = _registry.List().Where(descriptor => descriptor.ClrType?.Assembly == typeof(MoveStep).Assembly).ToArray();
        Assert.All(ours, descriptor => Assert.StartsWith("SpeElsa.", descriptor.TypeName, StringComparison.Ordinal));
        Assert.All(ours, descriptor => Assert.False(string.IsNullOrWhiteSpace(descriptor.Description)));
        Assert.All(ours.SelectMany(descriptor => descriptor.Inputs), input => Assert.False(string.IsNullOrWhiteSpace(input.Description)));
        Assert.All(
            ours, descriptor => Assert.Equal(descriptor.Inputs.Count, descriptor.Inputs.Select(input => input.Order).Distinct().Count()));
    }

    /// <summary>What the loop does with one instance is the same in both: a flowchart of its own, which the move of a host contains.</summary>
    [Fact]
    public void An_instance_moves_the_same_way_alone_and_with_its_host() =>
        Assert.Equal(Charts("move-instances")[1].ToJsonString(), Charts("move-instance-host")[1].ToJsonString());

    private static string Text(string id) => File.ReadAllText(DefinitionFile.Of(id));

    /// <summary>The flowchart of the move, then those in its loops.</summary>
    private static JsonObject[] Charts(string id) => [.. Charts(JsonNode.Parse(Text(id))!["root"]!.AsObject())];

    private static IEnumerable<JsonObject> Charts(JsonObject chart) => chart["activities"]!.AsArray()
        .Select(activity => activity!["body"]?.AsObject())
        .OfType<JsonObject>()
        .SelectMany(Charts)
        .Prepend(chart);

    private static IEnumerable<JsonObject> ActivitiesOf(string id) => Charts(id).SelectMany(chart => chart["activities"]!.AsArray().Select(node => node!.AsObject()));

    private string[] OutcomesOf(JsonObject activity)
    {
        if (activity["outcomes"]?["expression"]?["value"] is { } given)
        {
            return JsonSerializer.Deserialize<string[]>((string)given!)!;
        }

        var ports = _registry.Find((string)activity["type"]!)!.Ports.Where(port => port.Type is PortType.Flow)
            .Select(port => port.Name)
            .ToArray();
        return ports.Length == 0 ? ["Done"] : ports;
    }

    [GeneratedRegex("""(?:getInput\(\\"|\\"name\\": \\")([A-Za-z]+)\\"(?:\)|, \\"type\\":)""")]
    private static partial Regex ReadInput();

    [GeneratedRegex("""(?:getVariable\(\\"|\\"id\\": \\")([A-Za-z]+)""")]
    private static partial Regex ReadVariable();
}
