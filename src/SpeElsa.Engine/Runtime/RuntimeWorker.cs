using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Runtime.Triggers;
using SpeElsa.Engine.Storage;
using SpeElsa.Engine.Telemetry;

namespace SpeElsa.Engine.Runtime;

/// <summary>Finds instances that have something to do, claims them and runs them, several at a time.</summary>
/// <remarks>A start after a crash is nothing special: what was cut off has work and no living owner, so it is found like everything else.</remarks>
internal sealed class RuntimeWorker(
    IRuntimeStore store,
    InstanceRunner runner,
    TriggerClock triggers,
    InstanceWatch watch,
    Bell bell,
    QueueDepth queue,
    TimeProvider timeProvider,
    IOptions<RuntimeOptions> options,
    ILogger<RuntimeWorker> logger)
    : BackgroundService
{
    private readonly string _worker = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}";
    private readonly ConcurrentDictionary<string, Running> _running = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Pause> _failures = new(StringComparer.Ordinal);

    /// <summary>The name this process owns instances under.</summary>
    public string Name => _worker;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var renewing = RenewAsync(stoppingToken);
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var wait = await LookAsync(stoppingToken);
                await bell.WaitAsync(wait, timeProvider, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutting down.
        }

        await Task.WhenAll(_running.Values.Select(running => running.Task).Append(renewing));
    }

    /// <summary>One look at the store; a store that fails is asked again later.</summary>
    private async Task<TimeSpan> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var now = timeProvider.GetUtcNow();
            while (await store.RaiseDueTimersAsync(now, 500, cancellationToken) == 500)
            {
                // More are due than one transaction takes.
            }

            await triggers.FireAsync(now, cancellationToken);
            var free = options.Value.Concurrency - _running.Count;
            if (free > 0 || queue.IsWatched)
            {
                var waiting = 0;
                var most = Math.Max(free + _running.Count + _failures.Count, queue.IsWatched ? QueueDepth.Deepest : 0);
                foreach (var instanceId in await store.FindReadyAsync(now, most, cancellationToken))
                {
                    waiting += Begin(instanceId, cancellationToken) ? 0 : 1;
                }

                queue.Depth = waiting;
            }

            var next = await store.NextTimerAsync(cancellationToken) - timeProvider.GetUtcNow();
            return next is not { } due || due > options.Value.PollInterval ? options.Value.PollInterval : due > TimeSpan.Zero ? due : TimeSpan.Zero;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.StoreFailed(exception);
            return options.Value.PollInterval;
        }
    }

    /// <returns>Whether it runs.</returns>
    private bool Begin(string instanceId, CancellationToken cancellationToken)
    {
        if (_running.ContainsKey(instanceId))
        {
            return true;
        }

        if (_running.Count >= options.Value.Concurrency
            || (_failures.TryGetValue(instanceId, out var pause) && !pause.IsOver(timeProvider)))
        {
            return false;
        }

        var running = new Running(CancellationTokenSource.CreateLinkedTokenSource(cancellationToken));
        _running[instanceId] = running;
        running.Task = Task.Run(() => RunAsync(instanceId, running), CancellationToken.None);
        return true;
    }

    private async Task RunAsync(string instanceId, Running running)
    {
        try
        {
            var now = timeProvider.GetUtcNow();
            var claim = await store.ClaimAsync(instanceId, _worker, now, now + options.Value.Lease, running.Stop.Token);
            if (claim is not null)
            {
                running.Claim = claim;
                await RunAsync(claim, running);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.StoreFailed(exception);
        }
        catch (OperationCanceledException)
        {
            // Shutting down, or the lease was lost.
        }
        finally
        {
            _running.TryRemove(instanceId, out _);
            running.Stop.Dispose();
            watch.Rest(instanceId);
            bell.Ring();
        }
    }

    private async Task RunAsync(Claim claim, Running running)
    {
        try
        {
            await runner.RunAsync(claim, running.Stop.Token);
            _failures.TryRemove(claim.InstanceId, out _);
        }
        catch (OperationCanceledException) when (running.Stop.IsCancellationRequested)
        {
            await ReleaseAsync(claim);
        }
        catch (CommitLostException)
        {
            logger.CommitSuperseded(claim.InstanceId, claim.Epoch);
        }
        catch (Exception exception) when (exception is InvalidDefinitionException or InvalidDataException)
        {
            logger.InstanceSetAside(exception, claim.InstanceId);
            await store.SetAsideAsync(claim, exception.Message, CancellationToken.None);
        }
#pragma warning disable CA1031 // The edge of the loop: one instance must never stop the others.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            await FailAsync(claim, exception);
        }
    }

    /// <summary>A failure that is not an activity's: tried again after a growing pause, then set aside. A database that fails is waited for, whatever that takes.</summary>
    private async Task FailAsync(Claim claim, Exception exception)
    {
        var pause = Pause.After(_failures.TryGetValue(claim.InstanceId, out var earlier) ? earlier : null, timeProvider);
        if (pause.Count >= options.Value.FailuresBeforeSettingAside && !StoreFailure.IsOne(exception))
        {
            logger.InstanceSetAside(exception, claim.InstanceId);
            _failures.TryRemove(claim.InstanceId, out _);
            await store.SetAsideAsync(claim, exception.Message, CancellationToken.None);
            return;
        }

        _failures[claim.InstanceId] = pause;
        logger.InstanceFailed(exception, claim.InstanceId, pause.Count, pause.Length);
        await ReleaseAsync(claim);
    }

    private async Task ReleaseAsync(Claim claim)
    {
        try
        {
            await store.ReleaseAsync(claim, CancellationToken.None);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The lease ends by itself.
            logger.StoreFailed(exception);
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.Value.Lease / 3, timeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await RenewOnceAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Shutting down.
        }
    }

    private async Task RenewOnceAsync(CancellationToken cancellationToken)
    {
        if (_running.IsEmpty)
        {
            return;
        }

        try
        {
            Running[] claimed = [.. _running.Values.Where(running => running.Claim is not null)];
            var held = (await store.RenewAsync(_worker, timeProvider.GetUtcNow() + options.Value.Lease, cancellationToken)).ToHashSet(StringComparer.Ordinal);
            foreach (var lost in claimed.Where(running => !held.Contains(running.Claim!.InstanceId)))
            {
                // Its commits would be refused; stopping it keeps it from acting beside the new owner.
                lost.Cancel();
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A lease that is not renewed ends; the fence on every commit keeps the instance right.
            logger.StoreFailed(exception);
        }
    }

    private sealed class Running(CancellationTokenSource stop)
    {
        public CancellationTokenSource Stop { get; } = stop;

        public Task Task { get; set; } = Task.CompletedTask;

        /// <summary>The claim, once it is made.</summary>
        public Claim? Claim { get; set; }

        /// <summary>Stops it unless it has ended by itself.</summary>
        public void Cancel()
        {
            try
            {
                Stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It ended while the leases were renewed.
            }
        }
    }
}
