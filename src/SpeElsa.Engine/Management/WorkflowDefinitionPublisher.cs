using System.Text.Json.Nodes;
using Elsa.Common.Models;
using Elsa.Workflows.Management.Entities;
using Elsa.Workflows.Management.Models;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Storage;

namespace Elsa.Workflows.Management;

internal sealed class WorkflowDefinitionPublisher(IDefinitionStore store, DefinitionPublisher publisher, TimeProvider timeProvider) : IWorkflowDefinitionPublisher
{
    public Task<WorkflowDefinition> NewAsync(CancellationToken cancellationToken = default)
    {
        var model = new JsonObject
        {
            ["name"] = "",
            ["root"] = new JsonObject { ["id"] = "Flowchart1", ["name"] = "Flowchart1", ["type"] = "Elsa.Flowchart", ["version"] = 1 },
        };
        var draft = DefinitionJson.ToDraft(model, null, timeProvider.GetUtcNow());
        return Task.FromResult(WorkflowDefinition.From(DraftRules.Append(draft with { Name = "" }, null, 0)));
    }

    public async Task<PublishWorkflowDefinitionResult> PublishAsync(string definitionId, CancellationToken cancellationToken = default) =>
        Describe(await publisher.PublishLatestAsync(definitionId, cancellationToken), definitionId);

    public async Task<PublishWorkflowDefinitionResult> PublishAsync(WorkflowDefinition definition, CancellationToken cancellationToken = default)
    {
        var draft = await SaveAsync(definition, cancellationToken);
        return Describe(await publisher.PublishAsync(draft, null, cancellationToken), draft.DefinitionId);
    }

    public async Task<WorkflowDefinition?> RetractAsync(string definitionId, CancellationToken cancellationToken = default) =>
        await store.RetractAsync(definitionId, cancellationToken) is { } retracted ? WorkflowDefinition.From(retracted) : null;

    public Task<WorkflowDefinition?> RetractAsync(WorkflowDefinition definition, CancellationToken cancellationToken = default) =>
        RetractAsync(definition.DefinitionId, cancellationToken);

    public async Task<WorkflowDefinition> RevertVersionAsync(string definitionId, int version, CancellationToken cancellationToken = default) =>
        await store.RevertAsync(definitionId, version, timeProvider.GetUtcNow(), cancellationToken) is { } draft
            ? WorkflowDefinition.From(draft)
            : throw new InvalidOperationException($"There is no version {version} of the workflow '{definitionId}'.");

    public async Task<WorkflowDefinition?> GetDraftAsync(string definitionId, VersionOptions versionOptions, CancellationToken cancellationToken = default)
    {
        if (await store.FindAsync(definitionId, versionOptions, cancellationToken) is not { } found)
        {
            return null;
        }

        if (found is { IsLatest: true, PublishedAt: null })
        {
            return WorkflowDefinition.From(found);
        }

        var latest = await store.FindAsync(definitionId, VersionOptions.Latest, cancellationToken);
        var copy = WorkflowDefinition.From(DraftRules.Append(found with { CreatedAt = timeProvider.GetUtcNow() }, latest, latest!.Version));
        copy.Id = latest.Id;
        copy.Revision = latest.Revision;
        return copy;
    }

    public async Task<WorkflowDefinition> SaveDraftAsync(WorkflowDefinition definition, CancellationToken cancellationToken = default) =>
        WorkflowDefinition.From(await SaveAsync(definition, cancellationToken));

    private static PublishWorkflowDefinitionResult Describe(PublicationResult result, string definitionId)
    {
        List<WorkflowValidationError> errors = [.. Of(result, DefinitionSeverity.Error)];
        if (result.Outcome is PublishOutcome.NotFound)
        {
            errors.Add(new WorkflowValidationError($"There is no workflow '{definitionId}'."));
        }
        else if (result.Outcome is PublishOutcome.Changed)
        {
            errors.Add(new WorkflowValidationError($"The workflow '{definitionId}' was changed while it was checked. Look at the change, then publish again."));
        }

        return new PublishWorkflowDefinitionResult(result.IsPublished, errors, result.Version is null ? null : WorkflowDefinition.From(result.Version))
        {
            AlreadyPublished = result.Outcome is PublishOutcome.AlreadyPublished,
            Warnings = [.. Of(result, DefinitionSeverity.Warning)],
        };
    }

    private static IEnumerable<WorkflowValidationError> Of(PublicationResult result, DefinitionSeverity severity) =>
        result.Findings.Where(finding => finding.Severity == severity).Select(finding => new WorkflowValidationError(finding.Message, finding.ActivityId));

    private async Task<DefinitionRecord> SaveAsync(WorkflowDefinition definition, CancellationToken cancellationToken)
    {
        var latest = await store.FindAsync(definition.DefinitionId, VersionOptions.Latest, cancellationToken);
        if (latest is not null && latest.MaterializerName != definition.MaterializerName)
        {
            throw new InvalidOperationException(
                $"The workflow '{definition.DefinitionId}' is defined by code ({latest.MaterializerName}). Change it there, or save a copy under another id.");
        }

        var basedOn = definition.Revision > 0 && latest is not null ? new DraftBase(definition.Id, definition.Revision) : null;
        var saved = await store.SaveDraftAsync(definition.ToDraft(timeProvider.GetUtcNow()), basedOn, cancellationToken);
        return saved.Outcome is DraftOutcome.Saved
            ? saved.Latest!
            : throw new InvalidOperationException($"Somebody else has saved the workflow '{definition.DefinitionId}' meanwhile. Load it again and repeat your change.");
    }
}
