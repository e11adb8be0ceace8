using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Runtime.History;

namespace SpeElsa.Engine.Api.RealTime;

/// <summary>Tells observers of commits: of each instance at most once in an interval, and always of the last commit.</summary>
internal sealed class InstanceUpdates(
    ObservedInstances observed,
    ActivityExecutionHistory history,
    IHubContext<WorkflowInstanceHub> hub,
    IOptions<RealTimeOptions> options,
    TimeProvider timeProvider,
    ILogger<InstanceUpdates> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await observed.Changed.WaitToReadAsync(stoppingToken))
            {
                await Task.Delay(options.Value.Interval, timeProvider, stoppingToken);
                while (observed.Changed.TryRead(out var instance))
                {
                    await TellAsync(instance, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutting down.
        }
    }

    private async Task TellAsync(ObservedInstance instance, CancellationToken cancellationToken)
    {
        instance.TakeAnnouncement();
        try
        {
            var (stats, last) = await history.ChangesAsync(instance.Id, instance.ToldOf, cancellationToken);
            await InstanceMessages.SendAsync(hub.Clients.Group(instance.Id), instance.Id, stats, cancellationToken);
            instance.ToldOf = last;
            _ = RepeatAsync(instance, last, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Observers read again when the next commit is told; what they see is never wrong, only late.
            logger.UpdateFailed(exception, instance.Id);
        }
    }

    private async Task RepeatAsync(ObservedInstance instance, long told, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var pause in options.Value.RepeatAfter)
            {
                await Task.Delay(pause, timeProvider, cancellationToken);
                if (instance.ToldOf != told || !observed.IsObserved(instance))
                {
                    return;
                }

                await InstanceMessages.SendStatsAsync(hub.Clients.Group(instance.Id), await history.CountAsync(instance.Id, null, cancellationToken), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Shutting down.
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.UpdateFailed(exception, instance.Id);
        }
    }
}
