using System.Text.Json;
using Elsa.Common.Models;
using Elsa.Workflows.Models;
using Elsa.Workflows.State;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;
using SpeElsa.Server.Moves;

namespace SpeElsa.Server.Evidence;

/// <summary>An instance of a move as it was at one commit.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="State">Its state; null before the first commit, or where it can not be read.</param>
/// <param name="Graph">Its definition; null where it is no longer stored.</param>
/// <param name="Journal">Its journal up to that commit.</param>
public sealed record EvidenceRun(InstanceRecord Instance, WorkflowState? State, WorkflowGraph? Graph, IReadOnlyList<JournalRecord> Journal);

/// <summary>A version of a definition that a move used.</summary>
/// <param name="DefinitionId">The definition.</param>
/// <param name="Version">The number of the version.</param>
/// <param name="ContentHash">Its content hash.</param>
/// <param name="Stored">What is stored under that hash; null where it was deleted.</param>
public sealed record EvidenceVersion(string DefinitionId, int Version, string ContentHash, DefinitionRecord? Stored);

/// <summary>Everything the bundle of a move is made from. It follows from what is stored alone: no clock, no chance.</summary>
/// <param name="Runs">The move first, then the workflows that it started.</param>
/// <param name="Versions">The versions that they ran, or used as activities.</param>
public sealed record EvidenceSource(IReadOnlyList<EvidenceRun> Runs, IReadOnlyList<EvidenceVersion> Versions);

/// <summary>Reads what is stored of a move and of the workflows that it started.</summary>
internal sealed class EvidenceReader(IInstanceReader reader, MoveReader moves, DefinitionCatalog catalog, IDefinitionStore definitions)
{
    private const int Tries = 50;

    /// <returns>Null when there is no such move.</returns>
    /// <exception cref="IOException">The move changed in every moment it was looked at.</exception>
    public async Task<EvidenceSource?> ReadAsync(string moveId, CancellationToken cancellationToken)
    {
        var runs = new List<EvidenceRun>();
        var versions = new List<EvidenceVersion>();
        var waiting = new Queue<string>([moveId]);
        while (waiting.TryDequeue(out var id))
        {
            if (await ReadRunAsync(id, cancellationToken) is not { } run)
            {
                continue;
            }

            runs.Add(run);
            await AddVersionsAsync(run, versions, cancellationToken);
            var (children, _) = await reader.ListAsync(
                new InstanceFilter { ParentIds = [id] }, new InstanceOrder(InstanceColumn.CreatedAt), 0, int.MaxValue, cancellationToken);
            foreach (var child in children)
            {
                waiting.Enqueue(child.Id);
            }
        }

        return runs.Count == 0 ? null : new EvidenceSource(runs, versions);
    }

    private async Task<EvidenceRun?> ReadRunAsync(string id, CancellationToken cancellationToken)
    {
        for (var turn = 0; turn < Tries; turn++)
        {
            if (await reader.FindAsync(id, cancellationToken) is not { } instance)
            {
                return null;
            }

            var state = await ReadStateAsync(id, cancellationToken);
            if (state is not null && state.ExecutionLogSequence != instance.JournalSequence)
            {
                // A commit came between the two looks.
                continue;
            }

            var journal = await moves.ReadJournalAsync(id, cancellationToken);
            return new EvidenceRun(instance, state, await GraphAsync(instance, cancellationToken), [.. journal.TakeWhile(row => row.Sequence <= instance.JournalSequence)]);
        }

        throw new IOException($"{id} changes too quickly to be read; ask again in a moment.");
    }

    private async Task<WorkflowState?> ReadStateAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadStateAsync(id, cancellationToken) is { } bytes ? StateCodec.Decode(bytes) : null;
        }
        catch (InvalidDataException)
        {
            // Such an instance is set aside, with the reason; its journal counts all the same.
            return null;
        }
    }

    private async Task<WorkflowGraph?> GraphAsync(InstanceRecord instance, CancellationToken cancellationToken)
    {
        try
        {
            return await catalog.GetAsync(instance.DefinitionVersionId, instance.DefinitionHash, cancellationToken);
        }
        catch (InvalidDefinitionException)
        {
            // Versions may be deleted once their instances have ended.
            return null;
        }
    }

    private async Task AddVersionsAsync(EvidenceRun run, List<EvidenceVersion> versions, CancellationToken cancellationToken)
    {
        foreach (var row in run.Journal.Where(row => row is { EventName: "Migrated", Payload: not null }))
        {
            var facts = MoveReader.Facts(row.Payload)!.Value;
            if (facts.TryGetProperty("FromVersion", out var number) && facts.TryGetProperty("FromHash", out var hash))
            {
                var earlier = await definitions.FindAsync(run.Instance.DefinitionId, VersionOptions.SpecificVersion(number.GetInt32()), cancellationToken);
                await AddVersionAsync(new EvidenceVersion(run.Instance.DefinitionId, number.GetInt32(), hash.GetString()!, earlier), versions, cancellationToken);
            }
        }

        var bound = await definitions.FindAsync(run.Instance.DefinitionVersionId, cancellationToken);
        await AddVersionAsync(
            new EvidenceVersion(run.Instance.DefinitionId, run.Instance.DefinitionVersion, run.Instance.DefinitionHash, bound), versions, cancellationToken);
    }

    private async Task AddVersionAsync(EvidenceVersion version, List<EvidenceVersion> versions, CancellationToken cancellationToken)
    {
        var found = version.Stored?.ContentHash == version.ContentHash ? version : version with { Stored = null };
        if (versions.Any(known => known.DefinitionId == found.DefinitionId && known.Version == found.Version && known.ContentHash == found.ContentHash))
        {
            return;
        }

        versions.Add(found);
        if (found.Stored is null)
        {
            return;
        }

        using var document = JsonDocument.Parse(found.Stored.Json);
        foreach (var id in UsedAsActivities(document.RootElement).Distinct(StringComparer.Ordinal))
        {
            if (await definitions.FindAsync(id, cancellationToken) is { } used)
            {
                await AddVersionAsync(new EvidenceVersion(used.DefinitionId, used.Version, used.ContentHash, used), versions, cancellationToken);
            }
        }
    }

    private static IEnumerable<string> UsedAsActivities(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(UsedAsActivities),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            property.NameEquals("workflowDefinitionVersionId") && property.Value is { ValueKind: JsonValueKind.String } id ? [id.GetString()!] : UsedAsActivities(property.Value)),
        _ => [],
    };
}
