using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>A version as Elsa's list of versions has it: the head as members, what runs as text.</summary>
internal static class VersionModel
{
    private static readonly string[] Head =
        ["definitionId", "name", "description", "toolVersion", "options", "variables", "inputs", "outputs", "outcomes", "customProperties"];

    public static JsonObject From(DefinitionRecord version)
    {
        var full = DefinitionModels.Complete(DefinitionJson.Compose(version));
        var model = new JsonObject();
        foreach (var name in Head)
        {
            if (full[name] is { } value)
            {
                model[name] = value.DeepClone();
            }
        }

        model["materializerName"] = version.MaterializerName;
        model["stringData"] = full["root"]?.ToJsonString(RestJson.Options);
        model["isReadonly"] = version.IsReadonly;
        model["isSystem"] = version.IsSystem;
        model["createdAt"] = JsonSerializer.SerializeToNode(version.CreatedAt, RestJson.Options);
        model["version"] = version.Version;
        model["isLatest"] = version.IsLatest;
        model["isPublished"] = version.IsPublished;
        model["id"] = version.Id;
        return model;
    }
}
