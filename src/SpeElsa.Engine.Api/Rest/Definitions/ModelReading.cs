using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Engine.Definitions;

namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>Definitions as they come in: what could never be shown again is refused before anything is stored.</summary>
internal static class ModelReading
{
    private const int LongestId = 200;
    private static readonly string[] Lists = ["variables", "inputs", "outputs"];
    private static readonly string[] Objects = ["customProperties", "options", "root"];
    private static readonly string[] Texts = ["definitionId", "id", "name", "description", "toolVersion"];
    private static readonly string[] Flags = ["isReadonly", "isSystem", "isLatest", "isPublished"];
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <summary>Reads a definition.</summary>
    /// <exception cref="BadRestRequestException">It is none.</exception>
    public static JsonObject Read(string json, string member = "model")
    {
        try
        {
            return Checked(JsonNode.Parse(json, documentOptions: Strict) as JsonObject ?? throw new BadRestRequestException(member, "A definition is a JSON object."));
        }
        catch (JsonException exception)
        {
            throw new BadRestRequestException(member, exception.Message);
        }
    }

    /// <summary>Reads a definition that is part of a request.</summary>
    /// <exception cref="BadRestRequestException">It is none.</exception>
    public static JsonObject Read(JsonElement? element, string member = "model") => element is { ValueKind: not JsonValueKind.Null } given
        ? Read(given.GetRawText(), member)
        : throw new BadRestRequestException(member, "A definition is needed.");

    /// <summary>Refuses an id that no path could name.</summary>
    /// <exception cref="BadRestRequestException">It is such an id.</exception>
    public static void CheckId(string? definitionId)
    {
        if (definitionId is "." or ".." || definitionId?.Length > LongestId || definitionId?.Any(character => character is '/' or '\\' || char.IsControl(character)) == true)
        {
            throw new BadRestRequestException("definitionId", $"An id has up to {LongestId} characters, none of them a slash or a control character.");
        }
    }

    private static JsonObject Checked(JsonObject model)
    {
        Require(model, Texts, "a text", JsonValueKind.String);
        Require(model, Flags, "true or false", JsonValueKind.True, JsonValueKind.False);
        Require(model, Objects, "a JSON object", JsonValueKind.Object);
        Require(model, [.. Lists, "outcomes"], "a list", JsonValueKind.Array);
        foreach (var name in Lists)
        {
            RequireItems(model, name, "JSON objects", JsonValueKind.Object);
        }

        RequireItems(model, "outcomes", "texts", JsonValueKind.String);
        CheckId((string?)model["definitionId"]);
        RestTexts.Check("name", (string?)model["name"]);
        RestTexts.Check("description", (string?)model["description"], RestTexts.LongestWords);
        MissingActivities.Restore(model);
        return model;
    }

    private static void Require(JsonObject model, string[] names, string words, params JsonValueKind[] kinds)
    {
        foreach (var name in names)
        {
            if (model[name] is { } value && !kinds.Contains(value.GetValueKind()))
            {
                throw new BadRestRequestException(name, $"'{name}' is {words}.");
            }
        }
    }

    private static void RequireItems(JsonObject model, string name, string words, JsonValueKind kind)
    {
        if ((model[name] as JsonArray)?.Any(item => item?.GetValueKind() != kind) == true)
        {
            throw new BadRestRequestException(name, $"'{name}' is a list of {words}.");
        }
    }
}
