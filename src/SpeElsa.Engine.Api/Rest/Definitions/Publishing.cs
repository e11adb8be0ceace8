using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>Publishes and ends publications, and answers about it in Elsa's shape.</summary>
internal sealed class Publishing(IDefinitionStore store, DefinitionPublisher publisher, WorkflowActivities activities)
{
    /// <summary>Publishes the latest version.</summary>
    public Task<PublicationResult> PublishAsync(string definitionId, CancellationToken cancellationToken) => publisher.PublishLatestAsync(definitionId, cancellationToken);

    /// <summary>Ends a publication.</summary>
    /// <returns>The version that was published; null when none was.</returns>
    public async Task<DefinitionRecord?> RetractAsync(string definitionId, CancellationToken cancellationToken)
    {
        var retracted = await store.RetractAsync(definitionId, cancellationToken);
        if (retracted?.UsableAsActivity is true)
        {
            await activities.RefreshAsync(cancellationToken);
        }

        return retracted;
    }

    /// <summary>Deletes a version or all versions.</summary>
    public async Task<DeleteResult> DeleteAsync(Func<Task<DeleteResult>> delete, CancellationToken cancellationToken)
    {
        var result = await delete();
        if (result.Outcome is DeleteOutcome.Deleted)
        {
            await activities.RefreshAsync(cancellationToken);
        }

        return result;
    }

    /// <summary>A version that was saved or published.</summary>
    public static JsonObject Answer(JsonObject definition, bool alreadyPublished, IEnumerable<DefinitionFinding> findings) => new()
    {
        ["workflowDefinition"] = definition,
        ["alreadyPublished"] = alreadyPublished,
        ["consumingWorkflowCount"] = 0,
        ["validationErrors"] = new JsonArray(),
        ["warnings"] = JsonSerializer.SerializeToNode(
            findings.Where(finding => finding.Severity is DefinitionSeverity.Warning).Select(finding => new { message = finding.Message, activityId = finding.ActivityId }), RestJson.Options),
    };

    /// <summary>Why a definition is not published, as the designer shows it.</summary>
    public static string[] Errors(PublicationResult result) => result.Outcome is PublishOutcome.Changed
        ? ["Somebody else is saving this definition right now. Nothing was published; publish again in a moment."]
        : Errors(result.Findings);

    /// <summary>Findings that keep a definition from being published, as the designer shows them.</summary>
    public static string[] Errors(IEnumerable<DefinitionFinding> findings) =>
        [.. findings.Where(finding => finding.Severity is DefinitionSeverity.Error).Select(finding => finding.ActivityId is null ? finding.Message : $"{finding.ActivityId}: {finding.Message}")];
}
