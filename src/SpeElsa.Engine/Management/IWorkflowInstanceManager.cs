using Elsa.Workflows.Management.Entities;
using Elsa.Workflows.Management.Filters;

namespace Elsa.Workflows.Management;

/// <summary>Finds and deletes instances. Starting and changing them goes through the runtime, whose bursts are the only ones that write them.</summary>
public interface IWorkflowInstanceManager
{
    /// <summary>Finds an instance with its state.</summary>
    Task<WorkflowInstance?> FindByIdAsync(string instanceId, CancellationToken cancellationToken = default);

    /// <summary>Finds the newest instance that matches, with its state.</summary>
    Task<WorkflowInstance?> FindAsync(WorkflowInstanceFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Whether there is such an instance.</summary>
    Task<bool> ExistsAsync(string instanceId, CancellationToken cancellationToken = default);

    /// <summary>Deletes the newest instance that matches, if it has ended.</summary>
    /// <returns>Whether it was deleted.</returns>
    Task<bool> DeleteAsync(WorkflowInstanceFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Deletes the instances that match and have ended; those that run stay.</summary>
    /// <returns>How many were deleted.</returns>
    Task<long> BulkDeleteAsync(WorkflowInstanceFilter filter, CancellationToken cancellationToken = default);
}

internal sealed class WorkflowInstanceManager(IWorkflowInstanceStore store) : IWorkflowInstanceManager
{
    public Task<WorkflowInstance?> FindByIdAsync(string instanceId, CancellationToken cancellationToken = default) =>
        FindAsync(new WorkflowInstanceFilter { Id = instanceId }, cancellationToken);

    public async Task<WorkflowInstance?> FindAsync(WorkflowInstanceFilter filter, CancellationToken cancellationToken = default) =>
        await store.FindAsync(filter, cancellationToken);

    public async Task<bool> ExistsAsync(string instanceId, CancellationToken cancellationToken = default) =>
        await store.CountAsync(new WorkflowInstanceFilter { Id = instanceId }, cancellationToken) > 0;

    public async Task<bool> DeleteAsync(WorkflowInstanceFilter filter, CancellationToken cancellationToken = default)
    {
        var newest = (await store.FindManyIdsAsync(filter, new Common.Models.PageArgs(0, 1), cancellationToken)).Items.FirstOrDefault();
        return newest is not null && await store.DeleteAsync(new WorkflowInstanceFilter { Id = newest }, cancellationToken) > 0;
    }

    public async Task<long> BulkDeleteAsync(WorkflowInstanceFilter filter, CancellationToken cancellationToken = default) =>
        await store.DeleteAsync(filter, cancellationToken);
}
