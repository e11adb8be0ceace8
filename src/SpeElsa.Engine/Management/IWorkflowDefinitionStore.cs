using Elsa.Common.Models;
using Elsa.Workflows.Management.Entities;
using Elsa.Workflows.Management.Filters;
using Elsa.Workflows.Management.Models;
using SpeElsa.Engine.Storage;

namespace Elsa.Workflows.Management;

/// <summary>Reads and deletes versions of definitions. They are written by <see cref="IWorkflowDefinitionPublisher"/> only, which keeps published versions as they are.</summary>
public interface IWorkflowDefinitionStore
{
    /// <summary>Finds the newest version that matches.</summary>
    Task<WorkflowDefinition?> FindAsync(WorkflowDefinitionFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Finds the first version that matches.</summary>
    Task<WorkflowDefinition?> FindAsync<TOrderBy>(WorkflowDefinitionFilter filter, WorkflowDefinitionOrder<TOrderBy> order, CancellationToken cancellationToken = default);

    /// <summary>Lists versions, by name.</summary>
    Task<Page<WorkflowDefinition>> FindManyAsync(WorkflowDefinitionFilter filter, PageArgs pageArgs, CancellationToken cancellationToken = default);

    /// <summary>Lists versions.</summary>
    Task<Page<WorkflowDefinition>> FindManyAsync<TOrderBy>(
        WorkflowDefinitionFilter filter, WorkflowDefinitionOrder<TOrderBy> order, PageArgs pageArgs, CancellationToken cancellationToken = default);

    /// <summary>Lists versions, by name.</summary>
    Task<IEnumerable<WorkflowDefinition>> FindManyAsync(WorkflowDefinitionFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Lists versions.</summary>
    Task<IEnumerable<WorkflowDefinition>> FindManyAsync<TOrderBy>(
        WorkflowDefinitionFilter filter, WorkflowDefinitionOrder<TOrderBy> order, CancellationToken cancellationToken = default);

    /// <summary>Lists versions without their JSON, by name.</summary>
    Task<Page<WorkflowDefinitionSummary>> FindSummariesAsync(WorkflowDefinitionFilter filter, PageArgs pageArgs, CancellationToken cancellationToken = default);

    /// <summary>Lists versions without their JSON.</summary>
    Task<Page<WorkflowDefinitionSummary>> FindSummariesAsync<TOrderBy>(
        WorkflowDefinitionFilter filter, WorkflowDefinitionOrder<TOrderBy> order, PageArgs pageArgs, CancellationToken cancellationToken = default);

    /// <summary>Lists versions without their JSON, by name.</summary>
    Task<IEnumerable<WorkflowDefinitionSummary>> FindSummariesAsync(WorkflowDefinitionFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Lists versions without their JSON.</summary>
    Task<IEnumerable<WorkflowDefinitionSummary>> FindSummariesAsync<TOrderBy>(
        WorkflowDefinitionFilter filter, WorkflowDefinitionOrder<TOrderBy> order, CancellationToken cancellationToken = default);

    /// <summary>Finds the newest version that matches.</summary>
    Task<WorkflowDefinition?> FindLastVersionAsync(WorkflowDefinitionFilter filter, CancellationToken cancellationToken);

    /// <summary>Deletes the versions that match, but none that an unfinished instance is bound to.</summary>
    /// <returns>How many were deleted.</returns>
    Task<long> DeleteAsync(WorkflowDefinitionFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Whether a version matches.</summary>
    Task<bool> AnyAsync(WorkflowDefinitionFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Counts definitions, not their versions.</summary>
    Task<long> CountDistinctAsync(CancellationToken cancellationToken = default);

    /// <summary>Whether no other definition has this name.</summary>
    Task<bool> GetIsNameUnique(string name, string? definitionId = null, CancellationToken cancellationToken = default);
}

internal sealed class WorkflowDefinitionStore(IDefinitionStore store) : IWorkflowDefinitionStore
{
    private static readonly DefinitionOrder ByName = new(DefinitionColumn.Name);
    private static readonly DefinitionOrder NewestFirst = new(DefinitionColumn.Version, Descending: true);

    public Task<WorkflowDefinition?> FindAsync(WorkflowDefinitionFilter filter, CancellationToken cancellationToken = default) =>
        FirstAsync(filter, NewestFirst, cancellationToken);

    public Task<WorkflowDefinition?> FindAsync<TOrderBy>(
        WorkflowDefinitionFilter filter, WorkflowDefinitionOrder<TOrderBy> order, CancellationToken cancellationToken = default) =>
        FirstAsync(filter, order.ToStored(), cancellationToken);

    public Task<Page<WorkflowDefinition>> FindManyAsync(WorkflowDefinitionFilter filter, PageArgs pageArgs, CancellationToken cancellationToken = default) =>
        PageAsync(filter, ByName, pageArgs, cancellationToken);

    public Task<Page<WorkflowDefinition>> FindManyAsync<TOrderBy>(
        WorkflowDefinitionFilter filter, WorkflowDefinitionOrder<TOrderBy> order, PageArgs pageArgs, CancellationToken cancellationToken = default) =>
        PageAsync(filter, order.ToStored(), pageArgs, cancellationToken);

    public async Task<IEnumerable<WorkflowDefinition>> FindManyAsync(WorkflowDefinitionFilter filter, CancellationToken cancellationToken = default) =>
        await ManyAsync(filter, ByName, PageArgs.All, cancellationToken);

    public async Task<IEnumerable<WorkflowDefinition>> FindManyAsync<TOrderBy>(
        WorkflowDefinitionFilter filter, WorkflowDefinitionOrder<TOrderBy> order, CancellationToken cancellationToken = default) =>
        await ManyAsync(filter, order.ToStored(), PageArgs.All, cancellationToken);

    public Task<Page<WorkflowDefinitionSummary>> FindSummariesAsync(WorkflowDefinitionFilter filter, PageArgs pageArgs, CancellationToken cancellationToken = default) =>
        SummariesAsync(filter, ByName, pageArgs, cancellationToken);

    public Task<Page<WorkflowDefinitionSummary>> FindSummariesAsync<TOrderBy>(
        WorkflowDefinitionFilter filter, WorkflowDefinitionOrder<TOrderBy> order, PageArgs pageArgs, CancellationToken cancellationToken = default) =>
        SummariesAsync(filter, order.ToStored(), pageArgs, cancellationToken);

    public async Task<IEnumerable<WorkflowDefinitionSummary>> FindSummariesAsync(WorkflowDefinitionFilter filter, CancellationToken cancellationToken = default) =>
        (await SummariesAsync(filter, ByName, PageArgs.All, cancellationToken)).Items;

    public async Task<IEnumerable<WorkflowDefinitionSummary>> FindSummariesAsync<TOrderBy>(
        WorkflowDefinitionFilter filter, WorkflowDefinitionOrder<TOrderBy> order, CancellationToken cancellationToken = default) =>
        (await SummariesAsync(filter, order.ToStored(), PageArgs.All, cancellationToken)).Items;

    public Task<WorkflowDefinition?> FindLastVersionAsync(WorkflowDefinitionFilter filter, CancellationToken cancellationToken) =>
        FirstAsync(filter, NewestFirst, cancellationToken);

    public async Task<long> DeleteAsync(WorkflowDefinitionFilter filter, CancellationToken cancellationToken = default)
    {
        var deleted = 0L;
        foreach (var version in await FindSummariesAsync(filter, cancellationToken))
        {
            deleted += (await store.DeleteVersionAsync(version.Id, cancellationToken)).Versions;
        }

        return deleted;
    }

    public async Task<bool> AnyAsync(WorkflowDefinitionFilter filter, CancellationToken cancellationToken = default) =>
        (await SummariesAsync(filter, ByName, new PageArgs(0, 1), cancellationToken)).TotalCount > 0;

    public async Task<long> CountDistinctAsync(CancellationToken cancellationToken = default) => await store.CountAsync(cancellationToken);

    public Task<bool> GetIsNameUnique(string name, string? definitionId = null, CancellationToken cancellationToken = default) =>
        store.IsNameUniqueAsync(name, definitionId, cancellationToken);

    private async Task<WorkflowDefinition?> FirstAsync(WorkflowDefinitionFilter filter, DefinitionOrder order, CancellationToken cancellationToken) =>
        (await ManyAsync(filter, order, new PageArgs(0, 1), cancellationToken)).FirstOrDefault();

    private async Task<Page<WorkflowDefinition>> PageAsync(WorkflowDefinitionFilter filter, DefinitionOrder order, PageArgs page, CancellationToken cancellationToken)
    {
        var items = await ManyAsync(filter, order, page, cancellationToken);
        return new Page<WorkflowDefinition>(items, (await SummariesAsync(filter, order, new PageArgs(0, 0), cancellationToken)).TotalCount);
    }

    private async Task<List<WorkflowDefinition>> ManyAsync(WorkflowDefinitionFilter filter, DefinitionOrder order, PageArgs page, CancellationToken cancellationToken) =>
        filter.ToStored() is { } stored
            ? [.. (await store.FindManyAsync(stored, order, page.Offset ?? 0, page.Limit ?? int.MaxValue, cancellationToken)).Select(WorkflowDefinition.From)]
            : [];

    private async Task<Page<WorkflowDefinitionSummary>> SummariesAsync(WorkflowDefinitionFilter filter, DefinitionOrder order, PageArgs page, CancellationToken cancellationToken)
    {
        if (filter.ToStored() is not { } stored)
        {
            return new Page<WorkflowDefinitionSummary>([], 0);
        }

        var (items, total) = await store.ListAsync(stored, order, page.Offset ?? 0, page.Limit ?? int.MaxValue, cancellationToken);
        return new Page<WorkflowDefinitionSummary>([.. items.Select(WorkflowDefinitionSummary.From)], total);
    }
}
