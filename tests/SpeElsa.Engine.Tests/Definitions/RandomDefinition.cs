using System.Globalization;
using System.Text.Json.Nodes;

namespace SpeElsa.Engine.Tests.Definitions;

/// <summary>Makes a definition in canonical form out of a row of random numbers: what it contains follows from them alone, so that a failing one can be made smaller.</summary>
internal sealed class RandomDefinition(int[] numbers)
{
    private static readonly string[] OddTexts =
    [
        "", " ", "a", "ä ß 漢字", "😀", "\"quoted\" \\ /", "line\nbreak\ttab", "{ \"x\": 1 }", "[1, 2]", "null", "true", "5",
        "</script>", "\u2028", "getVariable('x') < 3 && true", "'",
    ];

    private static readonly (string Type, string Value)[] TypedValues =
    [
        ("Object", "5 apples"), ("String", " text "), ("Boolean", "True"), ("Int16", "-3"), ("Int32", "42"), ("Int64", "9007199254740993"), ("Single", "1.5"), ("Double", "0.1"),
        ("Decimal", "0.10000000000000000001"), ("Guid", "6f9619ff-8b86-d011-b42d-00c04fc964ff"),
        ("DateTimeOffset", "2026-03-01T08:00:00.0000000+00:00"), ("TimeSpan", "1.02:03:04"),
        ("ByteArray", "AQID"), ("JSON", "{\"a\":{\"b\":[1,null,\"x\"]}}"), ("JsonObject", "{\"k\":1}"),
        ("ObjectDictionary", "{\"k\":[1,2]}"), ("StringDictionary", "{\"k\":\"v\"}"), ("ObjectMap", "{\"z\":1}"),
        ("StringMap", "{\"z\":\"\"}"),
    ];

    private static readonly string[] Syntaxes = ["Literal", "Object", "Variable", "Input", "JavaScript", "CSharp", "Liquid", "Python", "Secret", "Acme"];

    private readonly List<JsonObject> _variables = [];
    private int _position;
    private int _ids;

    public JsonObject Make()
    {
        var definition = new JsonObject
        {
            ["definitionId"] = "random",
            ["name"] = OddText(),
            ["description"] = OddText(),
            ["toolVersion"] = "3.8.0.0",
            ["variables"] = Variables(4),
            ["inputs"] = new JsonArray([.. Times(3, index => Argument($"in{index}", "uiHint", "singleline"))]),
            ["outputs"] = new JsonArray([.. Times(3, index => Argument($"out{index}"))]),
            ["outcomes"] = new JsonArray([.. Times(3, index => JsonValue.Create(OddText() + index))]),
            ["customProperties"] = Map(),
            ["isReadonly"] = Flip(),
            ["isSystem"] = Flip(),
            ["options"] = new JsonObject { ["autoUpdateConsumingWorkflows"] = Flip(), ["activityCategory"] = OddText(), ["usableAsActivity"] = Flip() },
        };
        definition["root"] = Container("Workflow1", 3);
        return definition;
    }

    private JsonObject Activity(string path, int depth) => Next(depth > 0 ? 10 : 7) switch
    {
        0 => Node(path, "Elsa.WriteLine", ("text", Input("String"))),
        1 => Node(path, "Elsa.SetName", ("value", Input("String"))),
        2 => Node(path, "Elsa.Delay", ("timeSpan", Input("TimeSpan"))),
        3 => Node(path, "Elsa.Event", ("eventName", Input("String")), ("result", Output("Object"))),
        4 => Node(path, "Elsa.SetVariable", ("variable", Reference()), ("value", Input("Object"))),
        5 => Node(path, "Elsa.FlowDecision", ("condition", Input("Boolean"))),
        6 => Node(path, "Acme.Unknown" + Next(3), ("settings", Map()), ("text", Input("String"))),
        7 => Branch(path, depth),
        8 => Cases(path, depth),
        _ => Container(path, depth),
    };

    private JsonObject Container(string path, int depth)
    {
        var type = new[] { "Elsa.Sequence", "Elsa.Parallel", "Elsa.Flowchart" }[Next(3)];
        var node = Node(path, type);
        node["variables"] = Variables(2);
        JsonObject[] activities = [.. Times(4, _ => Activity((string)node["nodeId"]!, depth - 1))];
        node["activities"] = new JsonArray([.. activities]);
        if (type == "Elsa.Flowchart")
        {
            node["connections"] = new JsonArray([.. activities.Zip(activities.Skip(1), Connection)]);
            if (activities.Length > 0 && Flip())
            {
                node["start"] = (string)activities[^1]["id"]!;
            }
        }

        return node;
    }

    private JsonNode Connection(JsonObject source, JsonObject target) => new JsonObject
    {
        ["source"] = new JsonObject { ["activity"] = (string)source["id"]!, ["port"] = Flip() ? "Done" : OddText() },
        ["target"] = new JsonObject { ["activity"] = (string)target["id"]!, ["port"] = "In" },
        ["vertices"] = new JsonArray([.. Times(2, index => new JsonObject { ["x"] = index * 1.5, ["y"] = -Next(100) })]),
    };

    private JsonObject Branch(string path, int depth)
    {
        var node = Node(path, "Elsa.If", ("condition", Input("Boolean")), ("result", Output("Boolean")));
        foreach (var port in new[] { "then", "else" })
        {
            if (Flip())
            {
                node[port] = Activity((string)node["nodeId"]!, depth - 1);
            }
        }

        return node;
    }

    private JsonObject Cases(string path, int depth)
    {
        var node = Node(path, "Test.Cases");
        node["cases"] = new JsonArray([.. Times(3, index => new JsonObject
        {
            ["label"] = OddText() + index,
            ["code"] = Next(600),
            ["condition"] = Expression(),
            ["activity"] = Activity((string)node["nodeId"]!, depth - 1),
        })]);
        return node;
    }

    private JsonObject Node(string path, string type, params (string Name, JsonNode? Value)[] properties)
    {
        var id = $"n{++_ids}{OddText()}";
        var node = new JsonObject
        {
            ["id"] = id,
            ["nodeId"] = $"{path}:{id}",
            ["type"] = type,
            ["version"] = 1,
            ["customProperties"] = Map(),
            ["metadata"] = new JsonObject
            {
                ["displayText"] = OddText(),
                ["designer"] = new JsonObject { ["position"] = new JsonObject { ["x"] = Next(1000) - 500, ["y"] = 0.25 } },
            },
        };
        if (Flip())
        {
            node["name"] = OddText();
        }

        foreach (var (name, value) in properties)
        {
            if (value is not null)
            {
                node[name] = value;
            }
        }

        return node;
    }

    private JsonObject Input(string typeName) => new() { ["typeName"] = typeName, ["expression"] = Expression() };

    private JsonObject Expression()
    {
        var syntax = Syntaxes[Next(Syntaxes.Length)];
        var expression = new JsonObject { ["type"] = syntax };
        JsonNode? value = syntax switch
        {
            "Literal" => Next(5) switch
            {
                0 => null,
                1 => JsonValue.Create(Flip()),
                2 => JsonValue.Create(Next(int.MaxValue)),
                3 => JsonValue.Create(0.5),
                _ => JsonValue.Create(OddText()),
            },
            "Secret" or "Acme" => Flip() ? Map() : JsonValue.Create(OddText()),
            "Variable" => _variables.Count > 0 ? JsonValue.Create(_variables[Next(_variables.Count)].ToJsonString()) : JsonValue.Create("gone"),
            _ => JsonValue.Create(OddText()),
        };
        if (value is not null)
        {
            expression["value"] = value;
        }

        return expression;
    }

    private JsonObject? Output(string typeName) => _variables.Count == 0 || Flip()
        ? null
        : new JsonObject { ["typeName"] = typeName, ["memoryReference"] = new JsonObject { ["id"] = (string)_variables[Next(_variables.Count)]["id"]! } };

    private JsonObject? Reference()
    {
        if (_variables.Count == 0)
        {
            return null;
        }

        var reference = (JsonObject)_variables[Next(_variables.Count)].DeepClone();
        reference.Remove("value");
        return reference;
    }

    private JsonArray Variables(int most)
    {
        JsonObject[] made = [.. Times(most, _ => Variable())];
        _variables.AddRange(made);
        return new JsonArray([.. made.Select(variable => variable.DeepClone())]);
    }

    private JsonObject Variable()
    {
        var (type, value) = TypedValues[Next(TypedValues.Length)];
        var isArray = Next(4) == 0;
        var variable = new JsonObject
        {
            ["id"] = $"v{++_ids}{OddText()}",
            ["name"] = OddText() + _ids.ToString(CultureInfo.InvariantCulture),
            ["typeName"] = type,
            ["isArray"] = isArray,
        };
        if (isArray)
        {
            if (type is "Int32" && Flip())
            {
                variable["value"] = "[1,2]";
            }
        }
        else if (Flip())
        {
            variable["value"] = value;
        }

        if (Flip())
        {
            variable["storageDriverTypeName"] = "WorkflowInstanceStorageDriver";
        }

        return variable;
    }

    private JsonObject Argument(string name, string? key = null, string? value = null)
    {
        var argument = new JsonObject
        {
            ["type"] = TypedValues[Next(TypedValues.Length)].Type,
            ["name"] = name,
            ["displayName"] = OddText(),
            ["description"] = OddText(),
            ["category"] = OddText(),
        };
        if (Flip())
        {
            argument["isArray"] = true;
        }

        if (key is not null)
        {
            argument[key] = value;
        }

        return argument;
    }

    private JsonObject Map() => new(Times(3, index => KeyValuePair.Create<string, JsonNode?>($"k{index}{OddText()}", Next(4) switch
    {
        0 => JsonValue.Create(Flip()),
        1 => JsonValue.Create(Next(1000)),
        2 => new JsonArray(1, OddText(), new JsonObject { ["deep"] = OddText() }),
        _ => JsonValue.Create(OddText()),
    })));

    private IEnumerable<T> Times<T>(int most, Func<int, T> make) => [.. Enumerable.Range(0, Next(most + 1)).Select(make)];

    private string OddText() => OddTexts[Next(OddTexts.Length)];

    private bool Flip() => Next(2) == 0;

    private int Next(int below) => numbers.Length == 0 ? 0 : (int)((uint)numbers[_position++ % numbers.Length] % (uint)below);
}
