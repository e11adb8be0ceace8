using Elsa.Workflows.Models;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime;

/// <summary>Finds what starts instances of a version.</summary>
public interface ITriggerIndexer
{
    /// <summary>Lists the triggers of a version, each with the time it is due first where time starts it.</summary>
    /// <param name="graph">The version as a graph.</param>
    /// <param name="identity">Which version it is.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IReadOnlyList<TriggerRecord>> IndexAsync(WorkflowGraph graph, WorkflowIdentity identity, CancellationToken cancellationToken);
}

/// <summary>For a host whose workflows are all started by hand.</summary>
internal sealed class NoTriggers : ITriggerIndexer
{
    public Task<IReadOnlyList<TriggerRecord>> IndexAsync(WorkflowGraph graph, WorkflowIdentity identity, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<TriggerRecord>>([]);
}
