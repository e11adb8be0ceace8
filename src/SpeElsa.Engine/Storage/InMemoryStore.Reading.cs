namespace SpeElsa.Engine.Storage;

public sealed partial class InMemoryStore
{
    /// <inheritdoc />
    public Task<InstanceRecord?> FindAsync(string instanceId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_instances.TryGetValue(instanceId, out var row) ? row.Record : null);
        }
    }

    /// <inheritdoc />
    public Task<(IReadOnlyList<InstanceRecord> Items, int Total)> ListAsync(
        IReadOnlyCollection<string> definitionIds, int skip, int take, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var found = _instances.Values.Select(row => row.Record)
                .Where(record => definitionIds.Count == 0 || definitionIds.Contains(record.DefinitionId))
                .OrderByDescending(record => record.CreatedAt)
                .ThenBy(record => record.Id, StringComparer.Ordinal)
                .ToArray();
            return Task.FromResult<(IReadOnlyList<InstanceRecord>, int)>(([.. found.Skip(skip).Take(take)], found.Length));
        }
    }

    /// <inheritdoc />
    public Task<byte[]?> ReadStateAsync(string instanceId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_instances.TryGetValue(instanceId, out var row) ? row.State : null);
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<JournalRecord>> ReadJournalAsync(string instanceId, long afterSequence, int take, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<JournalRecord>>(
                _instances.TryGetValue(instanceId, out var row) ? [.. row.Journal.Where(entry => entry.Sequence > afterSequence).Take(take)] : []);
        }
    }

    /// <inheritdoc />
    public Task<(IReadOnlyList<BookmarkRecord> Items, int Total)> ListBookmarksAsync(
        string name, string? instanceId, int skip, int take, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var found = _bookmarks.Values
                .Where(bookmark => bookmark.Name == name && (instanceId is null || bookmark.InstanceId == instanceId))
                .OrderBy(bookmark => bookmark.CreatedAt)
                .ThenBy(bookmark => bookmark.Id, StringComparer.Ordinal)
                .ToArray();
            return Task.FromResult<(IReadOnlyList<BookmarkRecord>, int)>(([.. found.Skip(skip).Take(take)], found.Length));
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<BookmarkRecord>> FindBookmarksAsync(string hash, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<BookmarkRecord>>([.. _bookmarks.Values.Where(bookmark => bookmark.Hash == hash)]);
        }
    }

    /// <inheritdoc />
    public Task<BookmarkRecord?> FindBookmarkAsync(string bookmarkId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_bookmarks.GetValueOrDefault(bookmarkId));
        }
    }

    /// <inheritdoc />
    public Task<StoredStimulus?> FindStimulusAsync(string key, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_stimulusByKey.TryGetValue(key, out var index) ? _stimuli[index] : null);
        }
    }

    /// <inheritdoc />
    public Task<StoredStimulus?> FindStimulusByTargetAsync(string target, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_stimuli.FirstOrDefault(stimulus => stimulus.Stimulus.Target == target));
        }
    }

    Task<DefinitionRecord?> IDefinitionStore.FindAsync(string versionId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_definitions.FirstOrDefault(definition => definition.Id == versionId));
        }
    }

    /// <inheritdoc />
    public Task<DefinitionRecord?> FindPublishedAsync(string definitionId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_definitions.FirstOrDefault(definition => definition.DefinitionId == definitionId && definition.IsPublished));
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<DefinitionRecord>> ListLatestAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<DefinitionRecord>>(
                [.. _definitions.Where(definition => definition.IsLatest).OrderBy(definition => definition.Name, StringComparer.Ordinal)]);
        }
    }

    /// <inheritdoc />
    public Task<DefinitionRecord> PublishAsync(DefinitionRecord version, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(version);
        lock (_lock)
        {
            var number = 1 + _definitions.Where(definition => definition.DefinitionId == version.DefinitionId).Select(definition => definition.Version).DefaultIfEmpty().Max();
            for (var index = 0; index < _definitions.Count; index++)
            {
                if (_definitions[index].DefinitionId == version.DefinitionId)
                {
                    _definitions[index] = _definitions[index] with { IsLatest = false, IsPublished = false };
                }
            }

            var stored = version with { Id = DefinitionVersionId.Of(version.DefinitionId, number), Version = number, IsLatest = true, IsPublished = true };
            _definitions.Add(stored);
            return Task.FromResult(stored);
        }
    }
}
