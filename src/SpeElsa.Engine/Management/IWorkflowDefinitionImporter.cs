using System.Text.Json.Nodes;
using Elsa.Common.Models;
using Elsa.Workflows.Management.Entities;
using Elsa.Workflows.Management.Models;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Storage;

namespace Elsa.Workflows.Management;

/// <summary>Takes definitions from outside.</summary>
public interface IWorkflowDefinitionImporter
{
    /// <summary>Saves a definition as a draft, and publishes it where that is asked for.</summary>
    /// <exception cref="InvalidOperationException">The definition is defined by code here.</exception>
    /// <exception cref="System.Text.Json.JsonException">A member of the definition has a shape that it can not have.</exception>
    Task<ImportWorkflowResult> ImportAsync(SaveWorkflowDefinitionRequest request, CancellationToken cancellationToken = default);
}

internal sealed class WorkflowDefinitionImporter(IDefinitionStore store, IWorkflowDefinitionPublisher publisher, TimeProvider timeProvider) : IWorkflowDefinitionImporter
{
    public async Task<ImportWorkflowResult> ImportAsync(SaveWorkflowDefinitionRequest request, CancellationToken cancellationToken = default)
    {
        var model = (JsonObject)request.Model.DeepClone();
        model.Remove("$schema");
        var draft = DefinitionJson.ToDraft(model, null, timeProvider.GetUtcNow());
        var latest = await store.FindAsync(draft.DefinitionId, VersionOptions.Latest, cancellationToken);
        if (latest is not null && latest.MaterializerName != draft.MaterializerName)
        {
            throw new InvalidOperationException($"The workflow '{draft.DefinitionId}' is defined by code here. Import it under another definitionId.");
        }

        var saved = (await store.SaveDraftAsync(draft, null, cancellationToken)).Latest!;
        if (request.Publish is not true)
        {
            return new ImportWorkflowResult(true, WorkflowDefinition.From(saved), []);
        }

        var published = await publisher.PublishAsync(saved.DefinitionId, cancellationToken);
        return new ImportWorkflowResult(published.Succeeded, published.WorkflowDefinition ?? WorkflowDefinition.From(saved), published.ValidationErrors)
        {
            Warnings = published.Warnings,
        };
    }
}
