using SpeElsa.Engine.Storage;

namespace SpeElsa.Testing.Model;

/// <summary>A store whose process dies at the n-th call that could make a difference, and lives again when it is told to.</summary>
internal sealed class DyingStore(IRuntimeStore inner) : StoreDecorator(inner)
{
    private int _callsLeft = int.MaxValue;
    private CrashSide _side;
    private bool _isDead;

    public void DieAt(int call, CrashSide side) => (_callsLeft, _side) = (call, side);

    public void Revive() => (_callsLeft, _isDead) = (int.MaxValue, false);

    public override Task<int> RaiseDueTimersAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) => CallAsync(() => base.RaiseDueTimersAsync(now, limit, cancellationToken));

    public override Task<Claim?> ClaimAsync(string instanceId, string worker, DateTimeOffset now, DateTimeOffset leaseUntil, CancellationToken cancellationToken) =>
        CallAsync(() => base.ClaimAsync(instanceId, worker, now, leaseUntil, cancellationToken));

    public override Task<LoadedInstance?> LoadAsync(string instanceId, CancellationToken cancellationToken) => CallAsync(() => base.LoadAsync(instanceId, cancellationToken));

    public override Task<CommitOutcome> CommitAsync(Checkpoint checkpoint, CancellationToken cancellationToken) => CallAsync(() => base.CommitAsync(checkpoint, cancellationToken));

    private async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        if (_isDead)
        {
            throw new StoreCrashedException();
        }

        var dies = --_callsLeft == 0;
        _isDead = dies;
        if (dies && _side is CrashSide.Before)
        {
            throw new StoreCrashedException();
        }

        var result = await call();
        return dies ? throw new StoreCrashedException() : result;
    }
}
