using System.Text.Json;
using Elsa.Workflows.Management.Activities.WorkflowDefinitionActivity;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Definitions;

/// <summary>Loads the versions of workflows that a definition uses as activities, and those that they use.</summary>
internal sealed class ReferenceLoader(IDefinitionStore store, ActivityRegistry registry, TypeAliases aliases)
{
    private readonly Dictionary<string, ReferencedVersion> _loaded = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDefinitionException">A version is not stored or made by code, or a workflow uses itself.</exception>
    public async Task<Dictionary<string, ReferencedVersion>> LoadAsync(string json, WorkflowIdentity identity, CancellationToken cancellationToken)
    {
        await LoadAsync(json, identity.DefinitionId, [(identity.Id, identity.DefinitionId)], cancellationToken);
        return _loaded;
    }

    private async Task LoadAsync(string json, string definitionId, (string VersionId, string DefinitionId)[] chain, CancellationToken cancellationToken)
    {
        foreach (var reference in DefinitionReader.Parse(json, definitionId, root => FindReferences(root).Distinct().ToArray()))
        {
            if (chain.Any(link => link.VersionId == reference.VersionId))
            {
                var way = string.Join(" uses ", chain.Select(link => $"'{link.DefinitionId}'"));
                throw new InvalidDefinitionException(
                    definitionId, [$"{way} uses '{reference.DefinitionId}' again: a workflow can not use itself; take the activity '{reference.ActivityId}' out"]);
            }

            if (_loaded.ContainsKey(reference.VersionId))
            {
                continue;
            }

            var record = await store.FindAsync(reference.VersionId, cancellationToken) ?? throw new InvalidDefinitionException(
                definitionId,
                [
                    $"Activity '{reference.ActivityId}' uses the version '{reference.VersionId}' of the workflow '{reference.DefinitionId}', which is not stored; "
                    + "choose a version that is",
                ]);
            if (record.MaterializerName != JsonWorkflowMaterializer.MaterializerName)
            {
                throw new InvalidDefinitionException(
                    definitionId,
                    [$"Activity '{reference.ActivityId}' uses '{reference.DefinitionId}', which is made by code; run it with ExecuteWorkflow or DispatchWorkflow instead"]);
            }

            await LoadAsync(record.Json, record.DefinitionId, [.. chain, (record.Id, record.DefinitionId)], cancellationToken);
            _loaded.Add(record.Id, new ReferencedVersion(record, new WorkflowReader(registry, aliases, _loaded)));
        }
    }

    private static IEnumerable<Reference> FindReferences(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                return element.EnumerateArray().SelectMany(FindReferences);
            case JsonValueKind.Object:
                var below = element.EnumerateObject().SelectMany(property => FindReferences(property.Value));
                return element.Text("type") is not null && element.Text("workflowDefinitionVersionId") is { Length: > 0 } versionId
                    ? below.Prepend(new Reference(element.Text("id") ?? "", element.Text("workflowDefinitionId") ?? "", versionId))
                    : below;
            default:
                return [];
        }
    }

    private sealed record Reference(string ActivityId, string DefinitionId, string VersionId);
}

/// <summary>A version of a workflow that is used as an activity.</summary>
internal sealed class ReferencedVersion(DefinitionRecord record, WorkflowReader reader)
{
    /// <summary>An activity that runs it. Each use has activities of its own.</summary>
    public WorkflowDefinitionActivity Bind(string typeName) => DefinitionReader.Parse(record.Json, record.DefinitionId, definition =>
    {
        var workflow = reader.Read(definition, new WorkflowIdentity(record.DefinitionId, record.Version, record.Id));
        var descriptor = WorkflowActivityDescriber.Describe(workflow, isBrowsable: false);
        descriptor.TypeName = typeName;
        return new WorkflowDefinitionActivity
        {
            Type = typeName,
            Version = record.Version,
            WorkflowDefinitionId = record.DefinitionId,
            WorkflowDefinitionVersionId = record.Id,
            Root = workflow,
            Descriptor = descriptor,
        };
    });
}
