using Elsa.Common.Models;
using Elsa.Workflows.Management.Entities;
using Elsa.Workflows.Management.Filters;
using Elsa.Workflows.Management.Models;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;

namespace Elsa.Workflows.Management;

/// <summary>Finds versions of definitions, and makes graphs of them.</summary>
public interface IWorkflowDefinitionService
{
    /// <summary>Makes the graph of a definition as it is given here.</summary>
    /// <exception cref="InvalidDefinitionException">It can not be read.</exception>
    Task<WorkflowGraph> MaterializeWorkflowAsync(WorkflowDefinition definition, CancellationToken cancellationToken = default);

    /// <summary>Finds the newest of the versions that are meant.</summary>
    Task<WorkflowDefinition?> FindWorkflowDefinitionAsync(string definitionId, VersionOptions versionOptions, CancellationToken cancellationToken = default);

    /// <summary>Finds a version.</summary>
    Task<WorkflowDefinition?> FindWorkflowDefinitionAsync(string definitionVersionId, CancellationToken cancellationToken = default);

    /// <summary>Finds a version.</summary>
    Task<WorkflowDefinition?> FindWorkflowDefinitionAsync(WorkflowDefinitionHandle handle, CancellationToken cancellationToken = default);

    /// <summary>Finds the newest version that matches.</summary>
    Task<WorkflowDefinition?> FindWorkflowDefinitionAsync(WorkflowDefinitionFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Finds the graph of a version.</summary>
    /// <exception cref="InvalidDefinitionException">It can not be read.</exception>
    Task<WorkflowGraph?> FindWorkflowGraphAsync(string definitionId, VersionOptions versionOptions, CancellationToken cancellationToken = default);

    /// <summary>Finds the graph of a version.</summary>
    /// <exception cref="InvalidDefinitionException">It can not be read.</exception>
    Task<WorkflowGraph?> FindWorkflowGraphAsync(string definitionVersionId, CancellationToken cancellationToken = default);

    /// <summary>Finds the graph of a version.</summary>
    /// <exception cref="InvalidDefinitionException">It can not be read.</exception>
    Task<WorkflowGraph?> FindWorkflowGraphAsync(WorkflowDefinitionHandle definitionHandle, CancellationToken cancellationToken = default);

    /// <summary>Finds the graph of the newest version that matches.</summary>
    /// <exception cref="InvalidDefinitionException">It can not be read.</exception>
    Task<WorkflowGraph?> FindWorkflowGraphAsync(WorkflowDefinitionFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Finds the graphs of all versions that match and can be read.</summary>
    Task<IEnumerable<WorkflowGraph>> FindWorkflowGraphsAsync(WorkflowDefinitionFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Finds a version and, where it can be read, its graph.</summary>
    Task<WorkflowGraphFindResult> TryFindWorkflowGraphAsync(string definitionId, VersionOptions versionOptions, CancellationToken cancellationToken = default);

    /// <summary>Finds a version and, where it can be read, its graph.</summary>
    Task<WorkflowGraphFindResult> TryFindWorkflowGraphAsync(string definitionVersionId, CancellationToken cancellationToken = default);

    /// <summary>Finds a version and, where it can be read, its graph.</summary>
    Task<WorkflowGraphFindResult> TryFindWorkflowGraphAsync(WorkflowDefinitionHandle definitionHandle, CancellationToken cancellationToken = default);

    /// <summary>Finds the newest version that matches and, where it can be read, its graph.</summary>
    Task<WorkflowGraphFindResult> TryFindWorkflowGraphAsync(WorkflowDefinitionFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Finds all versions that match and, where they can be read, their graphs.</summary>
    Task<IEnumerable<WorkflowGraphFindResult>> TryFindWorkflowGraphsAsync(WorkflowDefinitionFilter filter, CancellationToken cancellationToken = default);
}

internal sealed class WorkflowDefinitionService(IDefinitionStore store, DefinitionCatalog catalog, TimeProvider timeProvider) : IWorkflowDefinitionService
{
    private static readonly DefinitionOrder NewestFirst = new(DefinitionColumn.Version, Descending: true);

    public Task<WorkflowGraph> MaterializeWorkflowAsync(WorkflowDefinition definition, CancellationToken cancellationToken = default) => catalog.ReadAsync(
        definition.ToDraft(timeProvider.GetUtcNow()) with { Id = definition.Id, Version = definition.Version, MaterializerName = definition.MaterializerName }, cancellationToken);

    public Task<WorkflowDefinition?> FindWorkflowDefinitionAsync(string definitionId, VersionOptions versionOptions, CancellationToken cancellationToken = default) =>
        FindWorkflowDefinitionAsync(By(definitionId, versionOptions), cancellationToken);

    public Task<WorkflowDefinition?> FindWorkflowDefinitionAsync(string definitionVersionId, CancellationToken cancellationToken = default) =>
        FindWorkflowDefinitionAsync(By(definitionVersionId), cancellationToken);

    public Task<WorkflowDefinition?> FindWorkflowDefinitionAsync(WorkflowDefinitionHandle handle, CancellationToken cancellationToken = default) =>
        FindWorkflowDefinitionAsync(By(handle), cancellationToken);

    public async Task<WorkflowDefinition?> FindWorkflowDefinitionAsync(WorkflowDefinitionFilter filter, CancellationToken cancellationToken = default) =>
        await FindNewestAsync(filter, cancellationToken) is { } record ? WorkflowDefinition.From(record) : null;

    public Task<WorkflowGraph?> FindWorkflowGraphAsync(string definitionId, VersionOptions versionOptions, CancellationToken cancellationToken = default) =>
        FindWorkflowGraphAsync(By(definitionId, versionOptions), cancellationToken);

    public Task<WorkflowGraph?> FindWorkflowGraphAsync(string definitionVersionId, CancellationToken cancellationToken = default) =>
        FindWorkflowGraphAsync(By(definitionVersionId), cancellationToken);

    public Task<WorkflowGraph?> FindWorkflowGraphAsync(WorkflowDefinitionHandle definitionHandle, CancellationToken cancellationToken = default) =>
        FindWorkflowGraphAsync(By(definitionHandle), cancellationToken);

    public async Task<WorkflowGraph?> FindWorkflowGraphAsync(WorkflowDefinitionFilter filter, CancellationToken cancellationToken = default) =>
        await FindNewestAsync(filter, cancellationToken) is { } record ? await catalog.GetAsync(record.Id, record.ContentHash, cancellationToken) : null;

    public async Task<IEnumerable<WorkflowGraph>> FindWorkflowGraphsAsync(WorkflowDefinitionFilter filter, CancellationToken cancellationToken = default) =>
        [.. (await TryFindWorkflowGraphsAsync(filter, cancellationToken)).Select(result => result.WorkflowGraph).OfType<WorkflowGraph>()];

    public Task<WorkflowGraphFindResult> TryFindWorkflowGraphAsync(string definitionId, VersionOptions versionOptions, CancellationToken cancellationToken = default) =>
        TryFindWorkflowGraphAsync(By(definitionId, versionOptions), cancellationToken);

    public Task<WorkflowGraphFindResult> TryFindWorkflowGraphAsync(string definitionVersionId, CancellationToken cancellationToken = default) =>
        TryFindWorkflowGraphAsync(By(definitionVersionId), cancellationToken);

    public Task<WorkflowGraphFindResult> TryFindWorkflowGraphAsync(WorkflowDefinitionHandle definitionHandle, CancellationToken cancellationToken = default) =>
        TryFindWorkflowGraphAsync(By(definitionHandle), cancellationToken);

    public async Task<WorkflowGraphFindResult> TryFindWorkflowGraphAsync(WorkflowDefinitionFilter filter, CancellationToken cancellationToken = default) =>
        await FindNewestAsync(filter, cancellationToken) is { } record ? await TryReadAsync(record, cancellationToken) : new WorkflowGraphFindResult(null, null);

    public async Task<IEnumerable<WorkflowGraphFindResult>> TryFindWorkflowGraphsAsync(WorkflowDefinitionFilter filter, CancellationToken cancellationToken = default)
    {
        var results = new List<WorkflowGraphFindResult>();
        if (filter.ToStored() is { } stored)
        {
            foreach (var record in await store.FindManyAsync(stored, default, 0, int.MaxValue, cancellationToken))
            {
                results.Add(await TryReadAsync(record, cancellationToken));
            }
        }

        return results;
    }

    private static WorkflowDefinitionFilter By(string definitionId, VersionOptions versionOptions) => new() { DefinitionId = definitionId, VersionOptions = versionOptions };

    private static WorkflowDefinitionFilter By(string definitionVersionId) => new() { Id = definitionVersionId };

    private static WorkflowDefinitionFilter By(WorkflowDefinitionHandle handle) => new() { DefinitionHandle = handle };

    private async Task<DefinitionRecord?> FindNewestAsync(WorkflowDefinitionFilter filter, CancellationToken cancellationToken) =>
        filter.ToStored() is { } stored && await store.FindManyAsync(stored, NewestFirst, 0, 1, cancellationToken) is [var newest] ? newest : null;

    private async Task<WorkflowGraphFindResult> TryReadAsync(DefinitionRecord record, CancellationToken cancellationToken)
    {
        try
        {
            return new WorkflowGraphFindResult(WorkflowDefinition.From(record), await catalog.GetAsync(record.Id, record.ContentHash, cancellationToken));
        }
        catch (InvalidDefinitionException)
        {
            return new WorkflowGraphFindResult(WorkflowDefinition.From(record), null);
        }
    }
}
