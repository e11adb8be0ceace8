using System.Text.Json.Nodes;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Activities.Flowchart.Activities;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Serialization;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Definitions;

public sealed class DefinitionReaderTests
{
    private static readonly DefinitionReader Reader = new(new ActivityRegistry(), new TypeAliases());

    [Fact]
    public void A_definition_of_the_real_designer_is_read()
    {
        var graph = Read(Sample());

        var chart = Assert.IsType<Flowchart>(graph.Workflow.Root);
        Assert.Equal(["receive", "small", "ask", "check", "reply"], chart.Activities.Select(activity => activity.Id));
        Assert.Equal(4, chart.Connections.Count);
        Assert.Equal(["Expense", "Decision"], graph.Workflow.Variables.Select(variable => variable.Name));
        Assert.Equal("pending", graph.Workflow.Variables.Last().Value);
        Assert.Equal("Department", Assert.Single(graph.Workflow.Inputs).Name);
        Assert.Equal("Verdict", Assert.Single(graph.Workflow.Outputs).Name);
        Assert.Equal("Finance", graph.Workflow.Options.ActivityCategory);
        Assert.Equal("say", graph.FindNodeById("Workflow1:flow0001:check:thenFlow:say")!.Activity.Id);
        Assert.Equal("check", graph.FindActivityByIdOrName("If1")!.Id);
    }

    [Fact]
    public void Types_this_host_does_not_know_are_kept_as_they_were_written()
    {
        var graph = Read(Sample());

        var missing = Assert.IsType<NotFoundActivity>(graph.FindNodeByActivityId("receive")!.Activity);
        Assert.Equal(("Elsa.HttpEndpoint", 1), (missing.MissingTypeName, missing.MissingTypeVersion));
        Assert.Equal("expenses", JsonNode.Parse(missing.OriginalActivityJson)!["path"]!["expression"]!["value"]!.GetValue<string>());
        Assert.True(missing.CanStartWorkflow);
    }

    [Fact]
    public void Every_error_is_listed()
    {
        var json = A.Flowchart("bad").Variable("N", "Int32", "many")
            .With(A.Line("a"), A.Node("set", "Elsa.SetVariable", ("variable", new JsonObject { ["name"] = "X", ["typeName"] = "Boolean", ["value"] = "maybe" })))
            .Connect("a -> nowhere", "ghost -> a").ToJson();

        var exception = Assert.Throws<InvalidDefinitionException>(() => Read(json));

        Assert.Equal(4, exception.Errors.Count);
        Assert.Contains(exception.Errors, error => error.Contains("variable 'N'", StringComparison.Ordinal));
        Assert.Contains(exception.Errors, error => error.Contains("Activity 'root:set', variable 'X'", StringComparison.Ordinal));
        Assert.Contains(exception.Errors, error => error.Contains("'nowhere'", StringComparison.Ordinal));
        Assert.Contains(exception.Errors, error => error.Contains("'ghost'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("{", "not JSON")]
    [InlineData("[]", "shape of a definition")]
    [InlineData("{}", "no root activity")]
    [InlineData("""{"root":null}""", "no root activity")]
    [InlineData("""{"root":{"type":"Elsa.Sequence","id":"s","activities":[5]}}""", "Activity 's', an activity is a JSON object")]
    [InlineData("""{"root":{"type":"Elsa.Sequence","id":"s","activities":[{"id":"a","type":"Elsa.Start"},{"id":"a","type":"Elsa.Start"}]}}""", "Two activities have the id 'a'")]
    [InlineData("""{"root":{"type":"Elsa.Flowchart","id":"s","activities":[{"id":"a","type":"Elsa.Start"},{"id":"a","type":"Elsa.Start"}]}}""", "Two activities have the id 'a'")]
    public void What_is_no_definition_is_refused(string json, string expected)
    {
        var exception = Assert.Throws<InvalidDefinitionException>(() => Read(json));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_stands_at_any_place_the_reader_answers_or_refuses()
    {
        var paths = new List<string>();
        Collect(JsonNode.Parse(Sample())!, paths);
        foreach (var path in paths)
        {
            foreach (var wrong in new JsonNode?[] { null, 5, "text", true, new JsonArray(7, null), new JsonObject { ["x"] = 1 } })
            {
                var node = JsonNode.Parse(Sample())!;
                Replace(node, path, wrong);
                try
                {
                    Read(node.ToJsonString());
                }
                catch (InvalidDefinitionException exception)
                {
                    Assert.NotEmpty(exception.Errors);
                }
            }
        }

        Assert.True(paths.Count > 150);
    }

    [Fact]
    public void The_content_hash_ignores_what_differs_between_servers_and_where_boxes_stand()
    {
        var node = JsonNode.Parse(Sample())!;
        node["id"] = "another";
        node["tenantId"] = "t";
        node["createdAt"] = "2027-01-01";
        node["version"] = 9;
        node["toolVersion"] = "4";
        node["isLatest"] = false;
        node["isPublished"] = false;
        node["links"] = null;
        node["root"]!["activities"]![0]!["metadata"]!["designer"]!["position"]!["x"] = 1234;
        node["root"]!["activities"]![3]!["then"]!["activities"]![0]!["metadata"]!.AsObject().Remove("designer");
        node["root"]!["connections"]![2]!["vertices"] = new JsonArray();

        Assert.Equal(DefinitionReader.ContentHash(Sample()), DefinitionReader.ContentHash(node.ToJsonString()));
        Assert.Matches("^[0-9a-f]{64}$", DefinitionReader.ContentHash(Sample()));
    }

    [Fact]
    public void The_content_hash_sees_what_runs()
    {
        foreach (var (from, to) in new[] { ("amount < 100", "amount < 1000"), ("\"port\": \"True\"", "\"port\": \"False\""), ("\"pending\"", "\"open\""), ("Elsa.RunTask", "Elsa.Event") })
        {
            Assert.NotEqual(DefinitionReader.ContentHash(Sample()), DefinitionReader.ContentHash(Sample().Replace(from, to, StringComparison.Ordinal)));
        }
    }

    private static WorkflowGraph Read(string json) => Reader.Read(json, new WorkflowIdentity("some", 1, "v1"));

    private static string Sample()
    {
        using var stream = typeof(DefinitionReaderTests).Assembly.GetManifestResourceStream("example-definition.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static void Collect(JsonNode node, List<string> paths)
    {
        var children = node switch
        {
            JsonObject value => value.Select(pair => pair.Value),
            JsonArray items => items,
            _ => [],
        };
        foreach (var child in children.OfType<JsonNode>())
        {
            paths.Add(child.GetPath());
            Collect(child, paths);
        }
    }

    private static void Replace(JsonNode root, string path, JsonNode? value)
    {
        var found = Find(root, path)!;
        if (found.Parent is JsonObject owner)
        {
            owner[found.GetPropertyName()] = value?.DeepClone();
        }
        else
        {
            found.Parent!.AsArray()[found.GetElementIndex()] = value?.DeepClone();
        }
    }

    private static JsonNode? Find(JsonNode? node, string path) => node is null
        ? null
        : node.GetPath() == path
            ? node
            : (node switch { JsonObject value => value.Select(pair => pair.Value), JsonArray items => items, _ => [] })
                .Select(child => Find(child, path)).FirstOrDefault(found => found is not null);
}
