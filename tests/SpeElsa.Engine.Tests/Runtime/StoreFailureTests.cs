using Elsa.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Runtime;

public sealed class StoreFailureTests : IDisposable
{
    private readonly EffectWorld _world = new();
    private readonly InMemoryStore _store = new();
    private readonly FakeTimeProvider _clock = new(A.Moment);

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_commit_that_fails_is_tried_again_and_no_fault_of_the_workflow(int failing)
    {
        // The second commit is a result, the others are intents: whichever fails, the instance waits for the store and goes on.
        await using var host = await StartAsync(new FailingStore(_store, failing));
        var id = await host.StartWorkflowAsync(A.Sequence("steps").With(A.Node("one", "Test.Effect"), A.Node("two", "Test.Effect")).ToJson());

        await TestHost.PassAsync(_clock, TimeSpan.Zero, async () => (await host.Reader.FindAsync(id, default))!.Status is WorkflowStatus.Finished, "it finishes");

        var record = await host.Reader.FindAsync(id, default);
        Assert.Equal((WorkflowSubStatus.Finished, 0, (string?)null), (record!.SubStatus, record.IncidentCount, record.SetAside));
        Assert.Equal(["one", "two"], _world.Effects());
    }

    [Fact]
    public async Task A_task_that_is_not_able_to_run_has_a_result_row_for_its_intent()
    {
        await using var host = await StartAsync(_store);
        var id = await host.StartWorkflowAsync(A.Sequence("never").With(A.Node("no", "Test.NeverTask")).ToJson());
        await host.WaitForFinishAsync(id);

        var rows = (await host.JournalAsync(id)).Where(row => row.ActivityId == "no" && row.Role is not JournalRole.None).ToArray();
        Assert.Equal([("Started", JournalRole.Intent), ("Precondition Failed", JournalRole.Result)], rows.Select(row => (row.EventName, row.Role)));
    }

    [Fact]
    public async Task A_task_whose_inputs_can_not_be_evaluated_faults_without_an_intent()
    {
        await using var host = await StartAsync(_store);
        var id = await host.StartWorkflowAsync(A.Sequence("bad").With(A.Node("bad", "Test.Effect", ("note", A.JavaScript("nothing.there")))).ToJson());
        var record = await host.WaitForFinishAsync(id);

        Assert.Equal(WorkflowSubStatus.Faulted, record.SubStatus);
        Assert.DoesNotContain(await host.JournalAsync(id), row => row.Role is not JournalRole.None);
        Assert.Empty(_world.Effects());
    }

    private Task<TestHost> StartAsync(IRuntimeStore store) => TestHost.StartInMemoryAsync(
        _store,
        services => services.AddSingleton(store).AddSingleton(_world),
        _clock,
        typeof(Effect).Assembly,
        typeof(StoreFailureTests).Assembly);

    /// <summary>One commit fails, as on a disk that is full for a moment.</summary>
    private sealed class FailingStore(IRuntimeStore inner, int failing) : StoreDecorator(inner)
    {
        private int _commits;

        public override Task<CommitOutcome> CommitAsync(Checkpoint checkpoint, CancellationToken cancellationToken) =>
            Interlocked.Increment(ref _commits) == failing ? throw new IOException("The disk is full") : base.CommitAsync(checkpoint, cancellationToken);
    }
}
