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
    private readonly Dictionary<string, IOutboxHandler> _handlers = handlers.ToDictionary(handler => handler.Kind, StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await RelayAsync(stoppingToken);
                await bell.Bell.WaitAsync(options.Value.PollInterval, timeProvider, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutting down.
        }
    }

    private async Task RelayAsync(CancellationToken cancellationToken)
    {
        try
        {
            var rows = await store.ReadOutboxAsync(100, cancellationToken);
            var done = new List<string>(rows.Count);
            foreach (var row in rows)
            {
                if (await TryHandleAsync(row, cancellationToken))
                {
                    done.Add(row.Id);
                }
            }

            if (done.Count > 0)
            {
                await store.CompleteOutboxAsync(done, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.StoreFailed(exception);
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
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The row stays and is tried again; the ones behind it are not held up.
            logger.RelayFailed(exception, row.Id, row.Kind);
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
