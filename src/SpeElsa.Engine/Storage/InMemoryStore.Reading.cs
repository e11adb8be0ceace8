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
    public Task<bool> IsIdleAsync(string instanceId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(!_instances.TryGetValue(instanceId, out var row) || row.IsIdle);
        }
    }

    /// <inheritdoc />
    public Task<(IReadOnlyList<InstanceRecord> Items, int Total)> ListAsync(
        InstanceFilter filter, InstanceOrder order, int skip, int take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        lock (_lock)
        {
            var found = _instances.Values.Where(row => Matches(row, filter)).Select(row => row.Record).ToArray();
            var ordered = order.Column switch
            {
                InstanceColumn.UpdatedAt => Order(found, record => record.UpdatedAt, order.Descending, null),
                InstanceColumn.FinishedAt => Order(found, record => record.FinishedAt, order.Descending, null),
                InstanceColumn.Name => Order(found, record => record.Name, order.Descending, StringComparer.Ordinal),
                _ => Order(found, record => record.CreatedAt, order.Descending, null),
            };
            return Task.FromResult<(IReadOnlyList<InstanceRecord>, int)>(
                ([.. ordered.ThenBy(record => record.Id, StringComparer.Ordinal).Skip(skip).Take(take)], found.Length));
        }
    }

    /// <inheritdoc />
    public Task<int> CountAsync(InstanceFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        lock (_lock)
        {
            return Task.FromResult(_instances.Values.Count(row => Matches(row, filter)));
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
    public Task<(IReadOnlyList<JournalRecord> Items, int Total)> ListJournalAsync(
        string instanceId, JournalFilter filter, int skip, int take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        lock (_lock)
        {
            JournalRecord[] found = _instances.TryGetValue(instanceId, out var row) ? [.. row.Journal.Where(filter.Matches)] : [];
            return Task.FromResult<(IReadOnlyList<JournalRecord>, int)>(([.. found.Skip(skip).Take(take)], found.Length));
        }
    }

    /// <inheritdoc />
    public Task<string?> FindInstanceOfExecutionAsync(string executionId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_instances.Values.FirstOrDefault(row => row.Journal.Exists(entry => entry.ActivityInstanceId == executionId))?.Record.Id);
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
    public IAsyncEnumerable<WaitingBookmark> ReadWaitingAsync(string name, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _bookmarks.Values.Where(bookmark => bookmark.Name == name).Select(bookmark => new WaitingBookmark(bookmark.Id, bookmark.InstanceId)).ToArray().ToAsyncEnumerable();
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
    public Task<IReadOnlyList<StoredStimulus>> FindStimuliAsync(string prefix, int take, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<StoredStimulus>>([.. _stimuli.Where(stored => stored.Stimulus.Key.StartsWith(prefix, StringComparison.Ordinal)).Take(take)]);
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

    private static bool Matches(Row row, InstanceFilter filter)
    {
        var record = row.Record;
        return IsIn(filter.Ids, record.Id)
            && IsIn(filter.DefinitionIds, record.DefinitionId)
            && !filter.ExceptDefinitionIds.Contains(record.DefinitionId)
            && IsIn(filter.VersionIds, record.DefinitionVersionId)
            && (filter.Version ?? record.DefinitionVersion) == record.DefinitionVersion
            && IsIn(filter.CorrelationIds, record.CorrelationId)
            && IsIn(filter.ParentIds, record.ParentInstanceId)
            && IsIn(filter.Names, record.Name)
            && IsIn(filter.Statuses, record.Status)
            && IsIn(filter.SubStatuses, record.SubStatus)
            && (filter.HasIncidents ?? record.IncidentCount > 0) == record.IncidentCount > 0
            && (filter.IsExecuting ?? !row.IsIdle) == !row.IsIdle
            && (filter.IsSystem ?? record.IsSystem) == record.IsSystem
            && HasTerm(filter.SearchTerm, record.Name, record.CorrelationId, record.Id, record.DefinitionId)
            && filter.Timestamps.All(condition => Matches(record, condition));
    }

    private static bool Matches(InstanceRecord record, TimestampCondition condition)
    {
        DateTimeOffset? instant = condition.Column switch
        {
            InstanceTimestamp.UpdatedAt => record.UpdatedAt,
            InstanceTimestamp.FinishedAt => record.FinishedAt,
            _ => record.CreatedAt,
        };
        return condition.Comparison switch
        {
            TimestampComparison.IsNot => instant != condition.Value,
            TimestampComparison.LessThan => instant < condition.Value,
            TimestampComparison.GreaterThan => instant > condition.Value,
            TimestampComparison.LessThanOrEqual => instant <= condition.Value,
            TimestampComparison.GreaterThanOrEqual => instant >= condition.Value,
            _ => instant == condition.Value,
        };
    }
}
