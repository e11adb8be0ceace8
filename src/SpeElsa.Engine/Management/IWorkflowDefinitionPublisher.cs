using Elsa.Common.Models;
using Elsa.Workflows.Management.Entities;
using Elsa.Workflows.Management.Models;

namespace Elsa.Workflows.Management;

/// <summary>Saves drafts and decides which version new instances are bound to.</summary>
public interface IWorkflowDefinitionPublisher
{
    /// <summary>Makes a definition with an empty flowchart. It is not stored yet.</summary>
    Task<WorkflowDefinition> NewAsync(CancellationToken cancellationToken = default);

    /// <summary>Publishes the latest version of a definition.</summary>
    Task<PublishWorkflowDefinitionResult> PublishAsync(string definitionId, CancellationToken cancellationToken = default);

    /// <summary>Saves a definition as a draft and publishes it.</summary>
    /// <exception cref="InvalidOperationException">Somebody else has saved the definition meanwhile, or it is defined by code.</exception>
    Task<PublishWorkflowDefinitionResult> PublishAsync(WorkflowDefinition definition, CancellationToken cancellationToken = default);

    /// <summary>Ends the publication of a definition. Instances that run go on.</summary>
    /// <returns>The version that was published; null when none was.</returns>
    Task<WorkflowDefinition?> RetractAsync(string definitionId, CancellationToken cancellationToken = default);

    /// <summary>Ends the publication of a definition. Instances that run go on.</summary>
    /// <returns>The version that was published; null when none was.</returns>
    Task<WorkflowDefinition?> RetractAsync(WorkflowDefinition definition, CancellationToken cancellationToken = default);

    /// <summary>Copies a version as a new draft.</summary>
    /// <returns>The draft.</returns>
    /// <exception cref="InvalidOperationException">There is no such version.</exception>
    Task<WorkflowDefinition> RevertVersionAsync(string definitionId, int version, CancellationToken cancellationToken = default);

    /// <summary>Gives a draft to edit: the version that is meant, or an unsaved copy with the next number where that version is published.</summary>
    /// <returns>The draft; null when no version is meant.</returns>
    Task<WorkflowDefinition?> GetDraftAsync(string definitionId, VersionOptions versionOptions, CancellationToken cancellationToken = default);

    /// <summary>Saves a draft. A latest version that was never published is changed in place; otherwise the draft gets the next number.</summary>
    /// <returns>The draft as it is stored.</returns>
    /// <exception cref="InvalidOperationException">Somebody else has saved the definition meanwhile, or it is defined by code.</exception>
    Task<WorkflowDefinition> SaveDraftAsync(WorkflowDefinition definition, CancellationToken cancellationToken = default);
}
