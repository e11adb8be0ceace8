using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Management;

/// <summary>Definitions as Elsa 3 JSON: between what the store knows, what the designer sends, and files.</summary>
public static class DefinitionJson
{
    private const string WorkflowNodeId = "Workflow1";
    private const string Schema = "https://elsaworkflows.io/schemas/workflow-definition/v3.0.0/schema.json";

    private static readonly string[] Order =
    [
        "$schema", "id", "definitionId", "name", "description", "createdAt", "version", "toolVersion", "variables", "inputs", "outputs", "outcomes",
        "customProperties", "isReadonly", "isSystem", "isLatest", "isPublished", "options", "root",
    ];

    private static readonly string[] NodeOrder = ["id", "nodeId", "name", "type", "version", "customProperties", "metadata"];

    /// <summary>What differs between servers and between versions of the same content.</summary>
    private static readonly string[] OfThisServer = ["id", "tenantId", "createdAt", "version", "isLatest", "isPublished", "links"];

    /// <summary>How files are written: two spaces, line feeds, letters as they are.</summary>
    public static JsonSerializerOptions Indented { get; } = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 512,
    };

    /// <summary>Reads a definition.</summary>
    /// <exception cref="JsonException">It is not JSON, or not an object.</exception>
    public static JsonObject Parse(string json) =>
        JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = 512 }) as JsonObject ?? throw new JsonException("A definition is a JSON object.");

    /// <summary>
    /// The whole definition as clients of the API see it: the stored JSON with everything the designer keeps in it, the version, flags and dates
    /// that the store knows, and the paths of activities counted anew.
    /// </summary>
    public static JsonObject Compose(DefinitionRecord version)
    {
        ArgumentNullException.ThrowIfNull(version);
        var model = ParseOrEmpty(version.Json);
        model.Remove("$schema");
        model.Remove("links");
        model["id"] = version.Id;
        model["definitionId"] = version.DefinitionId;
        model["name"] = version.Name;
        model["createdAt"] = version.CreatedAt;
        model["version"] = version.Version;
        model["isReadonly"] = version.IsReadonly;
        model["isSystem"] = version.IsSystem;
        model["isLatest"] = version.IsLatest;
        model["isPublished"] = version.IsPublished;
        NumberNodes(model["root"], WorkflowNodeId);
        return Sort(model, Order, deep: false);
    }

    /// <summary>
    /// The definition as a file: canonical, so that the same definition gives the same bytes on every server. Ids, numbers, flags and dates of the
    /// version are left out; keys of the definition and of activities stand in the order of Elsa's format, all others in ordinal order.
    /// </summary>
    public static string Export(DefinitionRecord version)
    {
        var model = Compose(version);
        foreach (var name in OfThisServer)
        {
            model.Remove(name);
        }

        model["$schema"] = Schema;
        return Sort(model, Order, deep: true).ToJsonString(Indented) + "\n";
    }

    /// <summary>Makes a draft of what the designer or a file says, word for word.</summary>
    /// <param name="model">The definition. It is not changed.</param>
    /// <param name="definitionId">The definition's id; null: what the model says, or a new one.</param>
    /// <param name="now">When.</param>
    /// <exception cref="JsonException">A member has a shape that it can not have.</exception>
    public static DefinitionRecord ToDraft(JsonObject model, string? definitionId, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(model);
        var copy = (JsonObject)model.DeepClone();
        copy.Remove("links");
        var id = definitionId ?? (Text(copy, "definitionId") is { Length: > 0 } given ? given : Guid.NewGuid().ToString("N")[..16]);
        if (copy.ContainsKey("definitionId") && Text(copy, "definitionId") != id)
        {
            copy["definitionId"] = id;
        }
        var json = copy.ToJsonString(Indented);
        return new DefinitionRecord
        {
            Id = "",
            DefinitionId = id,
            Version = 0,
            Name = Text(copy, "name") is { Length: > 0 } name ? name : id,
            Description = Text(copy, "description"),
            ContentHash = DefinitionReader.ContentHash(json),
            Json = json,
            IsReadonly = Flag(copy, "isReadonly"),
            IsSystem = Flag(copy, "isSystem"),
            UsableAsActivity = Flag(copy, "usableAsActivity") || (copy["options"] is JsonObject options && Flag(options, "usableAsActivity")),
            ToolVersion = Text(copy, "toolVersion"),
            CreatedAt = now,
        };
    }

    private static JsonObject ParseOrEmpty(string json)
    {
        try
        {
            return Parse(json);
        }
        catch (JsonException)
        {
            // A damaged version is still listed, exported and deleted; running it says what is wrong.
            return [];
        }
    }

    /// <summary>An activity's path is that of the activity that holds it, at whatever depth, and its own id.</summary>
    private static void NumberNodes(JsonNode? node, string parent)
    {
        switch (node)
        {
            case JsonObject value:
                if (ActivityNodes.IsActivity(value))
                {
                    parent = $"{parent}:{Text(value, "id")}";
                    value["nodeId"] = parent;
                }

                foreach (var (_, child) in ActivityNodes.Members(value))
                {
                    NumberNodes(child, parent);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    NumberNodes(item, parent);
                }

                break;
        }
    }

    private static JsonObject Sort(JsonObject value, string[] order, bool deep) => new(value
        .OrderBy(pair => Array.IndexOf(order, pair.Key) is var index && index < 0 ? int.MaxValue : index)
        .ThenBy(pair => deep ? pair.Key : "", StringComparer.Ordinal)
        .Select(pair => KeyValuePair.Create(pair.Key, deep ? SortDeep(pair.Value) : pair.Value?.DeepClone())));

    private static JsonNode? SortDeep(JsonNode? node) => node switch
    {
        JsonObject value => Sort(value, ActivityNodes.IsActivity(value) ? NodeOrder : [], deep: true),
        JsonArray items => new JsonArray([.. items.Select(SortDeep)]),
        _ => node?.DeepClone(),
    };

    private static string? Text(JsonObject owner, string name) => owner[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static bool Flag(JsonObject owner, string name) => owner[name] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;
}
