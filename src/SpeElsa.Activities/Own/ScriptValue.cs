using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeElsa.Activities;

/// <summary>Reads what an author's script gave.</summary>
internal static class ScriptValue
{
    private const string Member = "value";

    /// <summary>The result of a script: what it put out; a text that is a JSON object or list is that.</summary>
    public static JsonNode? Read(JsonElement answer)
    {
        var value = answer.ValueKind is JsonValueKind.Object && answer.TryGetProperty(Member, out var given) ? JsonSerializer.SerializeToNode(given) : null;
        if (value is not JsonValue || value.GetValueKind() is not JsonValueKind.String || value.GetValue<string>().AsSpan().TrimStart() is not ['{' or '[', ..])
        {
            return value;
        }

        try
        {
            return JsonNode.Parse(value.GetValue<string>());
        }
        catch (JsonException)
        {
            return value;
        }
    }

    /// <summary>Whether something is done, as the script under 'Done when' says.</summary>
    /// <returns>The answer, and what it showed for it.</returns>
    /// <exception cref="InvalidOperationException">It says neither yes nor no.</exception>
    public static (bool IsDone, JsonNode? Evidence) ReadDone(JsonNode? value) => value switch
    {
        JsonValue when Says(value) is { } says => (says, null),
        JsonObject map when map.FirstOrDefault(pair => pair.Key.Equals("done", StringComparison.OrdinalIgnoreCase)).Value is { } done && Says(done) is { } says =>
            (says, map.FirstOrDefault(pair => pair.Key.Equals("evidence", StringComparison.OrdinalIgnoreCase)).Value?.DeepClone()),
        _ => throw new InvalidOperationException(
            $"The script under 'Done when' has to put out $true or $false, or an object with 'done' and 'evidence'. It put out: {value?.ToJsonString(Wire.Options) ?? "nothing"}."),
    };

    private static bool? Says(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when bool.TryParse(value.GetValue<string>().Trim(), out var yes) => yes,
        _ => null,
    };
}
