using Elsa.Common.Models;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Testing;

/// <summary>Passes every call on; a test overrides the one it is about.</summary>
public abstract class DefinitionStoreDecorator(IDefinitionStore inner) : IDefinitionStore
{
    public virtual Task<DefinitionRecord?> FindAsync(string versionId, CancellationToken cancellationToken) => inner.FindAsync(versionId, cancellationToken);

    public virtual Task<DefinitionRecord?> FindAsync(string definitionId, VersionOptions versionOptions, CancellationToken cancellationToken) =>
        inner.FindAsync(definitionId, versionOptions, cancellationToken);

    public virtual Task<IReadOnlyList<DefinitionRecord>> FindManyAsync(
        DefinitionFilter filter, DefinitionOrder order, int skip, int take, CancellationToken cancellationToken) =>
        inner.FindManyAsync(filter, order, skip, take, cancellationToken);

    public virtual Task<(IReadOnlyList<DefinitionSummary> Items, int Total)> ListAsync(
        DefinitionFilter filter, DefinitionOrder order, int skip, int take, CancellationToken cancellationToken) =>
        inner.ListAsync(filter, order, skip, take, cancellationToken);

    public virtual Task<int> CountAsync(CancellationToken cancellationToken) => inner.CountAsync(cancellationToken);

    public virtual Task<bool> IsNameUniqueAsync(string name, string? definitionId, CancellationToken cancellationToken) =>
        inner.IsNameUniqueAsync(name, definitionId, cancellationToken);

    public virtual Task<DraftResult> SaveDraftAsync(DefinitionRecord draft, DraftBase? basedOn, CancellationToken cancellationToken) =>
        inner.SaveDraftAsync(draft, basedOn, cancellationToken);

    public virtual Task<PublishResult> PublishAsync(Publication publication, CancellationToken cancellationToken) => inner.PublishAsync(publication, cancellationToken);

    public virtual Task<DefinitionRecord?> RetractAsync(string definitionId, CancellationToken cancellationToken) => inner.RetractAsync(definitionId, cancellationToken);

    public virtual Task<DefinitionRecord?> RevertAsync(string definitionId, int version, DateTimeOffset createdAt, CancellationToken cancellationToken) =>
        inner.RevertAsync(definitionId, version, createdAt, cancellationToken);

    public virtual Task<DeleteResult> DeleteVersionAsync(string versionId, CancellationToken cancellationToken) => inner.DeleteVersionAsync(versionId, cancellationToken);

    public virtual Task<DeleteResult> DeleteAsync(string definitionId, CancellationToken cancellationToken) => inner.DeleteAsync(definitionId, cancellationToken);

    public virtual Task<bool> KeepAsync(string versionId, string source, string sourceHash, CancellationToken cancellationToken) =>
        inner.KeepAsync(versionId, source, sourceHash, cancellationToken);

    public virtual Task<IReadOnlyList<TriggerRecord>> FindTriggersAsync(string hash, CancellationToken cancellationToken) => inner.FindTriggersAsync(hash, cancellationToken);

    public virtual Task<IReadOnlyList<TriggerRecord>> ListTriggersAsync(string? definitionId, CancellationToken cancellationToken) =>
        inner.ListTriggersAsync(definitionId, cancellationToken);
}
