using Elsa.Common.Models;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Management;

/// <summary>The file a version comes from.</summary>
/// <param name="Name">Its name without its folder.</param>
/// <param name="Hash">Its content hash.</param>
public sealed record DefinitionSource(string Name, string Hash);

/// <summary>The answer to publishing.</summary>
/// <param name="Outcome">How it ended; null when the checks refused it.</param>
/// <param name="Version">The version as it is stored now; null when there is none.</param>
/// <param name="Findings">What the checks found.</param>
public sealed record PublicationResult(PublishOutcome? Outcome, DefinitionRecord? Version, IReadOnlyList<DefinitionFinding> Findings)
{
    /// <summary>Whether the version is published now.</summary>
    public bool IsPublished => Outcome is PublishOutcome.Published or PublishOutcome.AlreadyPublished;
}

/// <summary>The one way to publish, for people, files and code: read, check, index, then one transaction.</summary>
public sealed class DefinitionPublisher(
    IDefinitionStore store, DefinitionCatalog catalog, IEnumerable<IDefinitionCheck> checks, ITriggerIndexer indexer, TimeProvider timeProvider)
{
    private const int Tries = 3;
    private const string UnreadableCode = "unreadable";

    /// <summary>Publishes the latest version. A draft that is saved meanwhile is read and checked again.</summary>
    public async Task<PublicationResult> PublishLatestAsync(string definitionId, CancellationToken cancellationToken)
    {
        for (var left = Tries; ; left--)
        {
            if (await store.FindAsync(definitionId, VersionOptions.Latest, cancellationToken) is not { } latest)
            {
                return new PublicationResult(PublishOutcome.NotFound, null, []);
            }

            var result = await PublishAsync(latest, null, cancellationToken);
            if (result.Outcome is not PublishOutcome.Changed || left == 0)
            {
                return result;
            }
        }
    }

    /// <summary>Publishes a version as it is given here.</summary>
    /// <param name="version">The version as it was read from the store.</param>
    /// <param name="source">The file it comes from, or null.</param>
    /// <param name="cancellationToken">Stops waiting; the version may be published all the same.</param>
    /// <returns>The answer; its outcome is Changed when the stored version is another by now, and null when the checks refused it.</returns>
    public async Task<PublicationResult> PublishAsync(DefinitionRecord version, DefinitionSource? source, CancellationToken cancellationToken)
    {
        var (graph, findings) = await ReadAndCheckAsync(version, cancellationToken);
        if (graph is null || HasErrors(findings))
        {
            return new PublicationResult(null, version, findings);
        }

        var triggers = await indexer.IndexAsync(graph, new WorkflowIdentity(version.DefinitionId, version.Version, version.Id), cancellationToken);
        var result = await store.PublishAsync(
            new Publication
            {
                VersionId = version.Id,
                ContentHash = version.ContentHash,
                Triggers = triggers,
                At = timeProvider.GetUtcNow(),
                Source = source?.Name,
                SourceHash = source?.Hash,
            },
            cancellationToken);
        return new PublicationResult(result.Outcome, result.Version, findings);
    }

    /// <summary>Says what is wrong or doubtful in a version, stored or not.</summary>
    public async Task<IReadOnlyList<DefinitionFinding>> CheckAsync(DefinitionRecord version, CancellationToken cancellationToken) =>
        (await ReadAndCheckAsync(version, cancellationToken)).Findings;

    /// <summary>Whether a finding keeps a definition from being published.</summary>
    public static bool HasErrors(IEnumerable<DefinitionFinding> findings) => findings.Any(finding => finding.Severity is DefinitionSeverity.Error);

    private async Task<(WorkflowGraph? Graph, IReadOnlyList<DefinitionFinding> Findings)> ReadAndCheckAsync(DefinitionRecord version, CancellationToken cancellationToken)
    {
        WorkflowGraph graph;
        try
        {
            graph = await catalog.ReadAsync(version, cancellationToken);
        }
        catch (InvalidDefinitionException exception)
        {
            return (null, [new DefinitionFinding(DefinitionSeverity.Error, UnreadableCode, null, exception.Message)]);
        }

        var findings = new List<DefinitionFinding>();
        foreach (var check in checks)
        {
            findings.AddRange(await check.CheckAsync(graph, version.Json, cancellationToken));
        }

        return (graph, findings);
    }
}
