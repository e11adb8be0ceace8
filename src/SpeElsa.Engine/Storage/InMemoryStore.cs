using Elsa.Workflows;

namespace SpeElsa.Engine.Storage;

/// <summary>A store that forgets when the process ends: for tests and trials. It keeps the same promises as the others while it lives. Safe for concurrent use.</summary>
public sealed partial class InMemoryStore : IRuntimeStore, IInstanceReader, IDefinitionStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Row> _instances = new(StringComparer.Ordinal);
    private readonly List<StoredStimulus> _stimuli = [];
    private readonly Dictionary<string, int> _stimulusByKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BookmarkRecord> _bookmarks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimerRecord> _timers = new(StringComparer.Ordinal);
    private readonly List<OutboxRecord> _outbox = [];
    private readonly Dictionary<string, DefinitionRecord> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TriggerRecord> _triggers = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public Task<AcceptResult> AcceptAsync(Stimulus stimulus, InstanceRecord? instance, ActivationLimit limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stimulus);
        lock (_lock)
        {
            return Task.FromResult(Accept(stimulus, instance, limit));
        }
    }

    /// <inheritdoc />
    public Task<int> RaiseDueTimersAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var due = _timers.Values.Where(timer => timer.DueAt <= now).OrderBy(timer => timer.DueAt).Take(limit).ToArray();
            foreach (var timer in due)
            {
                _timers.Remove(timer.BookmarkId);
                Accept(TimerStimulus.For(timer, now), null, ActivationLimit.None);
            }

            return Task.FromResult(due.Length);
        }
    }

    /// <inheritdoc />
    public Task<DateTimeOffset?> NextTimerAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_timers.Values.Select(timer => (DateTimeOffset?)timer.DueAt).Concat(_triggers.Values.Select(trigger => trigger.DueAt)).Min());
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<TriggerRecord>> FindDueTriggersAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<TriggerRecord>>(
                [.. _triggers.Values.Where(trigger => trigger.DueAt <= now).OrderBy(trigger => trigger.DueAt).ThenBy(trigger => trigger.Id, StringComparer.Ordinal).Take(limit)]);
        }
    }

    /// <inheritdoc />
    public Task<AcceptResult?> FireTriggerAsync(
        string triggerId,
        DateTimeOffset expectedDueAt,
        DateTimeOffset? nextDueAt,
        Stimulus start,
        InstanceRecord instance,
        ActivationLimit limit,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(start);
        lock (_lock)
        {
            if (!_triggers.TryGetValue(triggerId, out var trigger) || trigger.DueAt != expectedDueAt)
            {
                return Task.FromResult<AcceptResult?>(null);
            }

            var result = Accept(start, instance, limit);
            _triggers[triggerId] = trigger with { DueAt = nextDueAt };
            return Task.FromResult<AcceptResult?>(result);
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> FindReadyAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<string>>(
                [.. _instances.Values.Where(row => row.IsFree(now)).OrderBy(row => row.ReadyAt).Take(limit).Select(row => row.Record.Id)]);
        }
    }

    /// <inheritdoc />
    public Task<Claim?> ClaimAsync(string instanceId, string worker, DateTimeOffset now, DateTimeOffset leaseUntil, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_instances.TryGetValue(instanceId, out var row) || !row.IsFree(now))
            {
                return Task.FromResult<Claim?>(null);
            }

            row.Owner = worker;
            row.LeaseUntil = leaseUntil;
            row.Epoch++;
            return Task.FromResult<Claim?>(new Claim(instanceId, worker, row.Epoch));
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> RenewAsync(string worker, DateTimeOffset leaseUntil, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var held = _instances.Values.Where(row => row.Owner == worker).ToArray();
            foreach (var row in held)
            {
                row.LeaseUntil = leaseUntil;
            }

            return Task.FromResult<IReadOnlyList<string>>([.. held.Select(row => row.Record.Id)]);
        }
    }

    /// <inheritdoc />
    public Task<int> EvictAsync(string survivingWorker, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var held = _instances.Values.Where(row => row.Owner is not null && row.Owner != survivingWorker).ToArray();
            foreach (var row in held)
            {
                row.Owner = null;
            }

            return Task.FromResult(held.Length);
        }
    }

    /// <inheritdoc />
    public Task ReleaseAsync(Claim claim, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (FindHeld(claim) is { } row)
            {
                row.Owner = null;
            }

            return Task.CompletedTask;
        }
    }

    /// <inheritdoc />
    public Task SetAsideAsync(Claim claim, string reason, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (FindHeld(claim) is { } row)
            {
                row.Owner = null;
                row.Record = row.Record with { SetAside = reason };
            }

            return Task.CompletedTask;
        }
    }

    /// <inheritdoc />
    public Task<bool> PutBackAsync(string instanceId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_instances.TryGetValue(instanceId, out var row) || row.Record.SetAside is null)
            {
                return Task.FromResult(false);
            }

            row.Record = row.Record with { SetAside = null };
            return Task.FromResult(true);
        }
    }

    /// <inheritdoc />
    public Task<LoadedInstance?> LoadAsync(string instanceId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_instances.TryGetValue(instanceId, out var row)
                ? new LoadedInstance(row.Record, row.State, [.. OpenStimuli(instanceId)])
                : null);
        }
    }

    /// <inheritdoc />
    public Task<CommitOutcome> CommitAsync(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        lock (_lock)
        {
            if (FindHeld(checkpoint.Claim) is not { } row || row.Record.StateVersion != checkpoint.ExpectedVersion)
            {
                return Task.FromResult(CommitOutcome.Superseded);
            }

            RefuseDuplicates(checkpoint);
            Write(row, checkpoint);
            return Task.FromResult(CommitOutcome.Committed);
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<OutboxRecord>> ReadOutboxAsync(int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<OutboxRecord>>([.. _outbox.Take(limit)]);
        }
    }

    /// <inheritdoc />
    public Task CompleteOutboxAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _outbox.RemoveAll(row => ids.Contains(row.Id));
            return Task.CompletedTask;
        }
    }

    /// <inheritdoc />
    public Task<InstanceDeletion> DeleteInstancesAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        lock (_lock)
        {
            var rows = ids.Distinct(StringComparer.Ordinal).Select(id => _instances.GetValueOrDefault(id)).OfType<Row>().ToLookup(row => row.CanBeDeleted);
            foreach (var row in rows[true])
            {
                var id = row.Record.Id;
                _instances.Remove(id);
                foreach (var bookmark in _bookmarks.Values.Where(bookmark => bookmark.InstanceId == id).ToArray())
                {
                    _bookmarks.Remove(bookmark.Id);
                    _timers.Remove(bookmark.Id);
                }
            }

            return Task.FromResult(new InstanceDeletion(rows[true].Count(), [.. rows[false].Select(row => row.Record.Id)]));
        }
    }

    private AcceptResult Accept(Stimulus stimulus, InstanceRecord? instance, ActivationLimit limit)
    {
        if (_stimulusByKey.TryGetValue(stimulus.Key, out var index))
        {
            var stored = _stimuli[index];
            return new AcceptResult(stored.Stimulus.Fingerprint == stimulus.Fingerprint ? Acceptance.Duplicate : Acceptance.KeyReused, stored);
        }

        if (stimulus.Target is not null && _stimuli.FirstOrDefault(other => other.Stimulus.Target == stimulus.Target) is { } taken)
        {
            return new AcceptResult(Acceptance.TargetTaken, taken);
        }

        if (instance is not null)
        {
            if (_definitions.TryGetValue(instance.DefinitionVersionId, out var version) && version.ContentHash != instance.DefinitionHash)
            {
                return new AcceptResult(Acceptance.DefinitionChanged, null);
            }

            if (_instances.Values.Any(row => IsInTheWay(row.Record, instance, limit)))
            {
                return new AcceptResult(Acceptance.NotAllowed, null);
            }

            _instances.Add(instance.Id, new Row(instance));
        }

        if (!_instances.TryGetValue(stimulus.InstanceId, out var row))
        {
            return new AcceptResult(Acceptance.UnknownInstance, null);
        }

        var answer = InboxRules.AnswerTo(row.Record.Status, row.Record.SubStatus, stimulus.Kind);
        if (answer is InboxAnswer.Refuse)
        {
            return new AcceptResult(Acceptance.InstanceFinished, null);
        }

        var accepted = new StoredStimulus(_stimuli.Count + 1, stimulus, StimulusState.Pending);
        _stimulusByKey.Add(stimulus.Key, _stimuli.Count);
        _stimuli.Add(accepted);
        if (answer is InboxAnswer.Wake)
        {
            row.ReadyAt = row.Ready ? row.ReadyAt : stimulus.ReceivedAt;
            row.Ready = true;
        }

        return new AcceptResult(Acceptance.Accepted, accepted);
    }

    private static bool IsInTheWay(InstanceRecord other, InstanceRecord instance, ActivationLimit limit)
    {
        if (other.Status is WorkflowStatus.Finished)
        {
            return false;
        }

        var sameDefinition = other.DefinitionId == instance.DefinitionId;
        var sameCorrelation = instance.CorrelationId is not null && other.CorrelationId == instance.CorrelationId;
        return limit switch
        {
            ActivationLimit.OnePerDefinition => sameDefinition,
            ActivationLimit.OnePerDefinitionAndCorrelation => sameDefinition && sameCorrelation,
            ActivationLimit.OnePerCorrelation => sameCorrelation,
            _ => false,
        };
    }

    /// <summary>Ids are unique among all instances. Looked at before anything is written, so that a refused checkpoint leaves nothing of itself.</summary>
    private void RefuseDuplicates(Checkpoint checkpoint)
    {
        if (checkpoint.AddedBookmarks.FirstOrDefault(bookmark => _bookmarks.ContainsKey(bookmark.Id) && !checkpoint.RemovedBookmarks.Contains(bookmark.Id)) is { } taken)
        {
            throw new InvalidOperationException($"A bookmark with the id '{taken.Id}' is waiting already; choose another id.");
        }
    }

    private void Write(Row row, Checkpoint checkpoint)
    {
        row.Record = checkpoint.Instance;
        row.State = checkpoint.State;
        row.Journal.AddRange(checkpoint.Journal);
        foreach (var id in checkpoint.RemovedBookmarks)
        {
            _bookmarks.Remove(id);
            _timers.Remove(id);
        }

        foreach (var bookmark in checkpoint.AddedBookmarks)
        {
            _bookmarks.Add(bookmark.Id, bookmark);
        }

        foreach (var timer in checkpoint.Timers)
        {
            _timers.Add(timer.BookmarkId, timer);
        }

        foreach (var (sequence, state) in checkpoint.Stimuli)
        {
            _stimuli[(int)sequence - 1] = _stimuli[(int)sequence - 1] with { State = state };
        }

        _outbox.AddRange(checkpoint.Outbox);
        row.Ready = checkpoint.HasWork || OpenStimuli(row.Record.Id).Any(stimulus => stimulus.State is StimulusState.Pending);
        row.ReadyAt = checkpoint.Instance.UpdatedAt;
        if (checkpoint.Release)
        {
            row.Owner = null;
        }
    }

    private IEnumerable<StoredStimulus> OpenStimuli(string instanceId) => _stimuli.Where(stimulus =>
        stimulus.Stimulus.InstanceId == instanceId && stimulus.State is StimulusState.Pending or StimulusState.Waiting);

    private Row? FindHeld(Claim claim) =>
        _instances.TryGetValue(claim.InstanceId, out var row) && row.Owner == claim.Worker && row.Epoch == claim.Epoch ? row : null;

    private sealed class Row(InstanceRecord record)
    {
        public InstanceRecord Record { get; set; } = record;

        public byte[]? State { get; set; }

        public List<JournalRecord> Journal { get; } = [];

        public bool Ready { get; set; }

        /// <summary>Since when, while it is.</summary>
        public DateTimeOffset ReadyAt { get; set; }

        public string? Owner { get; set; }

        public long Epoch { get; set; }

        public DateTimeOffset LeaseUntil { get; set; }

        public bool IsIdle => (!Ready && (Owner is null || Record.Status is WorkflowStatus.Finished)) || Record.SetAside is not null;

        /// <summary>A burst that still holds it may have something to say.</summary>
        public bool CanBeDeleted => Record.Status is WorkflowStatus.Finished && Owner is null;

        public bool IsFree(DateTimeOffset now) => Ready && Record.SetAside is null && (Owner is null || LeaseUntil <= now || LeaseUntil > now + Lease.Longest);
    }
}
