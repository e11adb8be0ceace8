using System.Text.Json.Nodes;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Activities.Tests.Rules;

/// <summary>A copy of a shipped definition that a test changes as somebody in the designer would.</summary>
internal sealed class ShippedDefinition(string id)
{
    private static readonly ActivityRegistry Registry = CreateRegistry();

    public JsonObject Json { get; } = JsonNode.Parse(File.ReadAllText(DefinitionFile.Of(id)))!.AsObject();

    public static IEnumerable<string> All => Directory.EnumerateFiles(Path.GetDirectoryName(DefinitionFile.Path)!, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal);

    private IEnumerable<JsonObject> Charts => ChartsIn(Json["root"]!.AsObject());

    public IEnumerable<JsonObject> Activities => Charts.SelectMany(chart => chart["activities"]!.AsArray()).Select(activity => activity!.AsObject());

    /// <summary>Takes the arrow from an outcome away.</summary>
    public ShippedDefinition Cut(string from, string port = "Done")
    {
        Assert.Equal(1, ChartOf(from)["connections"]!.AsArray().RemoveAll(arrow => Is(arrow, from, port)));
        return this;
    }

    /// <summary>Draws an arrow.</summary>
    public ShippedDefinition Draw(string from, string to, string port = "Done")
    {
        ChartOf(from)["connections"]!.AsArray().Add(new JsonObject
        {
            ["source"] = new JsonObject { ["activity"] = from, ["port"] = port },
            ["target"] = new JsonObject { ["activity"] = to, ["port"] = "In" },
        });
        return this;
    }

    /// <summary>Leads the arrow from an outcome elsewhere.</summary>
    public ShippedDefinition Turn(string from, string to, string port = "Done") => Cut(from, port).Draw(from, to, port);

    /// <summary>Takes an activity and its arrows out.</summary>
    public ShippedDefinition Remove(string id)
    {
        var chart = ChartOf(id);
        chart["connections"]!.AsArray().RemoveAll(arrow => (string)arrow!["source"]!["activity"]! == id || (string)arrow["target"]!["activity"]! == id);
        chart["activities"]!.AsArray().RemoveAll(activity => (string)activity!["id"]! == id);
        return this;
    }

    /// <summary>Adds an activity beside another.</summary>
    public ShippedDefinition Add(string beside, string id, string type, string name)
    {
        ChartOf(beside)["activities"]!.AsArray().Add(new JsonObject
        {
            ["id"] = id,
            ["type"] = type,
            ["version"] = 1,
            ["metadata"] = new JsonObject { ["displayText"] = name },
        });
        return this;
    }

    /// <summary>Writes a constant into an input; null empties it.</summary>
    public ShippedDefinition Set(string id, string input, string? value)
    {
        Activity(id)[input] = value is null ? null : new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = value } };
        return this;
    }

    public JsonObject Activity(string id) => Activities.Single(activity => (string)activity["id"]! == id);

    public IReadOnlyList<MoveFinding> Check() => Check(Json.ToJsonString());

    public IReadOnlyList<PreviewStep> Preview(IReadOnlyDictionary<string, string?> plan) => MovePreview.Of(Read(Json.ToJsonString()), Registry, plan);

    public static IReadOnlyList<MoveFinding> Check(string json) => MoveRules.Check(Read(json), Registry);

    private static WorkflowGraph Read(string json) => new DefinitionReader(Registry, new TypeAliases()).Read(json, new WorkflowIdentity("copy", 1, "v1"));

    private static ActivityRegistry CreateRegistry()
    {
        var registry = new ActivityRegistry();
        registry.AddFrom(typeof(MoveStep).Assembly);
        registry.AddFrom(typeof(ShippedDefinition).Assembly);
        registry.AddFrom(typeof(Elsa.Email.Activities.SendEmail).Assembly);
        return registry;
    }

    private JsonObject ChartOf(string id) => Charts.Single(chart => chart["activities"]!.AsArray().Any(activity => (string)activity!["id"]! == id));

    private static bool Is(JsonNode? arrow, string from, string port) => (string)arrow!["source"]!["activity"]! == from && (string)arrow["source"]!["port"]! == port;

    private static IEnumerable<JsonObject> ChartsIn(JsonObject chart) =>
        chart["activities"]!.AsArray().Select(activity => activity!["body"]?.AsObject()).OfType<JsonObject>().SelectMany(ChartsIn).Prepend(chart);
}
