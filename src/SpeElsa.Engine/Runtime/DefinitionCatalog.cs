using System.Collections.Concurrent;
using System.Text.Json;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime;

/// <summary>Graphs of definition versions, read once and kept: what an instance was started with never changes.</summary>
public sealed class DefinitionCatalog(IDefinitionStore store, IEnumerable<IWorkflowMaterializer> materializers)
{
    private readonly ConcurrentDictionary<(string VersionId, string ContentHash), WorkflowGraph> _graphs = new();

    /// <summary>The graph of a version.</summary>
    /// <param name="versionId">The version.</param>
    /// <param name="contentHash">What the instance was started with.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="InvalidDefinitionException">The version is gone, was changed, or can not be read.</exception>
    public async Task<WorkflowGraph> GetAsync(string versionId, string contentHash, CancellationToken cancellationToken)
    {
        if (_graphs.TryGetValue((versionId, contentHash), out var known))
        {
            return known;
        }

        var record = await store.FindAsync(versionId, cancellationToken)
            ?? throw new InvalidDefinitionException(versionId, ["This version is no longer stored"]);
        if (record.ContentHash != contentHash || HashOf(record) != contentHash)
        {
            throw new InvalidDefinitionException(record.DefinitionId, [$"Version {record.Version} is not what the instance was started with: its content hash differs"]);
        }

        return _graphs.GetOrAdd((versionId, contentHash), await ReadAsync(record, cancellationToken));
    }

    /// <summary>Reads a version that need not be stored. Its graph is not kept.</summary>
    /// <exception cref="InvalidDefinitionException">It can not be read.</exception>
    public Task<WorkflowGraph> ReadAsync(DefinitionRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        var materializer = materializers.FirstOrDefault(candidate => candidate.Name == record.MaterializerName)
            ?? throw new InvalidDefinitionException(
                record.DefinitionId, [$"Version {record.Version} is made by '{record.MaterializerName}', which this program does not have; add it, then put the instance back"]);
        return materializer.MaterializeAsync(record, cancellationToken);
    }

    private static string HashOf(DefinitionRecord record)
    {
        try
        {
            return DefinitionReader.ContentHash(record.Json);
        }
        catch (JsonException exception)
        {
            throw new InvalidDefinitionException(record.DefinitionId, [$"Version {record.Version} can not be read any more: {exception.Message}"]);
        }
    }
}
