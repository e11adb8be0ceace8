using System.Text.Json.Nodes;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Definitions;

/// <summary>Writes workflows as Elsa 3 definition JSON.</summary>
/// <remarks>
/// The text is canonical: equal workflows give equal bytes. Keys of the definition stand in the order of Elsa's format. Of a node come first id, nodeId,
/// name, type, version, customProperties and metadata, then all others in ordinal order; so do the keys of free maps. What has no value is left out.
/// Code is written as an expression of the syntax Delegate without a value.
/// </remarks>
public sealed class DefinitionWriter(ActivityRegistry registry, TypeAliases aliases)
{
    /// <summary>Writes a workflow with what tells its version.</summary>
    public string Write(WorkflowGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return Write(graph.Workflow);
    }

    /// <summary>Writes a workflow with what tells its version.</summary>
    public string Write(Workflow workflow) => Write(workflow, withVersion: true);

    /// <summary>Writes what runs: the workflow without what differs between servers (ids, numbers and dates of versions).</summary>
    public string WriteContent(Workflow workflow) => Write(workflow, withVersion: false);

    private string Write(Workflow workflow, bool withVersion)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        new GraphBuilder(registry).Build(workflow);
        return ToJson(workflow, withVersion).ToJsonString(DefinitionJson.Indented);
    }

    private JsonObject ToJson(Workflow workflow, bool withVersion)
    {
        var identity = workflow.Identity;
        var metadata = workflow.WorkflowMetadata;
        var definition = new JsonObject();
        if (withVersion)
        {
            definition.AddText("id", identity.Id);
        }

        definition.AddText("definitionId", identity.DefinitionId);
        definition.AddText("tenantId", identity.TenantId);
        definition.AddText("name", metadata.Name);
        definition.AddText("description", metadata.Description);
        if (withVersion)
        {
            definition.AddText("createdAt", metadata.CreatedAt == default ? null : ObjectConverter.ConvertTo<string>(metadata.CreatedAt));
            definition["version"] = identity.Version;
        }

        definition.AddText("toolVersion", metadata.ToolVersion?.ToString());
        var values = new ValueWriter(aliases);
        definition["variables"] = values.Variables(workflow.Variables);
        definition["inputs"] = new JsonArray([.. workflow.Inputs.Select(InputJson)]);
        definition["outputs"] = new JsonArray([.. workflow.Outputs.Select(ArgumentJson)]);
        definition["outcomes"] = new JsonArray([.. workflow.Outcomes.Select(outcome => JsonValue.Create(outcome))]);
        definition["customProperties"] = CanonicalJson.Of(workflow.CustomProperties);
        definition["isReadonly"] = workflow.IsReadonly;
        definition["isSystem"] = workflow.IsSystem;
        if (withVersion)
        {
            definition["isLatest"] = workflow.Publication.IsLatest;
            definition["isPublished"] = workflow.Publication.IsPublished;
        }

        definition["options"] = OptionsJson(workflow.Options);
        if (workflow.Root is not null)
        {
            definition["root"] = new ActivityWriter(registry, values).Write(workflow.Root);
        }

        return definition;
    }

    private JsonObject InputJson(InputDefinition input)
    {
        var json = ArgumentJson(input);
        json.AddText("uiHint", input.UIHint.Length > 0 ? input.UIHint : null);
        json.AddText("storageDriverType", StorageDriverNames.NameOf(input.StorageDriverType));
        return json;
    }

    private JsonObject ArgumentJson(ArgumentDefinition argument)
    {
        var element = aliases.ElementOf(argument.Type);
        var json = new JsonObject { ["type"] = aliases.NameOf(element ?? argument.Type) };
        if (element is not null)
        {
            json["isArray"] = true;
        }

        json["name"] = argument.Name;
        json["displayName"] = argument.DisplayName;
        json["description"] = argument.Description;
        json["category"] = argument.Category;
        return json;
    }

    private static JsonObject OptionsJson(WorkflowOptions options)
    {
        var json = new JsonObject();
        json.AddText("activationStrategyType", options.ActivationStrategyType);
        if (options.UsableAsActivity is { } usable)
        {
            json["usableAsActivity"] = usable;
        }

        json["autoUpdateConsumingWorkflows"] = options.AutoUpdateConsumingWorkflows;
        json.AddText("activityCategory", options.ActivityCategory);
        json.AddText("incidentStrategyType", options.IncidentStrategyType);
        json.AddText("commitStrategyName", options.CommitStrategyName);
        return json;
    }
}
