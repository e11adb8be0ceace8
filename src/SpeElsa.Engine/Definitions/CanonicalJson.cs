using System.Text.Json.Nodes;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Definitions;

/// <summary>JSON of which equal values give equal bytes: the keys of every object in ordinal order.</summary>
internal static class CanonicalJson
{
    public static JsonNode? Of(object? value) => Sort(EngineJson.ToNode(value));

    public static JsonNode? Sort(JsonNode? node) => node switch
    {
        JsonObject value => new JsonObject(value.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, Sort(pair.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sort)]),
        _ => node?.DeepClone(),
    };

    public static void AddText(this JsonObject owner, string name, string? text)
    {
        if (text is not null)
        {
            owner[name] = text;
        }
    }
}
