using System.Text.Json;
using System.Text.Json.Nodes;
using Elsa.Workflows.Activities;

namespace SpeElsa.Engine.Definitions;

/// <summary>Keeps nodes whose type this host does not know as they were written, and brings them back.</summary>
internal static class MissingActivities
{
    private const string TypeName = "Elsa.NotFoundActivity";

    public static NotFoundActivity Create(string typeName, int version, JsonElement element) =>
        new() { MissingTypeName = typeName, MissingTypeVersion = version, OriginalActivityJson = element.GetRawText() };

    /// <summary>A node that another host stored as missing, as it was before; its place on the canvas is the present one.</summary>
    /// <returns>Null where the node is no such one.</returns>
    public static JsonDocument? Original(JsonElement element)
    {
        if (element.Text("type") != TypeName || element.Text("originalActivityJson") is not { Length: > 0 } json)
        {
            return null;
        }

        try
        {
            if (JsonNode.Parse(json) is not JsonObject original)
            {
                return null;
            }

            if (element.Text("id") is { } id)
            {
                original["id"] = id;
            }

            if (element.Find("metadata")?.Find("designer") is { } designer)
            {
                var metadata = original["metadata"] as JsonObject ?? [];
                metadata["designer"] = JsonNode.Parse(designer.GetRawText());
                original["metadata"] = metadata;
            }

            return JsonDocument.Parse(original.ToJsonString());
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
