using SpeElsa.Engine.Storage;

namespace SpeElsa.Testing;

/// <summary>Passes every call on; a test overrides the one it is about.</summary>
public abstract class StoreDecorator(IRuntimeStore inner) : IRuntimeStore
{
    public virtual Task<AcceptResult> AcceptAsync(Stimulus stimulus, InstanceRecord? instance, ActivationLimit limit, CancellationToken cancellationToken) =>
        inner.AcceptAsync(stimulus, instance, limit, cancellationToken);

    public virtual Task<int> RaiseDueTimersAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        inner.RaiseDueTimersAsync(now, limit, cancellationToken);

    public virtual Task<DateTimeOffset?> NextTimerAsync(CancellationToken cancellationToken) => inner.NextTimerAsync(cancellationToken);

    public virtual Task<IReadOnlyList<TriggerRecord>> FindDueTriggersAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        inner.FindDueTriggersAsync(now, limit, cancellationToken);

    public virtual Task<AcceptResult?> FireTriggerAsync(
        string triggerId,
        DateTimeOffset expectedDueAt,
        DateTimeOffset? nextDueAt,
        Stimulus start,
        InstanceRecord instance,
        ActivationLimit limit,
        CancellationToken cancellationToken) => inner.FireTriggerAsync(triggerId, expectedDueAt, nextDueAt, start, instance, limit, cancellationToken);

    public virtual Task<IReadOnlyList<string>> FindReadyAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        inner.FindReadyAsync(now, limit, cancellationToken);

    public virtual Task<Claim?> ClaimAsync(string instanceId, string worker, DateTimeOffset now, DateTimeOffset leaseUntil, CancellationToken cancellationToken) =>
        inner.ClaimAsync(instanceId, worker, now, leaseUntil, cancellationToken);

    public virtual Task<IReadOnlyList<string>> RenewAsync(string worker, DateTimeOffset leaseUntil, CancellationToken cancellationToken) =>
        inner.RenewAsync(worker, leaseUntil, cancellationToken);

    public virtual Task<int> EvictAsync(string survivingWorker, CancellationToken cancellationToken) => inner.EvictAsync(survivingWorker, cancellationToken);

    public virtual Task ReleaseAsync(Claim claim, CancellationToken cancellationToken) => inner.ReleaseAsync(claim, cancellationToken);

    public virtual Task SetAsideAsync(Claim claim, string reason, CancellationToken cancellationToken) => inner.SetAsideAsync(claim, reason, cancellationToken);

    public virtual Task<bool> PutBackAsync(string instanceId, CancellationToken cancellationToken) => inner.PutBackAsync(instanceId, cancellationToken);

    public virtual Task<LoadedInstance?> LoadAsync(string instanceId, CancellationToken cancellationToken) => inner.LoadAsync(instanceId, cancellationToken);

    public virtual Task<CommitOutcome> CommitAsync(Checkpoint checkpoint, CancellationToken cancellationToken) => inner.CommitAsync(checkpoint, cancellationToken);

    public virtual Task<IReadOnlyList<OutboxRecord>> ReadOutboxAsync(int limit, CancellationToken cancellationToken) => inner.ReadOutboxAsync(limit, cancellationToken);

    public virtual Task CompleteOutboxAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) => inner.CompleteOutboxAsync(ids, cancellationToken);

    public virtual Task<InstanceDeletion> DeleteInstancesAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        inner.DeleteInstancesAsync(ids, cancellationToken);
}
