using Elsa.Common.Entities;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Storage;

namespace Elsa.Workflows.Management.Entities;

/// <summary>A version of a definition. What it consists of is its JSON; the other members say what the store knows of it.</summary>
public class WorkflowDefinition : VersionedEntity
{
    /// <summary>The definition.</summary>
    public string DefinitionId { get; set; } = "";

    /// <summary>A name for people.</summary>
    public string? Name { get; set; }

    /// <summary>What it does.</summary>
    public string? Description { get; set; }

    /// <summary>The version of the tool that wrote it.</summary>
    public Version? ToolVersion { get; set; }

    /// <summary>Who brought it; null: a person.</summary>
    public string? ProviderName { get; set; }

    /// <summary>What makes a workflow of it. Default "Json".</summary>
    public string MaterializerName { get; set; } = "Json";

    /// <summary>The whole definition as Elsa 3 JSON, with variables, inputs, outputs, outcomes, options and root.</summary>
    public string? StringData { get; set; }

    /// <summary>Whether the designer must not change it.</summary>
    public bool IsReadonly { get; set; }

    /// <summary>Whether it is part of the machinery and not shown by default.</summary>
    public bool IsSystem { get; set; }

    /// <summary>Counts what was saved in this version. A draft that is saved with it does not overwrite what somebody else has saved meanwhile; 0: it may.</summary>
    public int Revision { get; set; }

    /// <summary>A copy.</summary>
    public WorkflowDefinition ShallowClone() => (WorkflowDefinition)MemberwiseClone();

    internal static WorkflowDefinition From(DefinitionRecord record) => new()
    {
        Id = record.Id,
        DefinitionId = record.DefinitionId,
        Version = record.Version,
        Revision = record.Revision,
        Name = record.Name,
        Description = record.Description,
        ToolVersion = ParseVersion(record.ToolVersion),
        ProviderName = record.ProviderName,
        MaterializerName = record.MaterializerName,
        StringData = DefinitionJson.Compose(record).ToJsonString(DefinitionJson.Indented),
        IsReadonly = record.IsReadonly,
        IsSystem = record.IsSystem,
        IsLatest = record.IsLatest,
        IsPublished = record.IsPublished,
        CreatedAt = record.CreatedAt,
    };

    /// <summary>The definition as a draft: its members, where they are set, go before what its JSON says.</summary>
    internal DefinitionRecord ToDraft(DateTimeOffset now)
    {
        var model = DefinitionJson.Parse(StringData ?? "{}");
        model["definitionId"] = DefinitionId;
        model["name"] = Name ?? DefinitionId;
        model["description"] = Description;
        model["toolVersion"] = ToolVersion?.ToString();
        model["isReadonly"] = IsReadonly;
        model["isSystem"] = IsSystem;
        return DefinitionJson.ToDraft(model, DefinitionId, now) with { ProviderName = ProviderName, MaterializerName = MaterializerName };
    }

    internal static Version? ParseVersion(string? text) => System.Version.TryParse(text, out var version) ? version : null;
}
