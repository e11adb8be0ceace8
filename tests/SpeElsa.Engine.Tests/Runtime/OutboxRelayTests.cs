using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Runtime;

public sealed class OutboxRelayTests
{
    private readonly InMemoryStore _store = new();
    private readonly FakeTimeProvider _clock = new(A.Moment);

    [Fact]
    public async Task Rows_are_relayed_without_waiting_for_the_next_poll()
    {
        await using var host = await StartAsync(new Handler(_ => { }));
        var waiting = await host.StartWorkflowAsync(A.Sequence("waiting").With(A.Event("go", "go")).ToJson());
        await host.WaitForBookmarkOfAsync(waiting, "go");

        // No clock moves, so only the bell can wake the relay.
        await host.StartWorkflowAsync(A.Sequence("publisher").With(A.Node("publish", "Elsa.PublishEvent", ("eventName", A.Text("go")))).ToJson());

        await host.WaitForFinishAsync(waiting);
    }

    [Fact]
    public async Task Rows_that_can_not_be_relayed_hold_up_nobody()
    {
        var handler = new Handler(row =>
        {
            if (row.Id.StartsWith("bad", StringComparison.Ordinal))
            {
                throw new InvalidOperationException("no");
            }
        });
        await AddAsync([.. Enumerable.Range(0, 150).Select(number => ($"bad{number}", "test")), .. Enumerable.Range(0, 150).Select(number => ($"good{number}", "test")), ("strange", "unknown-kind")]);
        await using var host = await StartAsync(handler);

        await TestHost.PassAsync(_clock, TimeSpan.Zero, async () => (await _store.ReadOutboxAsync(1000, default)).All(row => !row.Id.StartsWith("good", StringComparison.Ordinal)), "the good ones are done");

        Assert.Equal(150, handler.Done.Count);
        Assert.Equal(151, (await _store.ReadOutboxAsync(1000, default)).Count);
    }

    [Fact]
    public async Task A_request_that_timed_out_is_tried_again()
    {
        var tries = 0;
        var handler = new Handler(_ =>
        {
            if (++tries < 3)
            {
                throw new TaskCanceledException("The request timed out");
            }
        });
        await AddAsync([("one", "test")]);
        await using var host = await StartAsync(handler);

        await TestHost.PassAsync(_clock, TimeSpan.Zero, async () => (await _store.ReadOutboxAsync(10, default)).Count == 0, "it is done");

        Assert.Equal(["one"], handler.Done);
    }

    [Fact]
    public async Task A_row_that_was_relayed_but_not_marked_is_relayed_again_under_the_same_id()
    {
        var handler = new Handler(_ => { });
        await AddAsync([("one", "test")]);
        var crashing = new CrashableStore(_store) { CrashAt = 1, Side = CrashSide.Before };
        await using (await StartAsync(handler, crashing))
        {
            await crashing.Crashed;
        }

        Assert.Equal("complete outbox", crashing.CrashedIn);
        await using var host = await StartAsync(handler);
        await Eventually.TrueAsync(async () => (await _store.ReadOutboxAsync(10, default)).Count == 0, "it is done");
        Assert.Equal(["one", "one"], handler.Done);
    }

    private async Task AddAsync((string Id, string Kind)[] rows)
    {
        await _store.AcceptAsync(A.Start("start", "i1"), A.Instance("i1"), default);
        var claim = (await _store.ClaimAsync("i1", "w", A.Moment, A.Moment.AddMinutes(1), default))!;
        await _store.CommitAsync(
            new Checkpoint
            {
                Claim = claim,
                ExpectedVersion = 0,
                Instance = A.Instance("i1") with { StateVersion = 1, Status = Elsa.Workflows.WorkflowStatus.Finished },
                State = [],
                Outbox = [.. rows.Select(row => new OutboxRecord(row.Id, "i1", row.Kind, "{}", A.Moment))],
                Stimuli = new Dictionary<long, StimulusState> { [1] = StimulusState.Consumed },
                Release = true,
            },
            default);
    }

    private Task<TestHost> StartAsync(Handler handler, IRuntimeStore? store = null) => TestHost.StartInMemoryAsync(
        _store, services => services.AddSingleton<IOutboxHandler>(handler).AddSingleton(store ?? _store), _clock);

    private sealed class Handler(Action<OutboxRecord> handle) : IOutboxHandler
    {
        public ConcurrentQueue<string> Done { get; } = new();

        public string Kind => "test";

        public Task HandleAsync(OutboxRecord row, CancellationToken cancellationToken)
        {
            handle(row);
            Done.Enqueue(row.Id);
            return Task.CompletedTask;
        }
    }
}
