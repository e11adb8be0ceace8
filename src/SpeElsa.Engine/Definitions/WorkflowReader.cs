using System.Text.Json;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Definitions;

/// <summary>Makes workflows from definitions.</summary>
internal sealed class WorkflowReader(ActivityRegistry registry, TypeAliases aliases, IReadOnlyDictionary<string, ReferencedVersion> references)
{
    /// <summary>Reads a definition whole.</summary>
    /// <exception cref="InvalidDefinitionException">It can not be read; every error is listed.</exception>
    public Workflow Read(JsonElement definition, WorkflowIdentity identity)
    {
        if (definition.ValueKind is not JsonValueKind.Object)
        {
            throw new FormatException($"a definition is a JSON object, not {definition.ValueKind}.");
        }

        var workflow = ReadHead(definition, identity);
        var reader = new ActivityReader(registry, aliases, references, workflow.Outputs.Select(output => output.Name).ToHashSet(StringComparer.Ordinal));
        workflow.Variables = reader.Variables.Enter(definition);
        if (definition.Find("root") is { ValueKind: JsonValueKind.Object } root)
        {
            workflow.Root = reader.ReadActivity(root);
        }
        else
        {
            reader.Errors.Add("It has no root activity");
        }

        return reader.Errors.Count > 0 ? throw new InvalidDefinitionException(identity.DefinitionId, reader.Errors) : workflow;
    }

    /// <summary>Reads all but variables and activities.</summary>
    public Workflow ReadHead(JsonElement definition, WorkflowIdentity identity) => new()
    {
        Identity = identity,
        Publication = new WorkflowPublication(definition.Flag("isLatest"), definition.Flag("isPublished")),
        WorkflowMetadata = new WorkflowMetadata(
            definition.Text("name"),
            definition.Text("description"),
            definition.Find("createdAt") is { ValueKind: JsonValueKind.String } created && created.TryGetDateTimeOffset(out var createdAt) ? createdAt : default,
            Version.TryParse(definition.Text("toolVersion"), out var toolVersion) ? toolVersion : null),
        Inputs = [.. definition.Items("inputs").Select(ReadInput)],
        Outputs = [.. definition.Items("outputs").Select(ReadArgument<OutputDefinition>)],
        Outcomes = [.. definition.Items("outcomes").Where(outcome => outcome.ValueKind is JsonValueKind.String).Select(outcome => outcome.GetString()!)],
        CustomProperties = definition.Map("customProperties"),
        Options = ReadOptions(definition),
        IsReadonly = definition.Flag("isReadonly"),
        IsSystem = definition.Flag("isSystem"),
    };

    private static WorkflowOptions ReadOptions(JsonElement definition)
    {
        var options = definition.Find("options") is { ValueKind: JsonValueKind.Object } value ? value.Deserialize<WorkflowOptions>(EngineJson.Options)! : new WorkflowOptions();
        options.UsableAsActivity ??= definition.Flag("usableAsActivity") ? true : null;
        return options;
    }

    private InputDefinition ReadInput(JsonElement element)
    {
        var input = ReadArgument<InputDefinition>(element);
        input.UIHint = element.Text("uiHint") ?? "";
        input.StorageDriverType = StorageDriverNames.Resolve(element.Text("storageDriverType"));
        return input;
    }

    private T ReadArgument<T>(JsonElement element)
        where T : ArgumentDefinition, new() => new()
        {
            Name = element.Text("name") ?? "",
            DisplayName = element.Text("displayName") ?? "",
            Description = element.Text("description") ?? "",
            Category = element.Text("category") ?? "",
            Type = VariableReader.TypeOf(aliases, element, "type"),
        };
}
