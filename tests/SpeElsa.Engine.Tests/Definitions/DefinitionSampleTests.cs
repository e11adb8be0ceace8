using System.Text.Json.Nodes;
using Elsa.Workflows.Activities.Flowchart.Activities;

namespace SpeElsa.Engine.Tests.Definitions;

/// <summary>What the real designer and a real server wrote is read, and nothing of it is lost.</summary>
public sealed class DefinitionSampleTests
{
    public static TheoryData<string> Recorded => [.. Samples.Names];

    [Theory]
    [MemberData(nameof(Recorded))]
    public void A_recorded_definition_is_read_and_written_again(string name)
    {
        var graph = Samples.Read(Samples.Text(name));
        var written = Samples.Writer.Write(graph);
        var again = Samples.Read(written);

        Assert.Equal(graph.Nodes.Select(node => (node.NodeId, node.Activity.Type)), again.Nodes.Select(node => (node.NodeId, node.Activity.Type)));
        Assert.Equal(written, Samples.Writer.Write(again));
    }

    [Theory]
    [MemberData(nameof(Recorded))]
    public void Every_node_and_connection_of_a_recorded_definition_is_there_again(string name)
    {
        var original = JsonNode.Parse(Samples.Text(name))!["root"]!;
        var written = JsonNode.Parse(Samples.Writer.Write(Samples.Read(Samples.Text(name))))!["root"]!;

        Assert.Equal(Nodes(original), Nodes(written));
        Assert.Equal(Arrows(original), Arrows(written));
    }

    [Fact]
    public void Bends_of_arrows_are_kept()
    {
        var chart = Assert.IsType<Flowchart>(Samples.Read(Samples.Text("example-definition.json")).Workflow.Root);

        var vertex = Assert.Single(chart.Connections.SelectMany(connection => connection.Vertices));
        Assert.Equal((100, 117), (vertex.X, vertex.Y));
    }

    [Fact]
    public void An_activity_that_another_server_did_not_know_comes_back_as_it_was_written()
    {
        var graph = Samples.Read(Samples.Text("073-definitions-post-unknown-activity-2.json").Replace("Nope.Nope", "Elsa.WriteLine", StringComparison.Ordinal));

        Assert.IsType<Elsa.Workflows.Activities.WriteLine>(graph.FindNodeById("Workflow1:Flowchart1:X1")!.Activity);
    }

    /// <summary>Id, node id and type of each node; a node that a server replaced counts as what it stands for.</summary>
    private static List<string> Nodes(JsonNode? node)
    {
        var found = new List<string>();
        Visit(node, value =>
        {
            if (value.ContainsKey("type") && value.ContainsKey("id"))
            {
                found.Add($"{value["id"]} {value["nodeId"]} {value["missingTypeName"] ?? value["type"]}");
            }
        });
        return [.. found.Order(StringComparer.Ordinal)];
    }

    private static List<string> Arrows(JsonNode? node)
    {
        var found = new List<string>();
        Visit(node, value =>
        {
            if (value["source"] is JsonObject source && value["target"] is JsonObject target)
            {
                found.Add($"{source["activity"]}:{source["port"]}->{target["activity"]}:{target["port"]}");
            }
        });
        return [.. found.Order(StringComparer.Ordinal)];
    }

    private static void Visit(JsonNode? node, Action<JsonObject> visit)
    {
        if (node is JsonObject value)
        {
            visit(value);
        }

        foreach (var child in node switch { JsonObject children => children.Select(pair => pair.Value), JsonArray items => items, _ => [] })
        {
            Visit(child, visit);
        }
    }
}
