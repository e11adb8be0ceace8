using Elsa.Common.Models;
using Elsa.Workflows;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Definitions;

/// <summary>
/// Brings the published definitions that may be used as activities. The types serve the designer; a definition that uses one is bound to the version
/// it names, whatever is published later.
/// </summary>
public sealed class WorkflowActivities(IDefinitionStore store, ActivityRegistry registry, TypeAliases aliases) : IActivityProvider
{
    /// <summary>Makes the registry know the definitions as they are published now. Call it after a publication and at the start.</summary>
    public Task RefreshAsync(CancellationToken cancellationToken) => registry.RefreshDescriptorsAsync(this, cancellationToken);

    /// <inheritdoc />
    public async ValueTask<IEnumerable<ActivityDescriptor>> GetDescriptorsAsync(CancellationToken cancellationToken = default)
    {
        var published = new DefinitionFilter { VersionOptions = VersionOptions.Published, MaterializerName = JsonWorkflowMaterializer.MaterializerName, UsableAsActivity = true };
        return (await store.FindManyAsync(published, default, 0, int.MaxValue, cancellationToken)).Select(Describe).OfType<ActivityDescriptor>();
    }

    /// <summary>A definition that can not be read is not offered; whoever runs it is told why.</summary>
    private ActivityDescriptor? Describe(DefinitionRecord record)
    {
        try
        {
            var identity = new WorkflowIdentity(record.DefinitionId, record.Version, record.Id);
            var reader = new WorkflowReader(registry, aliases, new Dictionary<string, ReferencedVersion>());
            var workflow = DefinitionReader.Parse(record.Json, record.DefinitionId, definition => reader.ReadHead(definition, identity));
            return workflow.Options.UsableAsActivity is true ? WorkflowActivityDescriber.Describe(workflow, isBrowsable: true) : null;
        }
        catch (InvalidDefinitionException)
        {
            return null;
        }
    }
}
