using System.Text.Json.Nodes;

namespace SpeElsa.Browser.Tests.Harness;

/// <summary>Small workflows that the tests begin with.</summary>
internal static class Workflows
{
    /// <summary>One that writes a line.</summary>
    public static JsonObject Writing(string id, string name, string text = "Hello") => Flow(id, name, WriteLine("line", "Say it", text, 100, 100));

    /// <summary>One that waits for an event, then writes a line.</summary>
    public static JsonObject Waiting(string id, string name, string eventName)
    {
        var wait = Activity("wait", "Elsa.Event", "Wait for it", 100, 100);
        wait["eventName"] = Literal(eventName);
        return Flow(id, name, [wait, WriteLine("after", "After it", "On we go", 450, 100)], ("wait", "after"));
    }

    /// <summary>One that fails when it is run.</summary>
    public static JsonObject Failing(string id, string name)
    {
        var fault = Activity("fault", "Elsa.Fault", "Break", 100, 100);
        fault["message"] = Literal("It broke on purpose");
        fault["code"] = Literal("42");
        return Flow(id, name, fault);
    }

    public static JsonObject Flow(string id, string name, params JsonObject[] activities) => Flow(id, name, activities, []);

    private static JsonObject Flow(string id, string name, JsonObject[] activities, params (string From, string To)[] connections) => new()
    {
        ["definitionId"] = id,
        ["name"] = name,
        ["root"] = new JsonObject
        {
            ["id"] = "Flowchart1",
            ["nodeId"] = "Workflow1:Flowchart1",
            ["name"] = "Flowchart1",
            ["type"] = "Elsa.Flowchart",
            ["version"] = 1,
            ["activities"] = new JsonArray([.. activities]),
            ["connections"] = new JsonArray([.. connections.Select(connection => new JsonObject
            {
                ["source"] = new JsonObject { ["activity"] = connection.From, ["port"] = "Done" },
                ["target"] = new JsonObject { ["activity"] = connection.To, ["port"] = "In" },
            })]),
        },
    };

    private static JsonObject WriteLine(string id, string displayText, string text, int x, int y)
    {
        var line = Activity(id, "Elsa.WriteLine", displayText, x, y);
        line["text"] = Literal(text);
        return line;
    }

    public static JsonObject Activity(string id, string type, string displayText, int x, int y) => new()
    {
        ["id"] = id,
        ["type"] = type,
        ["version"] = 1,
        ["name"] = id,
        ["metadata"] = new JsonObject
        {
            ["displayText"] = displayText,
            ["designer"] = new JsonObject
            {
                ["position"] = new JsonObject { ["x"] = x, ["y"] = y },
                ["size"] = new JsonObject { ["width"] = 220, ["height"] = 60 },
            },
        },
    };

    private static JsonObject Literal(string value) => new()
    {
        ["typeName"] = "String",
        ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = value },
    };
}
