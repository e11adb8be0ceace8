using Elsa.Common.Models;
using Elsa.Workflows;

namespace SpeElsa.Engine.Storage;

public sealed partial class InMemoryStore
{
    Task<DefinitionRecord?> IDefinitionStore.FindAsync(string versionId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_definitions.GetValueOrDefault(versionId));
        }
    }

    /// <inheritdoc />
    public Task<DefinitionRecord?> FindAsync(string definitionId, VersionOptions versionOptions, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(VersionsOf(definitionId).Where(version => IsMeant(version, versionOptions)).MaxBy(version => version.Version));
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<DefinitionRecord>> FindManyAsync(DefinitionFilter filter, DefinitionOrder order, int skip, int take, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<DefinitionRecord>>([.. Select(filter, order).Skip(skip).Take(take)]);
        }
    }

    /// <inheritdoc />
    public Task<(IReadOnlyList<DefinitionSummary> Items, int Total)> ListAsync(
        DefinitionFilter filter, DefinitionOrder order, int skip, int take, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var found = Select(filter, order).ToArray();
            return Task.FromResult<(IReadOnlyList<DefinitionSummary>, int)>(([.. found.Skip(skip).Take(take).Select(version => version.Summarize())], found.Length));
        }
    }

    /// <inheritdoc />
    public Task<int> CountAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_definitions.Values.Count(version => version.IsLatest));
        }
    }

    /// <inheritdoc />
    public Task<bool> IsNameUniqueAsync(string name, string? definitionId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(!_definitions.Values.Any(version => version.IsLatest && version.Name == name && version.DefinitionId != definitionId));
        }
    }

    /// <inheritdoc />
    public Task<DraftResult> SaveDraftAsync(DefinitionRecord draft, DraftBase? basedOn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        lock (_lock)
        {
            var latest = VersionsOf(draft.DefinitionId).FirstOrDefault(version => version.IsLatest);
            if (DraftRules.IsConflict(basedOn, latest))
            {
                return Task.FromResult(new DraftResult(DraftOutcome.Conflict, latest));
            }

            var stored = DraftRules.IsInPlace(draft, latest, _instances.Values.Any(row => row.Record.DefinitionVersionId == latest?.Id))
                ? DraftRules.Replace(draft, latest!)
                : DraftRules.Append(draft, latest, LastNumber(draft.DefinitionId));
            Store(stored, latest);
            return Task.FromResult(new DraftResult(DraftOutcome.Saved, stored));
        }
    }

    /// <inheritdoc />
    public Task<PublishResult> PublishAsync(Publication publication, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(publication);
        lock (_lock)
        {
            if (!_definitions.TryGetValue(publication.VersionId, out var version))
            {
                return Task.FromResult(new PublishResult(PublishOutcome.NotFound, null));
            }

            if (version.ContentHash != publication.ContentHash)
            {
                return Task.FromResult(new PublishResult(PublishOutcome.Changed, version));
            }

            RefuseDuplicates(publication.Triggers, version.DefinitionId);
            Unpublish(version.DefinitionId);
            var published = DraftRules.Publish(version, publication);
            _definitions[version.Id] = published;
            foreach (var trigger in publication.Triggers)
            {
                _triggers.Add(trigger.Id, trigger);
            }

            return Task.FromResult(new PublishResult(version.IsPublished ? PublishOutcome.AlreadyPublished : PublishOutcome.Published, published));
        }
    }

    /// <inheritdoc />
    public Task<DefinitionRecord?> RetractAsync(string definitionId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(Unpublish(definitionId));
        }
    }

    /// <inheritdoc />
    public Task<DefinitionRecord?> RevertAsync(string definitionId, int version, DateTimeOffset createdAt, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (VersionsOf(definitionId).FirstOrDefault(candidate => candidate.Version == version) is not { } source)
            {
                return Task.FromResult<DefinitionRecord?>(null);
            }

            var latest = VersionsOf(definitionId).Single(candidate => candidate.IsLatest);
            var draft = DraftRules.Append(source with { CreatedAt = createdAt }, latest, LastNumber(definitionId));
            Store(draft, latest);
            return Task.FromResult<DefinitionRecord?>(draft);
        }
    }

    /// <inheritdoc />
    public Task<DeleteResult> DeleteVersionAsync(string versionId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(Delete(_definitions.TryGetValue(versionId, out var version) ? [version] : []));
        }
    }

    /// <inheritdoc />
    public Task<DeleteResult> DeleteAsync(string definitionId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(Delete([.. VersionsOf(definitionId)]));
        }
    }

    /// <inheritdoc />
    public Task<bool> KeepAsync(string versionId, string source, string sourceHash, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_definitions.TryGetValue(versionId, out var version) || !version.IsLatest)
            {
                return Task.FromResult(false);
            }

            _definitions[versionId] = version with { Source = source, SourceHash = sourceHash };
            return Task.FromResult(true);
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<TriggerRecord>> FindTriggersAsync(string hash, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<TriggerRecord>>([.. Ordered(_triggers.Values.Where(trigger => trigger.Hash == hash))]);
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<TriggerRecord>> ListTriggersAsync(string? definitionId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<TriggerRecord>>(
                [.. Ordered(_triggers.Values.Where(trigger => definitionId is null || trigger.DefinitionId == definitionId))]);
        }
    }

    private static IOrderedEnumerable<TriggerRecord> Ordered(IEnumerable<TriggerRecord> triggers) =>
        triggers.OrderBy(trigger => trigger.DefinitionId, StringComparer.Ordinal).ThenBy(trigger => trigger.Id, StringComparer.Ordinal);

    private static bool IsMeant(DefinitionSummary version, VersionOptions options) => options switch
    {
        { AllVersions: true } => true,
        { IsLatest: true } => version.IsLatest,
        { IsPublished: true } => version.IsPublished,
        { IsLatestOrPublished: true } => version.IsLatest || version.IsPublished,
        { IsLatestAndPublished: true } => version is { IsLatest: true, IsPublished: true },
        { IsDraft: true } => version is { IsLatest: true, IsPublished: false },
        _ => version.Version == options.Version,
    };

    private static bool Matches(DefinitionSummary version, DefinitionFilter filter) =>
        IsMeant(version, filter.VersionOptions)
        && IsIn(filter.DefinitionIds, version.DefinitionId)
        && IsIn(filter.VersionIds, version.Id)
        && IsIn(filter.Names, version.Name)
        && (filter.IsSystem ?? version.IsSystem) == version.IsSystem
        && (filter.IsReadonly ?? version.IsReadonly) == version.IsReadonly
        && (filter.UsableAsActivity ?? version.UsableAsActivity) == version.UsableAsActivity
        && (filter.MaterializerName ?? version.MaterializerName) == version.MaterializerName
        && HasTerm(filter.SearchTerm, version.Name, version.Description, version.Id, version.DefinitionId);

    private static bool IsIn<T>(IReadOnlyCollection<T> wanted, T? value) => wanted.Count == 0 || (value is not null && wanted.Contains(value));

    private static bool HasTerm(string? term, params string?[] texts) =>
        string.IsNullOrEmpty(term) || texts.Any(text => text?.Contains(term, StringComparison.OrdinalIgnoreCase) == true);

    private IEnumerable<DefinitionRecord> VersionsOf(string definitionId) => _definitions.Values.Where(version => version.DefinitionId == definitionId);

    private IEnumerable<DefinitionRecord> Select(DefinitionFilter filter, DefinitionOrder order)
    {
        var found = _definitions.Values.Where(version => Matches(version, filter));
        var ordered = order.Column switch
        {
            DefinitionColumn.Version => Order(found, version => version.Version, order.Descending, null),
            DefinitionColumn.CreatedAt => Order(found, version => version.CreatedAt, order.Descending, null),
            _ => Order(found, version => version.Name, order.Descending, StringComparer.Ordinal),
        };
        return order.Descending
            ? ordered.ThenByDescending(version => version.DefinitionId, StringComparer.Ordinal).ThenByDescending(version => version.Version)
            : ordered.ThenBy(version => version.DefinitionId, StringComparer.Ordinal).ThenBy(version => version.Version);
    }

    private static IOrderedEnumerable<T> Order<T, TKey>(IEnumerable<T> items, Func<T, TKey> key, bool descending, IComparer<TKey>? comparer) =>
        descending ? items.OrderByDescending(key, comparer) : items.OrderBy(key, comparer);

    /// <summary>Numbers that an instance is bound to are taken, also when their version is gone: its id would mean something else.</summary>
    private int LastNumber(string definitionId) => VersionsOf(definitionId).Select(version => version.Version)
        .Concat(_instances.Values.Where(row => row.Record.DefinitionId == definitionId).Select(row => row.Record.DefinitionVersion))
        .DefaultIfEmpty()
        .Max();

    private void Store(DefinitionRecord version, DefinitionRecord? latest)
    {
        if (latest is not null)
        {
            _definitions[latest.Id] = latest with { IsLatest = false };
        }

        _definitions[version.Id] = version;
    }

    private DefinitionRecord? Unpublish(string definitionId)
    {
        RemoveTriggers(definitionId);
        if (VersionsOf(definitionId).FirstOrDefault(version => version.IsPublished) is not { } published)
        {
            return null;
        }

        return _definitions[published.Id] = published with { IsPublished = false };
    }

    private void RefuseDuplicates(IReadOnlyList<TriggerRecord> triggers, string definitionId)
    {
        var taken = triggers.GroupBy(trigger => trigger.Id).FirstOrDefault(same => same.Count() > 1)?.Key
            ?? triggers.FirstOrDefault(trigger => _triggers.TryGetValue(trigger.Id, out var other) && other.DefinitionId != definitionId)?.Id;
        if (taken is not null)
        {
            throw new InvalidOperationException($"There is a trigger with the id '{taken}' already; make ids from the version, the activity and the payload.");
        }
    }

    private void RemoveTriggers(string definitionId)
    {
        foreach (var trigger in _triggers.Values.Where(trigger => trigger.DefinitionId == definitionId).ToArray())
        {
            _triggers.Remove(trigger.Id);
        }
    }

    private DeleteResult Delete(IReadOnlyList<DefinitionRecord> versions)
    {
        if (versions.Count == 0)
        {
            return new DeleteResult(DeleteOutcome.NotFound, 0, 0);
        }

        var ids = versions.Select(version => version.Id).ToHashSet(StringComparer.Ordinal);
        var bound = _instances.Values.Count(row => row.Record.Status is not WorkflowStatus.Finished && ids.Contains(row.Record.DefinitionVersionId));
        if (bound > 0)
        {
            return new DeleteResult(DeleteOutcome.InUse, 0, bound);
        }

        foreach (var version in versions)
        {
            _definitions.Remove(version.Id);
            if (version.IsPublished)
            {
                RemoveTriggers(version.DefinitionId);
            }
        }

        if (VersionsOf(versions[0].DefinitionId).MaxBy(version => version.Version) is { IsLatest: false } newest)
        {
            _definitions[newest.Id] = newest with { IsLatest = true };
        }

        return new DeleteResult(DeleteOutcome.Deleted, versions.Count, 0);
    }
}
