using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>A version as lists show it.</summary>
internal sealed record DefinitionSummaryModel
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RestLink>? Links { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? IsMaterializerAvailable { get; init; }

    public required string Id { get; init; }

    public required string DefinitionId { get; init; }

    public required string Name { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Description { get; init; }

    public required int Version { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ToolVersion { get; init; }

    public required bool IsLatest { get; init; }

    public required bool IsPublished { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ProviderName { get; init; }

    public required string MaterializerName { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required bool IsReadonly { get; init; }

    public static DefinitionSummaryModel From(DefinitionSummary version) => new()
    {
        Id = version.Id,
        DefinitionId = version.DefinitionId,
        Name = version.Name,
        Description = version.Description,
        Version = version.Version,
        ToolVersion = DefinitionModels.ToolVersion(version.ToolVersion),
        IsLatest = version.IsLatest,
        IsPublished = version.IsPublished,
        ProviderName = version.ProviderName,
        MaterializerName = version.MaterializerName,
        CreatedAt = version.CreatedAt,
        IsReadonly = version.IsReadonly,
    };
}

/// <summary>Whole definitions as the designer reads them.</summary>
internal sealed class DefinitionModels(ActivityRegistry registry)
{
    private static readonly string[] Lists = ["variables", "inputs", "outputs", "outcomes"];

    /// <summary>Everything that is stored of a version, its links, and a mark by which a later save is known to be based on it.</summary>
    /// <param name="version">The version.</param>
    /// <param name="rights">What the caller may do.</param>
    /// <param name="editor">The editor that gets it; null: a new one.</param>
    public JsonObject Full(DefinitionRecord version, DefinitionRights rights, string? editor = null)
    {
        var model = Complete(DefinitionJson.Compose(version));
        MissingActivities.StandIn(model, registry);
        EditingMark.Of(version, editor ?? EditingMark.NewEditor()).Put(model);
        model.Insert(0, "links", JsonSerializer.SerializeToNode(DefinitionLinks.Of(version.DefinitionId, version.IsReadonly, rights), RestJson.Options));
        return model;
    }

    /// <summary>A version of the tool in the one form that the designer can read; null where it has another.</summary>
    public static string? ToolVersion(string? text) => Version.TryParse(text, out var version) ? version.ToString() : null;

    /// <summary>Adds what the designer takes for granted where nothing is stored.</summary>
    public static JsonObject Complete(JsonObject model)
    {
        foreach (var name in Lists)
        {
            model[name] ??= new JsonArray();
        }

        model["customProperties"] ??= new JsonObject();
        if (model["options"] is not JsonObject options)
        {
            model["options"] = options = [];
        }

        options["autoUpdateConsumingWorkflows"] ??= false;
        if (model["toolVersion"] is JsonValue tool && ToolVersion(tool.GetValueKind() is JsonValueKind.String ? tool.GetValue<string>() : null) is null)
        {
            model.Remove("toolVersion");
        }

        return model;
    }
}
