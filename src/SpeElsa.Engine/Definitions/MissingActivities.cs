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

    /// <summary>Puts a stand-in for each node whose type this host does not know: the designer draws nothing of a graph with such a node in it.</summary>
    /// <param name="workflow">A workflow with its root, changed in place.</param>
    /// <param name="registry">The types that this host knows.</param>
    public static void StandIn(JsonObject workflow, ActivityRegistry registry) => ReplaceBelow(workflow, "root", activity =>
    {
        var typeName = ActivityNodes.Text(activity, "type")!;
        var version = activity["version"] is JsonValue number && number.TryGetValue(out int given) ? given : 0;
        if (registry.Find(typeName, version) is not null)
        {
            return null;
        }

        var standIn = new JsonObject
        {
            ["id"] = activity["id"]!.DeepClone(),
            ["nodeId"] = activity["nodeId"]?.DeepClone(),
            ["name"] = activity["name"]?.DeepClone(),
            ["type"] = TypeName,
            ["version"] = 1,
            ["customProperties"] = activity["customProperties"]?.DeepClone() ?? new JsonObject(),
            ["metadata"] = activity["metadata"]?.DeepClone() ?? new JsonObject(),
            ["missingTypeName"] = typeName,
            ["missingTypeVersion"] = version,
            ["originalActivityJson"] = activity.ToJsonString(),
        };
        return standIn;
    });

    /// <summary>Puts what was meant in the place of each stand-in.</summary>
    /// <param name="workflow">A workflow with its root, changed in place.</param>
    public static void Restore(JsonObject workflow) => ReplaceBelow(workflow, "root", activity =>
    {
        if (ActivityNodes.Text(activity, "type") != TypeName)
        {
            return null;
        }

        using var standIn = JsonDocument.Parse(activity.ToJsonString());
        using var original = Original(standIn.RootElement);
        return original is null ? null : JsonNode.Parse(original.RootElement.GetRawText());
    });

    private static void ReplaceBelow(JsonObject owner, string name, Func<JsonObject, JsonNode?> replacement)
    {
        if (owner[name] is { } child && Replace(child, replacement) is { } changed && changed != child)
        {
            owner[name] = changed;
        }
    }

    private static JsonNode? Replace(JsonNode? node, Func<JsonObject, JsonNode?> replacement)
    {
        switch (node)
        {
            case JsonObject activity when ActivityNodes.IsActivity(activity) && replacement(activity) is { } replaced:
                return replaced;
            case JsonObject owner:
                foreach (var (name, _) in ActivityNodes.Members(owner))
                {
                    ReplaceBelow(owner, name, replacement);
                }

                break;
            case JsonArray items:
                for (var index = 0; index < items.Count; index++)
                {
                    if (Replace(items[index], replacement) is { } changed && changed != items[index])
                    {
                        items[index] = changed;
                    }
                }

                break;
        }

        return node;
    }
}
