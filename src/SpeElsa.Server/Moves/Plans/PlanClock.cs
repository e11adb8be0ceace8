using SpeElsa.Server.Configuration;

namespace SpeElsa.Server.Moves.Plans;

/// <summary>Starts plans at their time, and checks them before. Everything it does is found in the store, so a stop of the server loses nothing.</summary>
internal sealed partial class PlanClock(PlanStore plans, PlanRuns runs, ServerOptions options, TimeProvider timeProvider, ILogger<PlanClock> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim _rung = new(0, 1);

    /// <summary>Something has changed: look now.</summary>
    public void Ring()
    {
        try
        {
            _rung.Release();
        }
        catch (SemaphoreFullException)
        {
            // It has been woken already.
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _rung.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = LookEvery;
            try
            {
                next = await LookAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The edge of the loop: what can not be started now is found again by the next look.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LookFailed(logger, exception);
            }

            await WaitAsync(next, stoppingToken);
        }
    }

    /// <summary>Does what is due.</summary>
    /// <returns>How long there is nothing to do.</returns>
    private async Task<TimeSpan> LookAsync(CancellationToken cancellationToken)
    {
        var next = LookEvery;
        foreach (var row in await plans.ListWaitingAsync(cancellationToken))
        {
            var left = row.StartAt - timeProvider.GetUtcNow() ?? TimeSpan.Zero;
            if (row.State is PlanState.Starting || left <= TimeSpan.Zero)
            {
                await StartAsync(row, -left, cancellationToken);
                continue;
            }

            var untilCheck = left - options.Plans.CheckBefore;
            if (options.Plans.CheckBefore > TimeSpan.Zero && row.CheckedFor != row.StartAt)
            {
                if (untilCheck <= TimeSpan.Zero)
                {
                    await CheckAsync(row, cancellationToken);
                }
                else
                {
                    left = untilCheck;
                }
            }

            next = left < next ? left : next;
        }

        return next;
    }

    private async Task StartAsync(PlanRow row, TimeSpan late, CancellationToken cancellationToken)
    {
        if (row.State is PlanState.Scheduled && late > options.Plans.LatestStart)
        {
            (row.State, row.Note) = (PlanState.Missed, $"The server was not running at {row.StartAt:u}; it started looking {Minutes(late)} minutes later. Schedule the plan again, or start it by hand.");
            await plans.ChangeAsync(row, PlanRuns.Clock, cancellationToken);
            Missed(logger, row.Id, row.Name, row.StartAt);
            return;
        }

        var (receipt, errors) = await runs.StartAsync(row, PlanRuns.Clock, cancellationToken);
        if (receipt is not null)
        {
            Started(logger, row.Id, row.Name, receipt.Id);
        }
        else if (errors is not null && row.State is PlanState.Scheduled)
        {
            (row.State, row.Note) = (PlanState.Missed, PlanRuns.WhyNotStarted(errors));
            await plans.ChangeAsync(row, PlanRuns.Clock, cancellationToken);
            Missed(logger, row.Id, row.Name, row.StartAt);
        }
    }

    /// <summary>The key has the version in it: a plan that was changed since is another one, and is checked again.</summary>
    private async Task CheckAsync(PlanRow row, CancellationToken cancellationToken)
    {
        row.CheckedFor = row.StartAt;
        if (await runs.CheckAsync(row, PlanRuns.Clock, $"plan {row.Id} check {row.Version}", cancellationToken) is { Count: > 0 } errors)
        {
            row.Note = $"It could not be checked: {PlanRuns.Words(errors)}";
            await plans.ChangeAsync(row, PlanRuns.Clock, cancellationToken);
        }
    }

    private async Task WaitAsync(TimeSpan time, CancellationToken stoppingToken)
    {
        using var due = new CancellationTokenSource(time, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(due.Token, stoppingToken);
        try
        {
            await _rung.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // It is time, or the server stops.
        }
    }

    private static string Minutes(TimeSpan time) => Math.Ceiling(time.TotalMinutes).ToString(System.Globalization.CultureInfo.InvariantCulture);

    [LoggerMessage(EventId = 7301, Level = LogLevel.Information, Message = "The plan {PlanId} ({Name}) was started at its time as move {MoveId}")]
    private static partial void Started(ILogger logger, string planId, string name, string moveId);

    [LoggerMessage(EventId = 7302, Level = LogLevel.Warning, Message = "The plan {PlanId} ({Name}) was not started at {StartAt}; GET /api/plans/{PlanId} tells why")]
    private static partial void Missed(ILogger logger, string planId, string name, DateTimeOffset? startAt);

    [LoggerMessage(EventId = 7303, Level = LogLevel.Error, Message = "Looking for plans that are due failed; it is tried again")]
    private static partial void LookFailed(ILogger logger, Exception exception);
}
