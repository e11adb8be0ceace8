using System.Text.Json.Nodes;

namespace SpeElsa.Testing;

/// <summary>Compares the description of an activity type with what a real Elsa server answered, field by field.</summary>
public static class RecordedDescriptors
{
    /// <summary>What differs, in words.</summary>
    /// <param name="recorded">The server's description.</param>
    /// <param name="ours">Ours.</param>
    /// <param name="allowed">Paths that may differ: "inputs.*.description" for every type, "Elsa.If/inputs.Condition.description" for one.</param>
    public static IEnumerable<string> Differences(JsonNode recorded, JsonNode ours, IEnumerable<string> allowed)
    {
        var found = new List<(string Path, string Words)>();
        Compare("", ByName(recorded), ByName(ours), found);
        return found.Where(difference => !allowed.Any(pattern => Allows(pattern, (string)recorded["typeName"]!, difference.Path))).Select(difference => difference.Words);
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
