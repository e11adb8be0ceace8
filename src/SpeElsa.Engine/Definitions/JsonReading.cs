using System.Text.Json;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Definitions;

/// <summary>Reads parts of JSON that people or other programs wrote: what is missing, or of another kind, is simply not there.</summary>
internal static class JsonReading
{
    public static JsonElement? Find(this JsonElement owner, string name) =>
        owner.ValueKind is JsonValueKind.Object && owner.TryGetProperty(name, out var value) ? value : null;

    public static string? Text(this JsonElement owner, string name) => owner.Find(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static bool Flag(this JsonElement owner, string name) => owner.Find(name) is { ValueKind: JsonValueKind.True };

    public static int? Number(this JsonElement owner, string name) =>
        owner.Find(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : null;

    public static JsonElement[] Items(this JsonElement owner, string name) =>
        owner.Find(name) is { ValueKind: JsonValueKind.Array } value ? [.. value.EnumerateArray()] : [];

    public static Dictionary<string, object> Map(this JsonElement owner, string name) =>
        owner.Find(name) is { ValueKind: JsonValueKind.Object } value
            ? value.EnumerateObject()
                .Where(property => property.Value.ValueKind is not JsonValueKind.Null)
                .DistinctBy(property => property.Name, StringComparer.Ordinal)
                .ToDictionary(property => property.Name, property => property.Value.Deserialize<object>(EngineJson.Options)!, StringComparer.Ordinal)
            : [];
}
