using Elsa.Workflows.Models;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime;

/// <summary>Finds what starts a workflow.</summary>
public interface ITriggerIndexer
{
    /// <summary>The triggers of a version that is about to be published.</summary>
    Task<IReadOnlyList<TriggerRecord>> IndexAsync(WorkflowGraph graph, WorkflowIdentity identity, CancellationToken cancellationToken);
}
