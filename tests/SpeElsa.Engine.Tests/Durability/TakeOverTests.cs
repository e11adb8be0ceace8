using Elsa.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Durability;

/// <summary>Two hosts on one store: ownership is a lease and an epoch, not a wish.</summary>
public sealed class TakeOverTests : IDisposable
{
    private static readonly TimeSpan AfterTheLease = TimeSpan.FromSeconds(31);
    private readonly EffectWorld _world = new();
    private readonly InMemoryStore _store = new();
    private readonly FakeTimeProvider _clock = new(A.Moment);
    private readonly TaskCompletionSource _acting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_stale_worker_that_wakes_up_after_its_lease_writes_nothing()
    {
        var asleep = new AsleepStore(_store);
        await using var first = await StartAsync(asleep);
        var entered = 0;
        _world.BeforeActing = async (_, _) =>
        {
            if (Interlocked.Increment(ref entered) == 1)
            {
                _acting.SetResult();
                await _wake.Task;
            }
        };
        var id = await first.StartWorkflowAsync(A.Sequence("stale").With(A.Node("one", "Test.Effect"), A.Node("two", "Test.Effect")).ToJson());
        await _acting.Task;
        asleep.IsAsleep = true;

        await using var second = await StartAsync(_store);
        await TestHost.PassAsync(_clock, AfterTheLease, () => HasEndedAsync(id), "the second host finishes it");
        var before = await second.JournalAsync(id);
        _wake.SetResult();
        await asleep.Refused.Task;

        Assert.Equal(before, await second.JournalAsync(id));
        Assert.Null(JournalChain.FindBreak(before, await second.Reader.FindAsync(id, default)));
        Assert.Equal(["one", "two"], _world.Effects());
        var rows = before.Where(row => row.ActivityId == "one" && row.Role is not JournalRole.None).Select(row => (row.Role, row.Attempt));
        Assert.Equal([(JournalRole.Intent, 1), (JournalRole.Intent, 2), (JournalRole.Result, 2)], rows);
    }

    [Fact]
    public async Task A_worker_that_learns_that_its_lease_is_lost_stops_what_it_runs()
    {
        var asleep = new AsleepStore(_store);
        await using var first = await StartAsync(asleep);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var entered = 0;
        _world.BeforeActing = async (_, cancellationToken) =>
        {
            if (Interlocked.Increment(ref entered) == 1)
            {
                _acting.SetResult();
                try
                {
                    await _wake.Task.WaitAsync(cancellationToken);
                }
                catch (OperationCanceledException)
                {
                    stopped.SetResult();
                    throw;
                }
            }
        };
        var id = await first.StartWorkflowAsync(A.Sequence("lost").With(A.Node("one", "Test.Effect")).ToJson());
        await _acting.Task;
        asleep.IsAsleep = true;
        await using var second = await StartAsync(_store);
        await TestHost.PassAsync(_clock, AfterTheLease, () => HasEndedAsync(id), "the second host finishes it");

        asleep.IsAsleep = false;
        await TestHost.PassAsync(_clock, AfterTheLease, () => Task.FromResult(stopped.Task.IsCompleted), "the first host stops its burst");

        Assert.Equal(["one"], _world.Effects());
    }

    [Fact]
    public async Task A_long_task_keeps_its_instance_by_renewing_the_lease()
    {
        await using var first = await StartAsync(_store);
        await using var second = await StartAsync(_store);
        _world.BeforeActing = async (_, _) =>
        {
            _acting.TrySetResult();
            await _wake.Task;
        };
        var id = await first.StartWorkflowAsync(A.Sequence("long").With(A.Node("one", "Test.Effect")).ToJson());
        await _acting.Task;

        var claimed = (await _store.ClaimAsync(id, "other", _clock.GetUtcNow(), _clock.GetUtcNow().AddMinutes(1), default)) is not null;
        for (var step = 0; step < 30; step++)
        {
            // A third of a lease at a time, as its clock would go, with time for the renewal in between.
            var before = _clock.GetUtcNow();
            _clock.Advance(TimeSpan.FromSeconds(10));
            await Eventually.TrueAsync(
                async () => !(await _store.FindReadyAsync(before.AddSeconds(39), 10, default)).Contains(id), "the lease is renewed");
        }

        _wake.SetResult();
        await first.WaitForFinishAsync(id);

        Assert.False(claimed);
        Assert.Equal(1, Assert.Single(_world.Entries).Attempt);
    }

    [Fact]
    public async Task An_orderly_stop_in_the_middle_of_a_task_lets_the_next_process_go_on_at_once()
    {
        var first = await StartAsync(_store);
        _world.BeforeActing = async (_, cancellationToken) =>
        {
            _acting.TrySetResult();
            await _wake.Task.WaitAsync(cancellationToken);
        };
        var id = await first.StartWorkflowAsync(A.Sequence("stop").With(A.Node("one", "Test.Effect"), A.Line("after")).ToJson());
        await _acting.Task;
        await first.DisposeAsync();

        var record = await ((IInstanceReader)_store).FindAsync(id, default);
        Assert.Equal((WorkflowStatus.Running, 0, (string?)null), (record!.Status, record.IncidentCount, record.SetAside));
        Assert.Empty(_world.Effects());

        // No clock moves: an orderly stop has let go of the instance, so nobody waits for a lease to end.
        _world.BeforeActing = (_, _) => Task.CompletedTask;
        await using var second = await StartAsync(_store);
        await second.WaitForFinishAsync(id);

        var entry = Assert.Single(_world.Entries);
        Assert.Equal((2, true), (entry.Attempt, entry.Acted));
        Assert.Null(JournalChain.FindBreak(await second.JournalAsync(id), await second.Reader.FindAsync(id, default)));
    }

    [Fact]
    public async Task Two_hosts_share_the_work_and_each_step_is_done_once()
    {
        await using var first = await StartAsync(_store);
        await using var second = await StartAsync(_store);
        var definition = A.Sequence("shared").With(A.Node("one", "Test.Effect"), A.Node("two", "Test.Effect")).ToJson();
        var ids = new List<string>();
        for (var number = 0; number < 40; number++)
        {
            ids.Add(await (number % 2 == 0 ? first : second).StartWorkflowAsync(definition));
        }

        foreach (var id in ids)
        {
            await TestHost.PassAsync(_clock, TimeSpan.Zero, () => HasEndedAsync(id), "it finishes");
        }

        Assert.Equal(80, _world.Lines().Distinct().Count());
        Assert.All(_world.Entries, entry => Assert.Equal((1, true), (entry.Attempt, entry.Acted)));
    }

    private async Task<bool> HasEndedAsync(string id) => (await ((IInstanceReader)_store).FindAsync(id, default))!.Status is WorkflowStatus.Finished;

    private Task<TestHost> StartAsync(IRuntimeStore runtime) =>
        TestHost.StartInMemoryAsync(_store, services => services.AddSingleton(runtime).AddSingleton(_world), _clock, typeof(Effect).Assembly);

    /// <summary>A process that hangs: its leases are not renewed and it takes nothing new, but when it wakes up it goes on as if nothing had been.</summary>
    private sealed class AsleepStore(IRuntimeStore inner) : StoreDecorator(inner)
    {
        public volatile bool IsAsleep;

        public TaskCompletionSource Refused { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async Task<CommitOutcome> CommitAsync(Checkpoint checkpoint, CancellationToken cancellationToken)
        {
            var outcome = await base.CommitAsync(checkpoint, cancellationToken);
            if (outcome is CommitOutcome.Superseded)
            {
                Refused.TrySetResult();
            }

            return outcome;
        }

        public override Task<IReadOnlyList<string>> RenewAsync(string worker, DateTimeOffset leaseUntil, CancellationToken cancellationToken) =>
            IsAsleep ? throw new IOException("asleep") : base.RenewAsync(worker, leaseUntil, cancellationToken);

        public override Task<Claim?> ClaimAsync(string instanceId, string worker, DateTimeOffset now, DateTimeOffset leaseUntil, CancellationToken cancellationToken) =>
            IsAsleep ? Task.FromResult<Claim?>(null) : base.ClaimAsync(instanceId, worker, now, leaseUntil, cancellationToken);
    }
}
