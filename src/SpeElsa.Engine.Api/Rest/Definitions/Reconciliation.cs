using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>
/// Brings what the designer sends into the form of what is stored. A designer adds members that mean nothing (nulls, empty lists, paths of activities),
/// drops those it does not know, and orders members in its own way; saving without a change is so no change, and a change is only what was changed.
/// </summary>
internal static class Reconciliation
{
    /// <summary>What the server alone decides.</summary>
    private static readonly string[] Hints = ["id", "tenantId", "createdAt", "version", "isLatest", "isPublished", "links"];

    /// <summary>What the designer knows of a definition. What it does not know, it can not have taken away.</summary>
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "definitionId", "name", "description", "toolVersion", "variables", "inputs", "outputs", "outcomes", "customProperties", "isReadonly", "options", "root",
    };

    private static readonly HashSet<string> Empty = new(StringComparer.Ordinal)
    {
        "variables", "inputs", "outputs", "outcomes", "customProperties", "options", "metadata", "vertices", "notFoundConnections",
    };

    private static readonly HashSet<string> Off = new(StringComparer.Ordinal) { "isArray", "isReadonly", "isSystem", "autoUpdateConsumingWorkflows" };

    /// <summary>The model as it is to be stored over what is stored.</summary>
    /// <param name="model">What was sent. It is not changed.</param>
    /// <param name="stored">The JSON of the latest version.</param>
    public static JsonObject Apply(JsonObject model, string stored)
    {
        JsonObject old;
        try
        {
            old = JsonNode.Parse(stored) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            // A damaged version gives way to whatever replaces it.
            return (JsonObject)model.DeepClone();
        }

        var copy = (JsonObject)model.DeepClone();
        foreach (var hint in Hints)
        {
            copy.Remove(hint);
            if (old[hint] is { } value)
            {
                copy[hint] = value.DeepClone();
            }
        }

        var result = Merge(copy, old);
        foreach (var (name, value) in old.Where(pair => !Known.Contains(pair.Key) && !model.ContainsKey(pair.Key)))
        {
            result[name] = value?.DeepClone();
        }

        return InOrderOf(old, result);
    }

    private static JsonObject Merge(JsonObject sent, JsonObject old)
    {
        var result = new JsonObject();
        foreach (var (name, value) in sent)
        {
            if (old.TryGetPropertyValue(name, out var before))
            {
                result[name] = Merge(name, value, before);
            }
            else if (!SaysNothing(name, value, sent))
            {
                result[name] = value?.DeepClone();
            }
        }

        foreach (var (name, value) in old.Where(pair => !sent.ContainsKey(pair.Key) && SaysNothing(pair.Key, pair.Value, old)))
        {
            result[name] = value?.DeepClone();
        }

        return InOrderOf(old, result);
    }

    private static JsonNode? Merge(string name, JsonNode? sent, JsonNode? old) => (sent, old) switch
    {
        (JsonObject one, JsonObject other) => Merge(one, other),
        (JsonArray one, JsonArray other) => Merge(one, other),
        (JsonValue one, JsonValue other) when IsSameValue(name, one, other) => other.DeepClone(),
        _ => sent?.DeepClone(),
    };

    private static JsonArray Merge(JsonArray sent, JsonArray old)
    {
        var keyed = old.Where(item => KeyOf(item) is not null).GroupBy(item => KeyOf(item)!).ToDictionary(same => same.Key, same => new Queue<JsonNode?>(same));
        var result = new JsonArray();
        for (var index = 0; index < sent.Count; index++)
        {
            var key = KeyOf(sent[index]);
            var before = key is null ? old.ElementAtOrDefault(index) : keyed.TryGetValue(key, out var same) && same.TryDequeue(out var first) ? first : null;
            result.Add(before is null ? sent[index]?.DeepClone() : Merge("", sent[index], before));
        }

        return result;
    }

    /// <summary>What makes an item the same one: an id, a name, or the two ends of an arrow.</summary>
    public static string? KeyOf(JsonNode? item) => item switch
    {
        JsonObject value when Text(value, "id") is { } id => id,
        JsonObject value when value["source"] is JsonObject source && value["target"] is JsonObject target =>
            string.Join('\n', Text(source, "activity"), Text(source, "port"), Text(target, "activity"), Text(target, "port")),
        JsonObject value => Text(value, "name") ?? Text(value, "label"),
        _ => null,
    };

    /// <summary>Members that are as good as absent.</summary>
    private static bool SaysNothing(string name, JsonNode? value, JsonObject owner) => value switch
    {
        null => true,
        JsonArray { Count: 0 } => Empty.Contains(name),
        JsonObject map => Empty.Contains(name) && Merge(map, []).Count == 0,
        JsonValue when name is "nodeId" => owner.ContainsKey("type"),
        JsonValue when name is "definitionId" => owner.ContainsKey("root"),
        JsonValue flag when flag.GetValueKind() is JsonValueKind.False => Off.Contains(name),
        _ => false,
    };

    /// <summary>The same number or flag, which the designer may send as text.</summary>
    private static bool IsSameValue(string name, JsonValue sent, JsonValue old) =>
        JsonNode.DeepEquals(sent, old)
        || (name is "value" && sent.GetValueKind() is JsonValueKind.String && old.GetValueKind() is not JsonValueKind.String
            && string.Equals(sent.GetValue<string>(), old.ToJsonString(), StringComparison.OrdinalIgnoreCase));

    private static JsonObject InOrderOf(JsonObject old, JsonObject value)
    {
        var ordered = new JsonObject();
        foreach (var name in old.Select(pair => pair.Key).Where(value.ContainsKey).ToArray())
        {
            value.Remove(name, out var member);
            ordered[name] = member;
        }

        foreach (var (name, member) in value.ToArray())
        {
            value.Remove(name);
            ordered[name] = member;
        }

        return ordered;
    }

    private static string? Text(JsonObject value, string name) => value[name] is JsonValue text && text.GetValueKind() is JsonValueKind.String ? text.GetValue<string>() : null;
}
