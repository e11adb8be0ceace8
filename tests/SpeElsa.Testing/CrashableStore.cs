using SpeElsa.Engine.Storage;

namespace SpeElsa.Testing;

/// <summary>On which side of the inner call the process dies.</summary>
public enum CrashSide
{
    /// <summary>Nothing of it is stored.</summary>
    Before,

    /// <summary>It is stored, and nobody hears of it.</summary>
    After,
}

/// <summary>What a store throws whose process is dead.</summary>
public sealed class StoreCrashedException() : Exception("The process of this store is dead");

/// <summary>
/// A store that dies at the n-th call that could make a difference, and throws at every call from then on: to what is stored, that is the
/// death of the process. A second host on the inner store is the restart.
/// </summary>
public sealed class CrashableStore(IRuntimeStore inner) : IRuntimeStore
{
    private readonly TaskCompletionSource _crashed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;
    private volatile bool _dead;

    /// <summary>The call that kills, from 1; 0 means none.</summary>
    public int CrashAt { get; init; }

    /// <summary>Which calls are counted; null means all. Threads take turns as they like, so only the calls of one kind have an order to rely on.</summary>
    public string? CrashIn { get; init; }

    public CrashSide Side { get; init; }

    /// <summary>The name of the call that killed.</summary>
    public string? CrashedIn { get; private set; }

    public int Calls => _calls;

    /// <summary>Completes at the death.</summary>
    public Task Crashed => _crashed.Task;

    public void Crash()
    {
        _dead = true;
        _crashed.TrySetResult();
    }

    public Task<AcceptResult> AcceptAsync(Stimulus stimulus, InstanceRecord? instance, ActivationLimit limit, CancellationToken cancellationToken) =>
        CountAsync("accept", () => inner.AcceptAsync(stimulus, instance, limit, cancellationToken));

    public async Task<int> RaiseDueTimersAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        ThrowIfDead();
        return await inner.NextTimerAsync(cancellationToken) <= now
            ? await CountAsync("raise", () => inner.RaiseDueTimersAsync(now, limit, cancellationToken))
            : 0;
    }

    public Task<DateTimeOffset?> NextTimerAsync(CancellationToken cancellationToken)
    {
        ThrowIfDead();
        return inner.NextTimerAsync(cancellationToken);
    }

    public Task<IReadOnlyList<TriggerRecord>> FindDueTriggersAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        ThrowIfDead();
        return inner.FindDueTriggersAsync(now, limit, cancellationToken);
    }

    public Task<AcceptResult?> FireTriggerAsync(
        string triggerId,
        DateTimeOffset expectedDueAt,
        DateTimeOffset? nextDueAt,
        Stimulus start,
        InstanceRecord instance,
        ActivationLimit limit,
        CancellationToken cancellationToken) =>
        CountAsync("fire", () => inner.FireTriggerAsync(triggerId, expectedDueAt, nextDueAt, start, instance, limit, cancellationToken));

    public Task<IReadOnlyList<string>> FindReadyAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        ThrowIfDead();
        return inner.FindReadyAsync(now, limit, cancellationToken);
    }

    public Task<Claim?> ClaimAsync(string instanceId, string worker, DateTimeOffset now, DateTimeOffset leaseUntil, CancellationToken cancellationToken) =>
        CountAsync("claim", () => inner.ClaimAsync(instanceId, worker, now, leaseUntil, cancellationToken));

    public Task<IReadOnlyList<string>> RenewAsync(string worker, DateTimeOffset leaseUntil, CancellationToken cancellationToken)
    {
        ThrowIfDead();
        return inner.RenewAsync(worker, leaseUntil, cancellationToken);
    }

    public Task<int> EvictAsync(string survivingWorker, CancellationToken cancellationToken)
    {
        ThrowIfDead();
        return inner.EvictAsync(survivingWorker, cancellationToken);
    }

    public async Task ReleaseAsync(Claim claim, CancellationToken cancellationToken) => await CountAsync("release", async () =>
    {
        await inner.ReleaseAsync(claim, cancellationToken);
        return true;
    });

    public async Task SetAsideAsync(Claim claim, string reason, CancellationToken cancellationToken) => await CountAsync("set aside", async () =>
    {
        await inner.SetAsideAsync(claim, reason, cancellationToken);
        return true;
    });

    public Task<bool> PutBackAsync(string instanceId, CancellationToken cancellationToken)
    {
        ThrowIfDead();
        return inner.PutBackAsync(instanceId, cancellationToken);
    }

    public Task<LoadedInstance?> LoadAsync(string instanceId, CancellationToken cancellationToken) =>
        CountAsync("load", () => inner.LoadAsync(instanceId, cancellationToken));

    public Task<CommitOutcome> CommitAsync(Checkpoint checkpoint, CancellationToken cancellationToken) =>
        CountAsync("commit", () => inner.CommitAsync(checkpoint, cancellationToken));

    public Task<IReadOnlyList<OutboxRecord>> ReadOutboxAsync(int limit, CancellationToken cancellationToken)
    {
        ThrowIfDead();
        return inner.ReadOutboxAsync(limit, cancellationToken);
    }

    public async Task CompleteOutboxAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) => await CountAsync("complete outbox", async () =>
    {
        await inner.CompleteOutboxAsync(ids, cancellationToken);
        return true;
    });

    public Task<InstanceDeletion> DeleteInstancesAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        CountAsync("delete", () => inner.DeleteInstancesAsync(ids, cancellationToken));

    private async Task<T> CountAsync<T>(string name, Func<Task<T>> call)
    {
        ThrowIfDead();
        var dies = (CrashIn is null || CrashIn == name ? Interlocked.Increment(ref _calls) : 0) == CrashAt;
        if (dies && Side is CrashSide.Before)
        {
            Die(name);
        }

        var result = await call();
        if (dies)
        {
            Die(name);
        }

        ThrowIfDead();
        return result;
    }

    private void Die(string name)
    {
        CrashedIn = name;
        Crash();
        throw new StoreCrashedException();
    }

    private void ThrowIfDead()
    {
        if (_dead)
        {
            throw new StoreCrashedException();
        }
    }
}
