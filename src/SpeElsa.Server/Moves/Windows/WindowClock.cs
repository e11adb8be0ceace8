namespace SpeElsa.Server.Moves.Windows;

/// <summary>Says it in time when the window of a move will be missed, once for each turn for the worse. What has been said is stored, so a restart repeats nothing.</summary>
internal sealed partial class WindowClock(MoveWindows windows, MoveReader moves, TimeProvider timeProvider, ILogger<WindowClock> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, timeProvider);
        try
        {
            // Not at once: a start has more urgent things to do.
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var row in await windows.ListOpenAsync(cancellationToken))
            {
                await LookAsync(row, cancellationToken);
            }
        }
#pragma warning disable CA1031 // The edge of the loop: what could not be looked at now is looked at the next time.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LookFailed(logger, exception);
        }
    }

    private async Task LookAsync(WindowRow row, CancellationToken cancellationToken)
    {
        if (await moves.ReadAsync(row.MoveId, cancellationToken) is not { } move)
        {
            return;
        }

        var view = await windows.JudgeAsync(row, move, cancellationToken);
        var hasEnded = move.FinishedAt is not null;
        var told = view.Level == row.Level || view.Level == WindowJudge.Ok ? null : view.Text;
        if ((view.Level == row.Level && !hasEnded) || !await windows.NoteAsync(row, view.Level, hasEnded, move.Name, told, cancellationToken) || view.Level == row.Level)
        {
            return;
        }

        if (view.Level == WindowJudge.Ok)
        {
            Recovered(logger, row.MoveId, move.Name, view.Text);
        }
        else
        {
            Endangered(logger, row.MoveId, move.Name, view.Level, view.Text);
        }
    }

    [LoggerMessage(EventId = 7311, Level = LogLevel.Warning, Message = "Window of move {MoveId} ({Name}), {WindowLevel}: {Text}")]
    private static partial void Endangered(ILogger logger, string moveId, string name, string windowLevel, string text);

    [LoggerMessage(EventId = 7312, Level = LogLevel.Information, Message = "Window of move {MoveId} ({Name}), in time again: {Text}")]
    private static partial void Recovered(ILogger logger, string moveId, string name, string text);

    [LoggerMessage(EventId = 7313, Level = LogLevel.Error, Message = "Looking at the windows of moves failed; it is tried again")]
    private static partial void LookFailed(ILogger logger, Exception exception);
}
