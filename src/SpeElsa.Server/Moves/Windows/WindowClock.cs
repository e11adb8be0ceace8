using SpeElsa.Server.Startup;

namespace SpeElsa.Server.Moves.Windows;

/// <summary>Says it in time when the window of a move will be missed, once for each turn for the worse. What has been said is stored, so a restart repeats nothing.</summary>
internal sealed partial class WindowClock(MoveWindows windows, MoveReader moves, TimeProvider timeProvider, ILogger<WindowClock> logger) : Clock(LookEvery, timeProvider, logger)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    protected override async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var row in await windows.ListOpenAsync(cancellationToken))
        {
            await LookAsync(row, cancellationToken);
        }
    }

    private async Task LookAsync(WindowRow row, CancellationToken cancellationToken)
    {
        if (await moves.ReadAsync(row.MoveId, cancellationToken) is not { } move)
        {
            return;
        }

        var view = await windows.JudgeAsync(row, move, cancellationToken);
        if ((view.Level == row.Level && move.FinishedAt is null) || !await windows.NoteAsync(row, view, move, cancellationToken) || view.Level == row.Level)
        {
            return;
        }

        if (view.Level == WindowJudge.Ok)
        {
            Recovered(Logger, row.MoveId, move.Name, view.Text);
        }
        else
        {
            Endangered(Logger, row.MoveId, move.Name, view.Level, view.Text);
        }
    }

    [LoggerMessage(EventId = 7311, Level = LogLevel.Warning, Message = "Window of move {MoveId} ({Name}), {WindowLevel}: {Text}")]
    private static partial void Endangered(ILogger logger, string moveId, string name, string windowLevel, string text);

    [LoggerMessage(EventId = 7312, Level = LogLevel.Information, Message = "Window of move {MoveId} ({Name}), in time again: {Text}")]
    private static partial void Recovered(ILogger logger, string moveId, string name, string text);
}
