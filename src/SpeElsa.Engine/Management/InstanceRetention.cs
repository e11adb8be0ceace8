using System.ComponentModel.DataAnnotations;
using Elsa.Workflows;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Management;

/// <summary>How long instances are kept that have ended.</summary>
public sealed class InstanceRetentionOptions
{
    /// <summary>How many days they are kept after their end. Default: null, for ever.</summary>
    [Range(1, 36500)]
    public int? KeepFinishedForDays { get; set; }

    /// <summary>Definitions whose instances are kept for ever all the same.</summary>
    public ICollection<string> ExemptDefinitionIds { get; set; } = [];

    /// <summary>How often what is too old is looked for. Default 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How many instances are deleted in one transaction. Default 200.</summary>
    [Range(1, 10_000)]
    public int BatchSize { get; set; } = 200;
}

/// <summary>Deletes instances that ended long ago, in small portions, so that nobody waits for it.</summary>
public sealed partial class InstanceRetention(
    IInstanceReader reader, IRuntimeStore store, TimeProvider timeProvider, IOptions<InstanceRetentionOptions> options, ILogger<InstanceRetention> logger)
    : BackgroundService
{
    /// <summary>Deletes everything that is too old now.</summary>
    /// <returns>How many instances were deleted.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        if (options.Value.KeepFinishedForDays is not { } days)
        {
            return 0;
        }

        var filter = new InstanceFilter
        {
            Statuses = [WorkflowStatus.Finished],
            ExceptDefinitionIds = [.. options.Value.ExemptDefinitionIds],
            Timestamps = [new TimestampCondition(InstanceTimestamp.FinishedAt, TimestampComparison.LessThan, timeProvider.GetUtcNow().AddDays(-days))],
        };
        var deleted = 0;
        InstanceDeletion deletion;
        do
        {
            var (oldest, _) = await reader.ListAsync(filter, new InstanceOrder(InstanceColumn.FinishedAt), 0, options.Value.BatchSize, cancellationToken);
            deletion = await store.DeleteInstancesAsync([.. oldest.Select(instance => instance.Id)], cancellationToken);
            deleted += deletion.Deleted;
        }
        while (deletion.Deleted > 0);

        return deleted;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.KeepFinishedForDays is null)
        {
            return;
        }

        using var timer = new PeriodicTimer(options.Value.SweepInterval, timeProvider);
        try
        {
            do
            {
                await SweepSafelyAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutting down.
        }
    }

    private async Task SweepSafelyAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await SweepAsync(cancellationToken) is var deleted and > 0)
            {
                LogDeleted(deleted, options.Value.KeepFinishedForDays!.Value);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(exception);
        }
    }

    [LoggerMessage(EventId = 2132, Level = LogLevel.Information, Message = "Deleted {Count} instances that ended more than {Days} days ago")]
    private partial void LogDeleted(int count, int days);

    [LoggerMessage(EventId = 2133, Level = LogLevel.Error, Message = "Deleting old instances failed; trying again at the next sweep")]
    private partial void LogFailed(Exception exception);
}
