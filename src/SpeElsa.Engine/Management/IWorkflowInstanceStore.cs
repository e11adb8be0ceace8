using Elsa.Common.Models;
using Elsa.Workflows.Management.Entities;
using Elsa.Workflows.Management.Filters;
using Elsa.Workflows.Management.Models;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace Elsa.Workflows.Management;

/// <summary>Reads and deletes instances. They are written by their bursts only.</summary>
public interface IWorkflowInstanceStore
{
    /// <summary>Finds the newest instance that matches, with its state.</summary>
    ValueTask<WorkflowInstance?> FindAsync(WorkflowInstanceFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Lists instances without their states, newest first.</summary>
    ValueTask<Page<WorkflowInstance>> FindManyAsync(WorkflowInstanceFilter filter, PageArgs pageArgs, CancellationToken cancellationToken = default);

    /// <summary>Lists instances without their states.</summary>
    ValueTask<Page<WorkflowInstance>> FindManyAsync<TOrderBy>(
        WorkflowInstanceFilter filter, PageArgs pageArgs, WorkflowInstanceOrder<TOrderBy> order, CancellationToken cancellationToken = default);

    /// <summary>Lists instances without their states, newest first.</summary>
    ValueTask<IEnumerable<WorkflowInstance>> FindManyAsync(WorkflowInstanceFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Lists instances without their states.</summary>
    ValueTask<IEnumerable<WorkflowInstance>> FindManyAsync<TOrderBy>(
        WorkflowInstanceFilter filter, WorkflowInstanceOrder<TOrderBy> order, CancellationToken cancellationToken = default);

    /// <summary>Counts instances.</summary>
    ValueTask<long> CountAsync(WorkflowInstanceFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Lists instances in short, newest first.</summary>
    ValueTask<Page<WorkflowInstanceSummary>> SummarizeManyAsync(WorkflowInstanceFilter filter, PageArgs pageArgs, CancellationToken cancellationToken = default);

    /// <summary>Lists instances in short.</summary>
    ValueTask<Page<WorkflowInstanceSummary>> SummarizeManyAsync<TOrderBy>(
        WorkflowInstanceFilter filter, PageArgs pageArgs, WorkflowInstanceOrder<TOrderBy> order, CancellationToken cancellationToken = default);

    /// <summary>Lists instances in short, newest first.</summary>
    ValueTask<IEnumerable<WorkflowInstanceSummary>> SummarizeManyAsync(WorkflowInstanceFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Lists instances in short.</summary>
    ValueTask<IEnumerable<WorkflowInstanceSummary>> SummarizeManyAsync<TOrder>(
        WorkflowInstanceFilter filter, WorkflowInstanceOrder<TOrder> order, CancellationToken cancellationToken = default);

    /// <summary>Lists the ids of instances, newest first.</summary>
    ValueTask<IEnumerable<string>> FindManyIdsAsync(WorkflowInstanceFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Lists the ids of instances, newest first.</summary>
    ValueTask<Page<string>> FindManyIdsAsync(WorkflowInstanceFilter filter, PageArgs pageArgs, CancellationToken cancellationToken = default);

    /// <summary>Lists the ids of instances.</summary>
    ValueTask<Page<string>> FindManyIdsAsync<TOrderBy>(
        WorkflowInstanceFilter filter, PageArgs pageArgs, WorkflowInstanceOrder<TOrderBy> order, CancellationToken cancellationToken = default);

    /// <summary>Deletes the instances that match and have ended; those that run stay.</summary>
    /// <returns>How many were deleted.</returns>
    ValueTask<long> DeleteAsync(WorkflowInstanceFilter filter, CancellationToken cancellationToken = default);
}

internal sealed class WorkflowInstanceStore(IInstanceReader reader, IRuntimeStore runtime) : IWorkflowInstanceStore
{
    private const int AtOnce = 200;

    public async ValueTask<WorkflowInstance?> FindAsync(WorkflowInstanceFilter filter, CancellationToken cancellationToken = default)
    {
        if ((await ListAsync(filter, new PageArgs(0, 1), InstanceOrder.NewestFirst, cancellationToken)).Items is not [var record])
        {
            return null;
        }

        var state = await reader.ReadStateAsync(record.Id, cancellationToken);
        return WorkflowInstance.From(record, !await reader.IsIdleAsync(record.Id, cancellationToken), state is null ? null : StateCodec.Decode(state));
    }

    public ValueTask<Page<WorkflowInstance>> FindManyAsync(WorkflowInstanceFilter filter, PageArgs pageArgs, CancellationToken cancellationToken = default) =>
        InstancesAsync(filter, pageArgs, InstanceOrder.NewestFirst, cancellationToken);

    public ValueTask<Page<WorkflowInstance>> FindManyAsync<TOrderBy>(
        WorkflowInstanceFilter filter, PageArgs pageArgs, WorkflowInstanceOrder<TOrderBy> order, CancellationToken cancellationToken = default) =>
        InstancesAsync(filter, pageArgs, order.ToStored(), cancellationToken);

    public async ValueTask<IEnumerable<WorkflowInstance>> FindManyAsync(WorkflowInstanceFilter filter, CancellationToken cancellationToken = default) =>
        (await InstancesAsync(filter, PageArgs.All, InstanceOrder.NewestFirst, cancellationToken)).Items;

    public async ValueTask<IEnumerable<WorkflowInstance>> FindManyAsync<TOrderBy>(
        WorkflowInstanceFilter filter, WorkflowInstanceOrder<TOrderBy> order, CancellationToken cancellationToken = default) =>
        (await InstancesAsync(filter, PageArgs.All, order.ToStored(), cancellationToken)).Items;

    public async ValueTask<long> CountAsync(WorkflowInstanceFilter filter, CancellationToken cancellationToken = default) =>
        filter.ToStored() is { } stored ? await reader.CountAsync(stored, cancellationToken) : 0;

    public ValueTask<Page<WorkflowInstanceSummary>> SummarizeManyAsync(WorkflowInstanceFilter filter, PageArgs pageArgs, CancellationToken cancellationToken = default) =>
        MapAsync(filter, pageArgs, InstanceOrder.NewestFirst, WorkflowInstanceSummary.From, cancellationToken);

    public ValueTask<Page<WorkflowInstanceSummary>> SummarizeManyAsync<TOrderBy>(
        WorkflowInstanceFilter filter, PageArgs pageArgs, WorkflowInstanceOrder<TOrderBy> order, CancellationToken cancellationToken = default) =>
        MapAsync(filter, pageArgs, order.ToStored(), WorkflowInstanceSummary.From, cancellationToken);

    public async ValueTask<IEnumerable<WorkflowInstanceSummary>> SummarizeManyAsync(WorkflowInstanceFilter filter, CancellationToken cancellationToken = default) =>
        (await SummarizeManyAsync(filter, PageArgs.All, cancellationToken)).Items;

    public async ValueTask<IEnumerable<WorkflowInstanceSummary>> SummarizeManyAsync<TOrder>(
        WorkflowInstanceFilter filter, WorkflowInstanceOrder<TOrder> order, CancellationToken cancellationToken = default) =>
        (await SummarizeManyAsync(filter, PageArgs.All, order, cancellationToken)).Items;

    public async ValueTask<IEnumerable<string>> FindManyIdsAsync(WorkflowInstanceFilter filter, CancellationToken cancellationToken = default) =>
        (await FindManyIdsAsync(filter, PageArgs.All, cancellationToken)).Items;

    public ValueTask<Page<string>> FindManyIdsAsync(WorkflowInstanceFilter filter, PageArgs pageArgs, CancellationToken cancellationToken = default) =>
        MapAsync(filter, pageArgs, InstanceOrder.NewestFirst, record => record.Id, cancellationToken);

    public ValueTask<Page<string>> FindManyIdsAsync<TOrderBy>(
        WorkflowInstanceFilter filter, PageArgs pageArgs, WorkflowInstanceOrder<TOrderBy> order, CancellationToken cancellationToken = default) =>
        MapAsync(filter, pageArgs, order.ToStored(), record => record.Id, cancellationToken);

    public async ValueTask<long> DeleteAsync(WorkflowInstanceFilter filter, CancellationToken cancellationToken = default)
    {
        var deleted = 0L;
        foreach (var ids in (await FindManyIdsAsync(filter, cancellationToken)).Chunk(AtOnce))
        {
            deleted += (await runtime.DeleteInstancesAsync(ids, cancellationToken)).Deleted;
        }

        return deleted;
    }

    private async Task<(IReadOnlyList<InstanceRecord> Items, int Total)> ListAsync(
        WorkflowInstanceFilter filter, PageArgs page, InstanceOrder order, CancellationToken cancellationToken) =>
        filter.ToStored() is { } stored
            ? await reader.ListAsync(stored, order, page.Offset ?? 0, page.Limit ?? int.MaxValue, cancellationToken)
            : ([], 0);

    private async ValueTask<Page<T>> MapAsync<T>(
        WorkflowInstanceFilter filter, PageArgs page, InstanceOrder order, Func<InstanceRecord, T> map, CancellationToken cancellationToken)
    {
        var (items, total) = await ListAsync(filter, page, order, cancellationToken);
        return new Page<T>([.. items.Select(map)], total);
    }

    private async ValueTask<Page<WorkflowInstance>> InstancesAsync(WorkflowInstanceFilter filter, PageArgs page, InstanceOrder order, CancellationToken cancellationToken)
    {
        var (items, total) = await ListAsync(filter, page, order, cancellationToken);
        var executing = new HashSet<string>(StringComparer.Ordinal);
        foreach (var ids in items.Where(record => record.Status is WorkflowStatus.Running).Select(record => record.Id).Chunk(AtOnce))
        {
            var (found, _) = await reader.ListAsync(new InstanceFilter { Ids = ids, IsExecuting = true }, InstanceOrder.NewestFirst, 0, ids.Length, cancellationToken);
            executing.UnionWith(found.Select(record => record.Id));
        }

        return new Page<WorkflowInstance>([.. items.Select(record => WorkflowInstance.From(record, executing.Contains(record.Id), null))], total);
    }
}
