using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using SpeElsa.Engine.Telemetry;

namespace SpeElsa.Engine.Persistence;

/// <summary>
/// The one writer. Writes that arrive while a commit is under way share the next transaction: each is whole or not at all by a savepoint of its
/// own, and none returns before the transaction they share is on disk.
/// </summary>
internal sealed class GroupCommitWriter : IAsyncDisposable
{
    private const int MostPerTransaction = 256;
    private readonly Channel<Write> _queue = Channel.CreateBounded<Write>(new BoundedChannelOptions(4096) { SingleReader = true });
    private readonly IDbContextFactory<EngineDbContext> _contexts;
    private readonly WriterTurn _turn;
    private readonly EngineMeter _meter;
    private readonly Task _loop;
    private WriteConnection? _connection;

    public GroupCommitWriter(IDbContextFactory<EngineDbContext> contexts, WriterTurn turn, EngineMeter meter)
    {
        _contexts = contexts;
        _turn = turn;
        _meter = meter;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Runs a write in a transaction. Once begun it is not cancelled: the token only stops the wait for its turn.</summary>
    public Task<T> WriteAsync<T>(Func<EngineDbContext, Task<T>> work, CancellationToken cancellationToken) =>
        WriteAsync(new Write<T>(connection => work(connection.Context)), cancellationToken);

    /// <summary>Runs a write with prepared statements.</summary>
    public Task<T> ExecuteAsync<T>(Func<Statements, T> work, CancellationToken cancellationToken) =>
        WriteAsync(new Write<T>(connection => Task.FromResult(work(connection.Statements))), cancellationToken);

    private async Task<T> WriteAsync<T>(Write<T> write, CancellationToken cancellationToken)
    {
        await _queue.Writer.WriteAsync(write, cancellationToken);
        return await write.Completion.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
        await CloseAsync();
    }

    private async Task RunAsync()
    {
        var batch = new List<Write>(MostPerTransaction);
        while (await _queue.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MostPerTransaction && _queue.Reader.TryRead(out var write))
            {
                batch.Add(write);
            }

            await CommitAsync(batch);
        }
    }

    private async Task CommitAsync(List<Write> batch)
    {
        var began = _meter.CommitDuration.Enabled ? Stopwatch.GetTimestamp() : 0;
        try
        {
            using var turn = await _turn.TakeAsync(CancellationToken.None);
            await WriteAsync(batch);
        }
#pragma warning disable CA1031 // Whatever went wrong, nothing of the batch is stored and every caller is told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            batch.ForEach(write => write.Fail(exception));
            return;
        }

        if (began != 0)
        {
            _meter.CommitDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        batch.ForEach(write => write.Succeed());
    }

    private async Task WriteAsync(List<Write> batch)
    {
        try
        {
            var connection = _connection ??= await WriteConnection.OpenAsync(_contexts);
            await connection.BeginAsync();
            foreach (var write in batch)
            {
                connection.Statements.Execute("SAVEPOINT write");
                if (!await write.TryRunAsync(connection))
                {
                    connection.Statements.Execute("ROLLBACK TO write");
                }

                connection.Statements.Execute("RELEASE write");
                connection.Context.ChangeTracker.Clear();
            }

            await connection.CommitAsync();
        }
        catch
        {
            await CloseAsync();
            throw;
        }
    }

    /// <summary>What went wrong may be wrong with the connection; the next write opens another one.</summary>
    private async ValueTask CloseAsync()
    {
        if (_connection is not { } connection)
        {
            return;
        }

        _connection = null;
        try
        {
            await connection.DisposeAsync();
        }
#pragma warning disable CA1031 // It is given up; what was wrong before is what callers are told.
        catch (Exception)
#pragma warning restore CA1031
        {
            // Nothing of its transaction was committed.
        }
    }

    private abstract class Write
    {
        public abstract Task<bool> TryRunAsync(WriteConnection connection);

        public abstract void Succeed();

        public abstract void Fail(Exception exception);
    }

    private sealed class Write<T>(Func<WriteConnection, Task<T>> work) : Write
    {
        private T _result = default!;
        private Exception? _failure;

        public TaskCompletionSource<T> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async Task<bool> TryRunAsync(WriteConnection connection)
        {
            try
            {
                _result = await work(connection);
                return true;
            }
#pragma warning disable CA1031 // The caller gets it; the others of the batch go on.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                _failure = exception;
                return false;
            }
        }

        public override void Succeed()
        {
            if (_failure is null)
            {
                Completion.TrySetResult(_result);
            }
            else
            {
                Completion.TrySetException(_failure);
            }
        }

        public override void Fail(Exception exception) => Completion.TrySetException(_failure ?? exception);
    }
}
