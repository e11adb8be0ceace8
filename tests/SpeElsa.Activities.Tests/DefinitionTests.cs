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

/// <summary>What holds for the shipped definition as a text.</summary>
public sealed partial class DefinitionTests
{
    private static readonly HashSet<string> CommonKeys = ["id", "nodeId", "name", "type", "version", "customProperties", "metadata"];
    private readonly string _json = File.ReadAllText(DefinitionFile.Path);
    private readonly ActivityRegistry _registry = new();

    public DefinitionTests() => _registry.AddFrom(typeof(MoveStep).Assembly);

    private JsonArray Activities => JsonNode.Parse(_json)!["root"]!["activities"]!.AsArray();

    private JsonArray Connections => JsonNode.Parse(_json)!["root"]!["connections"]!.AsArray();

    [Fact]
    public void It_can_be_read_and_every_activity_is_known()
    {
        var graph = new DefinitionReader(_registry, new TypeAliases()).Read(_json, new WorkflowIdentity("single-server-move", 1, "v1"));
        var flowchart = Assert.IsType<Flowchart>(graph.Workflow.Root);
        Assert.DoesNotContain(flowchart.Activities, activity => activity is NotFoundActivity);
        Assert.Equal(Activities.Count, flowchart.Activities.Count);
    }

    [Fact]
    public void Nothing_is_found_wrong_with_it()
    {
        var graph = new DefinitionReader(_registry, new TypeAliases()).Read(_json, new WorkflowIdentity("single-server-move", 1, "v1"));

        Assert.Equal([], new DefinitionLint([]).Check(graph).Select(finding => finding.Message));
    }

    [Fact]
    public void Every_step_and_task_type_of_this_room_is_used_by_it()
    {
        var used = Activities.Select(activity => (string)activity!["type"]!).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(
            _registry.List().Where(descriptor => descriptor.TypeName.StartsWith("SpeElsa.", StringComparison.Ordinal) && descriptor.Category != "Undo")
                .Select(descriptor => descriptor.TypeName).ToHashSet(),
            used);
    }

    [Fact]
    public void Every_key_of_an_activity_is_an_input_or_output_of_its_type()
    {
        foreach (var activity in Activities.Select(node => node!.AsObject()))
        {
            var descriptor = _registry.Find((string)activity["type"]!)!;
            var known = descriptor.Inputs.Select(input => input.Name)
                .Concat(descriptor.Outputs.Select(output => output.Name))
                .Select(JsonNamingPolicy.CamelCase.ConvertName)
                .ToHashSet(StringComparer.Ordinal);
            Assert.Empty(
                activity.Select(pair => pair.Key).Where(key => !CommonKeys.Contains(key) && !known.Contains(key)).Select(key => $"{activity["id"]}.{key}"));
        }
    }

    [Fact]
    public void What_it_reads_is_declared()
    {
        var definition = JsonNode.Parse(_json)!;
        var inputs = definition["inputs"]!.AsArray().Select(input => (string)input!["name"]!).ToHashSet(StringComparer.Ordinal);
        var variables = definition["variables"]!.AsArray().Select(variable => (string)variable!["id"]!).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(
            ["source", "target", "installDirectory", "dataDirectory", "hostNameChanges", "installerCommand", "installerArguments"], inputs);
        Assert.Equal(variables, ReadVariable().Matches(_json).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal));
        Assert.Equal(inputs, ReadInput().Matches(_json).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public void Ids_are_unique_short_and_readable_and_node_ids_follow_from_them()
    {
        var ids = Activities.Select(activity => (string)activity!["id"]!).ToArray();
        Assert.Equal(ids.Length, ids.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(ids, id => Assert.Matches("^[a-z][A-Za-z]{2,22}$", id));
        Assert.All(Activities, activity => Assert.Equal($"Workflow1:move:{activity!["id"]}", (string)activity["nodeId"]!));
    }

    [Fact]
    public void Every_outcome_leads_somewhere_and_every_arrow_is_one()
    {
        var arrows = Connections.Select(
            arrow => (From: (string)arrow!["source"]!["activity"]!, Port: (string)arrow["source"]!["port"]!, To: (string)arrow["target"]!["activity"]!))
            .ToArray();
        Assert.Equal(arrows.Length, arrows.Distinct().Count());
        foreach (var activity in Activities.Select(node => node!.AsObject()))
        {
            var id = (string)activity["id"]!;
            var outcomes = OutcomesOf(activity);
            var ports = arrows.Where(arrow => arrow.From == id).Select(arrow => arrow.Port).ToArray();
            Assert.Equal(ports.Length, ports.Distinct().Count());
            Assert.Equal(id == "signOff" ? [] : outcomes.Order(StringComparer.Ordinal), ports.Order(StringComparer.Ordinal));
            Assert.True(id == "baseline" || arrows.Any(arrow => arrow.To == id), $"nothing leads to {id}");
        }
    }

    [Fact]
    public void Nothing_in_the_layout_overlaps()
    {
        var boxes = Activities.Select(activity => activity!["metadata"]!["designer"]!).Select(designer => (
            X: (int)designer["position"]!["x"]!, Y: (int)designer["position"]!["y"]!, W: (int)designer["size"]!["width"]!, H: (int)designer["size"]!["height"]!))
                .ToArray();
        for (var left = 0; left < boxes.Length; left++)
        {
            for (var right = left + 1; right < boxes.Length; right++)
            {
                var (a, b) = (boxes[left], boxes[right]);
                Assert.False(
                    a.X < b.X + b.W && b.X < a.X + a.W && a.Y < b.Y + b.H && b.Y < a.Y + a.H,
                    $"{Activities[left]!["id"]} and {Activities[right]!["id"]} overlap");
            }
        }
    }

    [Fact]
    public void Every_activity_has_a_name_for_people() =>
        Assert.All(Activities, activity => Assert.False(string.IsNullOrWhiteSpace((string?)activity!["metadata"]!["displayText"])));

    [Fact]
    public void The_file_is_formatted() => Assert.Equal(
        JsonNode.Parse(_json)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" }) + "\n",
        _json);

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
