using System.Text.Json.Nodes;

namespace SpeElsa.Engine.Definitions;

/// <summary>Tells the activities in the JSON of a definition from values that look like them.</summary>
internal static class ActivityNodes
{
    // A value may well be an object with an id and a type: the body of a request, an item of a list.
    private static readonly HashSet<string> Values = new(StringComparer.Ordinal) { "expression", "value", "metadata", "customProperties", "variables", "connections" };

    /// <summary>Where there can be an activity at all, only activities have an id and a type.</summary>
    public static bool IsActivity(JsonObject value) => Text(value, "id") is not null && Text(value, "type") is not null;

    /// <summary>The members of an activity, or of a part of one, that may be or hold activities. They may be changed meanwhile.</summary>
    public static KeyValuePair<string, JsonNode?>[] Members(JsonObject owner) => [.. owner.Where(member => !Values.Contains(member.Key))];

    public static string? Text(JsonObject owner, string name) => owner[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
