using System.Collections.Concurrent;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime;

/// <summary>Graphs of definition versions, read once and kept: a version never changes.</summary>
public sealed class DefinitionCatalog(IDefinitionStore store, DefinitionReader reader)
{
    private readonly ConcurrentDictionary<string, WorkflowGraph> _graphs = new(StringComparer.Ordinal);

    /// <summary>The graph of a version.</summary>
    /// <param name="versionId">The version.</param>
    /// <param name="contentHash">What the instance was started with.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="InvalidDefinitionException">The version is gone, was changed, or can not be read.</exception>
    public async Task<WorkflowGraph> GetAsync(string versionId, string contentHash, CancellationToken cancellationToken)
    {
        if (_graphs.TryGetValue(versionId, out var known))
        {
            return known;
        }

        var record = await store.FindAsync(versionId, cancellationToken)
            ?? throw new InvalidDefinitionException(versionId, ["This version is no longer stored"]);
        if (record.ContentHash != contentHash || DefinitionReader.ContentHash(record.Json) != contentHash)
        {
            throw new InvalidDefinitionException(record.DefinitionId, [$"Version {record.Version} is not what the instance was started with: its content hash differs"]);
        }

        return _graphs.GetOrAdd(versionId, reader.Read(record.Json, new WorkflowIdentity(record.DefinitionId, record.Version, record.Id)));
    }
}
