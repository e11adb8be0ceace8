using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime;

/// <summary>Does one kind of thing after commits.</summary>
public interface IOutboxHandler
{
    /// <summary>The kind.</summary>
    string Kind { get; }

    /// <summary>Does it. Called again with the same id after a crash: doing it twice must be doing it once.</summary>
    Task HandleAsync(OutboxRecord row, CancellationToken cancellationToken);
}

/// <summary>Performs outbox rows after their commit and marks them done; a crash in between repeats them under the same id.</summary>
internal sealed class OutboxRelay(
    IRuntimeStore store,
    IEnumerable<IOutboxHandler> handlers,
    OutboxBell bell,
    TimeProvider timeProvider,
    IOptions<RuntimeOptions> options,
    ILogger<OutboxRelay> logger)
    : BackgroundService
{
    private const int RowsPerRead = 100;
    private readonly Dictionary<string, IOutboxHandler> _handlers = handlers.ToDictionary(handler => handler.Kind, StringComparer.Ordinal);
    private readonly Dictionary<string, Pause> _failures = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                while (await RelayAsync(stoppingToken))
                {
                    // More is waiting than one read takes.
                }

                await bell.Bell.WaitAsync(options.Value.PollInterval, timeProvider, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutting down.
        }
    }

    /// <returns>Whether more can be done at once.</returns>
    private async Task<bool> RelayAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Rows that failed stay where they are; reading as many more keeps them from standing in the way of the others.
            var limit = RowsPerRead + _failures.Count;
            var rows = await store.ReadOutboxAsync(limit, cancellationToken);
            var done = new List<string>(rows.Count);
            foreach (var row in rows)
            {
                if ((!_failures.TryGetValue(row.Id, out var pause) || pause.IsOver(timeProvider)) && await TryHandleAsync(row, cancellationToken))
                {
                    done.Add(row.Id);
                }
            }

            if (done.Count > 0)
            {
                await store.CompleteOutboxAsync(done, cancellationToken);
                done.ForEach(id => _failures.Remove(id));
            }

            return rows.Count == limit && done.Count > 0;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            logger.StoreFailed(exception);
            return false;
        }
    }

    private async Task<bool> TryHandleAsync(OutboxRecord row, CancellationToken cancellationToken)
    {
        try
        {
            if (_handlers.TryGetValue(row.Kind, out var handler))
            {
                await handler.HandleAsync(row, cancellationToken);
                return true;
            }

            throw new InvalidOperationException($"Nothing here handles outbox rows of the kind '{row.Kind}'.");
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A request that timed out looks like a cancellation too. The row stays and is tried again; the ones behind it are not held up.
            var pause = Pause.After(_failures.TryGetValue(row.Id, out var earlier) ? earlier : null, timeProvider);
            _failures[row.Id] = pause;
            logger.RelayFailed(exception, row.Id, row.Kind, pause.Length);
            return false;
        }
    }
}

/// <summary>Wakes the relay.</summary>
internal sealed class OutboxBell : IDisposable
{
    public Bell Bell { get; } = new();

    public void Dispose() => Bell.Dispose();
}
