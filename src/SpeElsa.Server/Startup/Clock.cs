namespace SpeElsa.Server.Startup;

/// <summary>Looks again and again whether something is due. What goes wrong in a look is logged and tried again by the next one.</summary>
/// <param name="every">The time between two looks. The first comes after it: a start has more urgent things to do.</param>
/// <param name="timeProvider">The time.</param>
/// <param name="logger">Where it is told what went wrong.</param>
internal abstract partial class Clock(TimeSpan every, TimeProvider timeProvider, ILogger logger) : BackgroundService
{
    /// <summary>The time.</summary>
    protected TimeProvider Time { get; } = timeProvider;

    /// <summary>Where it is told what happened.</summary>
    protected ILogger Logger { get; } = logger;

    /// <summary>Whether there can be anything to look for on this server at all.</summary>
    protected virtual bool IsNeeded => true;

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!IsNeeded)
        {
            return;
        }

        using var timer = new PeriodicTimer(every, Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    /// <summary>Does what is due.</summary>
    protected abstract Task LookAsync(CancellationToken cancellationToken);

    private async Task TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LookAsync(cancellationToken);
        }
#pragma warning disable CA1031 // The edge of the loop: one look that failed must not be the last.
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LookFailed(Logger, exception);
        }
    }

    [LoggerMessage(EventId = 7321, Level = LogLevel.Error, Message = "Looking for what is due failed; it is tried again")]
    private static partial void LookFailed(ILogger logger, Exception exception);
}
