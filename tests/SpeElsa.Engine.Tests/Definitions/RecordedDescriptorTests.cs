using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Tests.Definitions;

/// <summary>Our activity types beside those of a real Elsa 3.8 server, field by field, for every type both have.</summary>
public sealed class RecordedDescriptorTests
{
    private static readonly Dictionary<string, JsonObject> Recorded = JsonNode.Parse(Samples.Text("descriptors-activities.json"))!.AsArray()
        .Cast<JsonObject>().ToDictionary(descriptor => (string)descriptor["typeName"]!, StringComparer.Ordinal);

    /// <summary>Where ours differs ("*" is any name) and why.</summary>
    private static readonly (string Path, string Reason)[] Differences =
    [
        ("description", "our own words"),
        ("inputs.*.description", "our own words"),
        ("outputs.*.description", "our own words"),
        ("Elsa.BulkDispatchWorkflows/inputs.Input.uiHint", "an editor for names and values instead of an empty list of choices"),
        ("Elsa.DispatchWorkflow/inputs.Input.uiHint", "an editor for names and values instead of an empty list of choices"),
        ("Elsa.ExecuteWorkflow/inputs.Input.uiHint", "an editor for names and values instead of an empty list of choices"),
        ("Elsa.Cron/inputs.CronExpression.defaultValue", "a new one comes due once a night and not never"),
        ("Elsa.StartAt/inputs.DateTime.uiHint", "a calendar instead of a line of text"),
        ("Elsa.RunJavaScript/inputs.Script.autoEvaluate", "the activity runs its script itself: designers store it as an expression, which would run twice"),
        ("Elsa.RunCSharp/inputs.Script.autoEvaluate", "as with JavaScript"),
    ];

    public static TheoryData<string> Common => [.. new ActivityRegistry().List().Select(descriptor => descriptor.TypeName).Where(Recorded.ContainsKey)];

    [Theory]
    [MemberData(nameof(Common))]
    public async Task An_activity_type_is_described_as_Elsa_describes_it(string typeName)
    {
        var models = new ServiceCollection().AddWorkflowEngine().BuildServiceProvider().GetRequiredService<ActivityDescriptorModels>();
        var model = await models.CreateAsync(new ActivityRegistry().Find(typeName, 1)!, default);

        var found = new List<(string Path, string Words)>();
        Compare("", ByName(Recorded[typeName]), ByName(JsonNode.Parse(EngineJson.Write(model))), found);

        Assert.Equal([], found.Where(difference => !Differences.Any(allowed => Allows(allowed.Path, typeName, difference.Path))).Select(difference => difference.Words));
    }

    private static void Compare(string path, JsonNode? expected, JsonNode? actual, List<(string Path, string Words)> found)
    {
        if (expected is JsonObject one && actual is JsonObject other)
        {
            foreach (var key in one.Select(pair => pair.Key).Union(other.Select(pair => pair.Key)).Order(StringComparer.Ordinal))
            {
                Compare(path.Length == 0 ? key : $"{path}.{key}", one[key], other[key], found);
            }
        }
        else if (!JsonNode.DeepEquals(expected, actual) && !IsClassName(expected))
        {
            found.Add((path, $"{path} is {actual?.ToJsonString() ?? "missing"}, in Elsa {expected?.ToJsonString() ?? "missing"}"));
        }
    }

    /// <summary>A type without an alias: Elsa names its class, which never leaves our process.</summary>
    private static bool IsClassName(JsonNode? value) =>
        value is JsonValue text && text.TryGetValue<string>(out var name) && name.StartsWith("UnregisteredClrType:", StringComparison.Ordinal);

    /// <summary>Inputs, outputs and ports as maps: their order follows from reflection.</summary>
    private static JsonObject ByName(JsonNode? descriptor)
    {
        var copy = (JsonObject)descriptor!.DeepClone();
        foreach (var list in new[] { "inputs", "outputs", "ports" })
        {
            copy[list] = new JsonObject(copy[list]!.AsArray().Select(item => KeyValuePair.Create((string)item!["name"]!, (JsonNode?)item.DeepClone())));
        }

        return copy;
    }

    /// <summary>"inputs.*.description" for every type, "Elsa.If/inputs.Condition.description" for one.</summary>
    private static bool Allows(string pattern, string typeName, string path)
    {
        var parts = pattern.Split('/');
        string[] allowed = parts[^1].Split('.'), actual = path.Split('.');
        return (parts.Length == 1 || parts[0] == typeName) && allowed.Length <= actual.Length && allowed.Zip(actual).All(pair => pair.First == "*" || pair.First == pair.Second);
    }
}
