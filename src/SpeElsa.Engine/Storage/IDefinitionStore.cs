using Elsa.Common.Models;

namespace SpeElsa.Engine.Storage;

/// <summary>
/// Keeps versions of definitions. Of a definition exactly one version is the latest and at most one is published. Each call is atomic, and those
/// that change something do it only if what they rest on still holds.
/// </summary>
public interface IDefinitionStore
{
    /// <summary>Finds a version.</summary>
    Task<DefinitionRecord?> FindAsync(string versionId, CancellationToken cancellationToken);

    /// <summary>Finds the newest of the versions that are meant.</summary>
    Task<DefinitionRecord?> FindAsync(string definitionId, VersionOptions versionOptions, CancellationToken cancellationToken);

    /// <summary>Lists versions with their JSON.</summary>
    Task<IReadOnlyList<DefinitionRecord>> FindManyAsync(DefinitionFilter filter, DefinitionOrder order, int skip, int take, CancellationToken cancellationToken);

    /// <summary>Lists versions without their JSON.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="order">In what order.</param>
    /// <param name="skip">How many to leave out.</param>
    /// <param name="take">How many to return at most.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<(IReadOnlyList<DefinitionSummary> Items, int Total)> ListAsync(
        DefinitionFilter filter, DefinitionOrder order, int skip, int take, CancellationToken cancellationToken);

    /// <summary>Counts definitions, not their versions.</summary>
    Task<int> CountAsync(CancellationToken cancellationToken);

    /// <summary>Whether no latest version of another definition has exactly this name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="definitionId">The definition that may have it; null: none may.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<bool> IsNameUniqueAsync(string name, string? definitionId, CancellationToken cancellationToken);

    /// <summary>
    /// Saves a draft. The latest version is changed in place while it was never published and no instance runs what would be lost; otherwise a
    /// version with the next number becomes the latest. A definition that is not known begins with 1.
    /// </summary>
    /// <param name="draft">What to store; the store decides id, number, revision, flags, and what is known of its file.</param>
    /// <param name="basedOn">What the editor has loaded; null: whatever is stored may be replaced.</param>
    /// <param name="cancellationToken">Stops waiting; the draft may be stored all the same.</param>
    Task<DraftResult> SaveDraftAsync(DefinitionRecord draft, DraftBase? basedOn, CancellationToken cancellationToken);

    /// <summary>Publishes a version; the one that was published is not from then on.</summary>
    Task<PublishResult> PublishAsync(Publication publication, CancellationToken cancellationToken);

    /// <summary>Ends the publication of a definition and removes its triggers. Instances that run go on.</summary>
    /// <returns>The version that was published, as it is stored now; null when none was.</returns>
    Task<DefinitionRecord?> RetractAsync(string definitionId, CancellationToken cancellationToken);

    /// <summary>Copies a version as a new draft, which becomes the latest.</summary>
    /// <param name="definitionId">The definition.</param>
    /// <param name="version">The number of the version to copy.</param>
    /// <param name="createdAt">When.</param>
    /// <param name="cancellationToken">Stops waiting; the draft may be stored all the same.</param>
    /// <returns>The draft; null when there is no such version.</returns>
    Task<DefinitionRecord?> RevertAsync(string definitionId, int version, DateTimeOffset createdAt, CancellationToken cancellationToken);

    /// <summary>Deletes a version, with its triggers where it is published. The newest that is left becomes the latest.</summary>
    Task<DeleteResult> DeleteVersionAsync(string versionId, CancellationToken cancellationToken);

    /// <summary>Deletes all versions of a definition, with its triggers.</summary>
    Task<DeleteResult> DeleteAsync(string definitionId, CancellationToken cancellationToken);

    /// <summary>Remembers that what is stored was preferred to a file.</summary>
    /// <param name="versionId">The latest version.</param>
    /// <param name="source">The file.</param>
    /// <param name="sourceHash">Its content hash.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether the version is still the latest.</returns>
    Task<bool> KeepAsync(string versionId, string source, string sourceHash, CancellationToken cancellationToken);

    /// <summary>Finds triggers by what starts them.</summary>
    Task<IReadOnlyList<TriggerRecord>> FindTriggersAsync(string hash, CancellationToken cancellationToken);

    /// <summary>Lists triggers.</summary>
    /// <param name="definitionId">Only of this definition; null: of all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IReadOnlyList<TriggerRecord>> ListTriggersAsync(string? definitionId, CancellationToken cancellationToken);
}

/// <summary>Short forms of what is asked most often.</summary>
public static class StoreExtensions
{
    /// <summary>Finds the version new instances are bound to.</summary>
    public static Task<DefinitionRecord?> FindPublishedAsync(this IDefinitionStore store, string definitionId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.FindAsync(definitionId, VersionOptions.Published, cancellationToken);
    }

    /// <summary>Lists the newest version of each definition, by name.</summary>
    public static async Task<IReadOnlyList<DefinitionSummary>> ListLatestAsync(this IDefinitionStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var (items, _) = await store.ListAsync(
            new DefinitionFilter { VersionOptions = VersionOptions.Latest }, new DefinitionOrder(DefinitionColumn.Name), 0, int.MaxValue, cancellationToken);
        return items;
    }

    /// <summary>Stores a stimulus without a limit of instances.</summary>
    public static Task<AcceptResult> AcceptAsync(this IRuntimeStore store, Stimulus stimulus, InstanceRecord? instance, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.AcceptAsync(stimulus, instance, ActivationLimit.None, cancellationToken);
    }
}
