using System.Collections.Concurrent;
using System.Data.Common;
using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Storage;
using SpeElsa.Engine.Telemetry;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Persistence.Tests;

public sealed class GroupCommitTests : IAsyncLifetime
{
    private readonly SqliteFile _file = new();
    private readonly Watch _watch = new();
    private ServiceProvider? _services;

    private IRuntimeStore Store => _services!.GetRequiredService<IRuntimeStore>();

    private IInstanceReader Reader => _services!.GetRequiredService<IInstanceReader>();

    private GroupCommitWriter Writer => _services!.GetRequiredService<GroupCommitWriter>();

    public async ValueTask InitializeAsync()
    {
        _services = new ServiceCollection().AddLogging().AddSqliteStore(_file.Path)
            .ConfigureDbContext<EngineDbContext>(options => options.AddInterceptors(_watch, _watch.Commands))
            .BuildServiceProvider();
        await _services.GetRequiredService<EngineDatabase>().OpenAsync(default);
        _watch.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await _services!.DisposeAsync();
        _file.Dispose();
    }

    [Fact]
    public async Task Parallel_writes_share_transactions()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(number =>
            Task.Run(() => Store.AcceptAsync(A.Start($"k{number}", $"i{number}"), A.Instance($"i{number}"), default))));

        Assert.All(results, result => Assert.Equal(Acceptance.Accepted, result.Acceptance));
        Assert.Equal(200, (await Reader.ListAsync(new InstanceFilter(), InstanceOrder.NewestFirst, 0, 1, default)).Total);
        Assert.InRange(_watch.Transactions, 1, 100);
    }

    [Fact]
    public async Task Each_transaction_that_is_stored_is_timed_and_one_that_fails_is_not()
    {
        using var readings = new Readings(_services!.GetRequiredService<EngineMeter>().Meter);
        await Writer.WriteAsync(_ => Task.FromResult(0), default);
        await Writer.WriteAsync(_ => Task.FromResult(0), default);
        await Assert.ThrowsAnyAsync<Exception>(() => Writer.WriteAsync(
            async context =>
            {
                await context.Database.RollbackTransactionAsync();
                return 0;
            },
            default));

        Assert.Equal(2, readings.Of("speelsa.commit.duration").Count(seconds => seconds > 0));
    }

    [Fact]
    public async Task A_write_that_fails_does_no_harm_to_those_it_shares_a_transaction_with()
    {
        using var gate = new SemaphoreSlim(0);
        var first = Writer.WriteAsync(
            async _ =>
            {
                await gate.WaitAsync();
                return 0;
            },
            default);
        var good = Enumerable.Range(0, 20).Select(number => Store.AcceptAsync(A.Start($"k{number}", $"i{number}"), A.Instance($"i{number}"), default)).ToList();
        var throwing = Writer.WriteAsync<int>(
            async context =>
            {
                await context.Database.ExecuteSqlRawAsync("DELETE FROM \"Instances\"");
                throw new InvalidOperationException("on purpose");
            },
            default);
        var breaking = Store.AcceptAsync(A.Start("other", "i1"), A.Instance("i1"), default);
        good.Add(Store.AcceptAsync(A.Start("after", "iafter"), A.Instance("iafter"), default));
        gate.Release();

        await first;
        Assert.Equal("on purpose", (await Assert.ThrowsAsync<InvalidOperationException>(() => throwing)).Message);
        await Assert.ThrowsAsync<SqliteException>(() => breaking);
        Assert.All(await Task.WhenAll(good), result => Assert.Equal(Acceptance.Accepted, result.Acceptance));
        Assert.Equal(21, (await Reader.ListAsync(new InstanceFilter(), InstanceOrder.NewestFirst, 0, 100, default)).Total);
        Assert.Null(await Reader.FindStimulusAsync("other", default));
        Assert.InRange(_watch.Transactions, 1, 3);
    }

    [Fact]
    public async Task Nobody_is_told_yes_before_the_shared_transaction_is_committed()
    {
        _watch.FailNextCommit = true;

        var writes = Enumerable.Range(0, 10).Select(number => Store.AcceptAsync(A.Start($"k{number}", $"i{number}"), A.Instance($"i{number}"), default)).ToArray();
        var outcomes = await Task.WhenAll(writes.Select(async write =>
        {
            try
            {
                await write;
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }));

        Assert.Contains(false, outcomes);
        for (var number = 0; number < 10; number++)
        {
            Assert.Equal(outcomes[number], await Reader.FindStimulusAsync($"k{number}", default) is not null);
        }

        Assert.Equal(Acceptance.Accepted, (await Store.AcceptAsync(A.Start("later", "later"), A.Instance("later"), default)).Acceptance);
    }

    [Fact]
    public async Task A_caller_that_stops_waiting_leaves_no_half_write()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.AcceptAsync(A.Start("k", "i"), A.Instance("i"), gone.Token));

        Assert.Null(await Reader.FindAsync("i", default));
        Assert.Null(await Reader.FindStimulusAsync("k", default));
    }

    [Fact]
    public async Task Lists_and_looks_never_read_states()
    {
        await Store.AcceptAsync(A.Start("k", "i"), A.Instance("i"), default);
        _watch.Clear();

        await Reader.ListAsync(new InstanceFilter(), InstanceOrder.NewestFirst, 0, 10, default);
        await Reader.ListAsync(new InstanceFilter { DefinitionIds = ["some"], SearchTerm = "o" }, InstanceOrder.NewestFirst, 0, 10, default);
        await Reader.FindAsync("i", default);
        await Reader.ListBookmarksAsync("Elsa.Event", null, 0, 10, default);
        await Reader.FindBookmarksAsync("H", default);
        await Reader.ReadJournalAsync("i", 0, 10, default);
        await Reader.FindStimuliAsync("k", 10, default);

        Assert.True(_watch.Sql.Count >= 6);
        Assert.DoesNotContain(_watch.Sql, sql => sql.Contains("InstanceStates", StringComparison.Ordinal));
        var prepared = typeof(EngineStatements).GetFields(BindingFlags.Public | BindingFlags.Static);
        Assert.Equal(
            [nameof(EngineStatements.State), nameof(EngineStatements.KeepState)],
            prepared.Where(field => ((string)field.GetRawConstantValue()!).Contains("InstanceStates", StringComparison.Ordinal)).Select(field => field.Name));
    }

    [Fact]
    public async Task A_look_that_finds_nothing_costs_no_transaction()
    {
        await Store.RaiseDueTimersAsync(A.Moment, 10, default);
        await Store.FindReadyAsync(A.Moment, 10, default);
        await Store.NextTimerAsync(default);

        Assert.Equal(0, _watch.Transactions);
    }

    /// <summary>A failure of the database is waited for, whatever that takes; a checkpoint that can never be stored would be tried for ever.</summary>
    [Fact]
    public async Task A_checkpoint_that_can_never_be_stored_is_no_failure_of_the_database()
    {
        await Store.AcceptAsync(A.Start("k", "i"), A.Instance("i"), default);
        var claim = (await Store.ClaimAsync("i", "w", A.Moment, A.Moment.AddMinutes(1), default))!;
        var checkpoint = new Checkpoint { Claim = claim, ExpectedVersion = 0, Instance = A.Instance("i") with { StateVersion = 1 }, State = [1], Journal = [A.JournalRow("i", 1)] };
        Assert.Equal(CommitOutcome.Committed, await Store.CommitAsync(checkpoint, default));

        var again = checkpoint with { ExpectedVersion = 1, Instance = A.Instance("i") with { StateVersion = 2 }, State = [2] };
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => Store.CommitAsync(again, default));

        Assert.Contains("The checkpoint of 'i' can not be stored", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([1], (await Reader.ReadStateAsync("i", default))!);
        var bookmark = new BookmarkRecord { Id = "b", InstanceId = "i", Name = "n", Hash = "h", ActivityId = "a", ActivityNodeId = "a", CreatedAt = A.Moment };
        var taken = await Assert.ThrowsAsync<InvalidOperationException>(() => Store.CommitAsync(again with { Journal = [], AddedBookmarks = [bookmark, bookmark] }, default));
        Assert.Equal("A bookmark with the id 'b' is waiting already; choose another id.", taken.Message);
        Assert.Equal(CommitOutcome.Committed, await Store.CommitAsync(again with { Journal = [A.JournalRow("i", 2)] }, default));
    }

    /// <summary>A read that fails in the middle must not leave its moment to whoever reads next.</summary>
    [Fact]
    public async Task A_damaged_journal_keeps_nobody_from_reading_others_and_can_be_deleted()
    {
        foreach (var id in new[] { "i1", "i2" })
        {
            await Store.AcceptAsync(A.Start($"k-{id}", id), A.Instance(id) with { Status = Elsa.Workflows.WorkflowStatus.Finished, SubStatus = Elsa.Workflows.WorkflowSubStatus.Faulted }, default);
        }

        _file.Query<object>("INSERT INTO JournalPages (InstanceId, FirstSequence, Count, Hash, Content) VALUES ('i1', 1, 1, 'h', x'0203')");
        for (var round = 0; round < 20; round++)
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => Reader.ReadJournalAsync("i1", 0, 10, default));
        }

        await Store.AcceptAsync(A.Start("k-i3", "i3"), A.Instance("i3"), default);
        Assert.NotNull(await Reader.FindAsync("i3", default));
        Assert.NotNull(await Store.LoadAsync("i3", default));
        Assert.Empty(await Reader.ReadJournalAsync("i2", 0, 10, default));
        Assert.Equal(1, (await Store.DeleteInstancesAsync(["i1"], default)).Deleted);
        Assert.Null(await Reader.FindAsync("i1", default));
    }

    [Fact]
    public async Task Loading_leaves_no_connection_open()
    {
        await Store.AcceptAsync(A.Start("k", "i"), A.Instance("i"), default);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => Store.LoadAsync("i", default))));

        // A reader that stayed open would keep the log from being folded back into the file.
        await Store.AcceptAsync(A.Signal("k2", "i", "b"), null, default);
        Assert.Equal(0L, _file.Query<long>("PRAGMA wal_checkpoint(TRUNCATE)"));
    }

    /// <summary>Counts committed transactions and keeps the SQL.</summary>
    private sealed class Watch : DbTransactionInterceptor
    {
        private int _transactions;

        public CommandWatch Commands { get; } = new();

        public int Transactions => _transactions;

        public ConcurrentQueue<string> Sql => Commands.Sql;

        public bool FailNextCommit { get; set; }

        public void Clear()
        {
            _transactions = 0;
            Sql.Clear();
        }

        public override ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            if (FailNextCommit)
            {
                FailNextCommit = false;
                throw new IOException("The disk is full");
            }

            Interlocked.Increment(ref _transactions);
            return ValueTask.FromResult(result);
        }
    }

    private sealed class CommandWatch : DbCommandInterceptor
    {
        public ConcurrentQueue<string> Sql { get; } = new();

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Sql.Enqueue(command.CommandText);
            return ValueTask.FromResult(result);
        }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            Sql.Enqueue(command.CommandText);
            return ValueTask.FromResult(result);
        }
    }
}
