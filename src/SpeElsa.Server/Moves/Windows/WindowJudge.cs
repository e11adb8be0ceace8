using System.Globalization;

namespace SpeElsa.Server.Moves.Windows;

/// <summary>What is left of a move, as finished moves of its procedure suggest.</summary>
/// <param name="Time">Until its end.</param>
/// <param name="Downtime">Of that, with services down.</param>
internal sealed record Remaining(TimeSpan Time, TimeSpan Downtime);

/// <summary>Says how a move stands in its window. Facts in, words out.</summary>
internal static class WindowJudge
{
    public const string Ok = "ok";
    public const string Warning = "warning";
    public const string Missed = "missed";

    /// <summary>Judges.</summary>
    /// <param name="window">The window.</param>
    /// <param name="move">The move.</param>
    /// <param name="remaining">What is left of it; null when nothing has been measured.</param>
    /// <param name="now">The time.</param>
    /// <param name="warnBefore">How long before its end the window warns when there is no forecast.</param>
    public static WindowView Judge(WindowRow window, MoveView move, Remaining? remaining, DateTimeOffset now, TimeSpan warnBefore)
    {
        var hasEnded = move.FinishedAt is not null;
        var end = move.FinishedAt ?? (remaining is null ? null : now + remaining.Time);
        TimeSpan? downtime = hasEnded || move.Downtime.EndedAt is not null ? move.Downtime.SoFar : remaining is null ? null : move.Downtime.SoFar + remaining.Downtime;
        (string Level, string Text)[] found =
        [
            .. window.EndsAt is { } endsAt ? [AtEnd(endsAt, move, hasEnded ? move.FinishedAt : null, hasEnded ? null : end, now, warnBefore)] : Array.Empty<(string, string)>(),
            .. window.DowntimeBudget is { } budget ? [OfBudget(budget, move, downtime, hasEnded)] : Array.Empty<(string, string)>(),
        ];
        return new WindowView
        {
            EndsAt = window.EndsAt,
            DowntimeBudget = window.DowntimeBudget,
            Level = found.Select(one => one.Level).OrderByDescending(Weight).FirstOrDefault() ?? Ok,
            Text = string.Join(" ", found.OrderByDescending(one => Weight(one.Level)).Select(one => one.Text)),
            ForecastEnd = hasEnded ? null : end,
            ForecastDowntime = hasEnded ? null : downtime,
            SetBy = window.SetBy,
            SetAt = window.SetAt,
        };
    }

    private static (string Level, string Text) AtEnd(DateTimeOffset endsAt, MoveView move, DateTimeOffset? endedAt, DateTimeOffset? forecast, DateTimeOffset now, TimeSpan warnBefore)
    {
        if (endedAt is { } at)
        {
            return at <= endsAt ? (Ok, $"It ended {Words(endsAt - at)} before the end of the window.") : (Missed, $"It ended {Words(at - endsAt)} after the end of the window.");
        }

        if (now >= endsAt)
        {
            return (Missed, $"The window ended {Words(now - endsAt)} ago, at {Time(endsAt)}. {WayOut(move)}");
        }

        var left = $"{Words(endsAt - now)} are left until {Time(endsAt)}";
        if (forecast is { } end)
        {
            return end > endsAt
                ? (Warning, $"As it looks it ends at {Time(end)}, {Words(end - endsAt)} after the window; {left}. {WayOut(move)}")
                : (Ok, $"{left}; as it looks it ends at {Time(end)}.");
        }

        return endsAt - now <= warnBefore ? (Warning, $"{left}, and no move of this procedure has been measured yet that would tell how long it takes. {WayOut(move)}") : (Ok, $"{left}.");
    }

    private static (string Level, string Text) OfBudget(TimeSpan budget, MoveView move, TimeSpan? forecast, bool hasEnded)
    {
        var down = move.Downtime.SoFar;
        if (hasEnded || move.Downtime.EndedAt is not null)
        {
            return down <= budget ? (Ok, $"Services were down for {Words(down)} of {Words(budget)}.") : (Missed, $"Services were down for {Words(down)}, {Words(down - budget)} longer than planned.");
        }

        if (down > budget)
        {
            return (Missed, $"Services have been down for {Words(down)}, {Words(down - budget)} longer than planned. {WayOut(move)}");
        }

        if (forecast > budget)
        {
            return (Warning, $"As it looks services will be down for {Words(forecast.Value)}, {Words(forecast.Value - budget)} longer than planned. {WayOut(move)}");
        }

        return down > budget * 0.75
            ? (Warning, $"Services have been down for {Words(down)} of {Words(budget)}. {WayOut(move)}")
            : (Ok, move.Downtime.StartedAt is null ? $"Services may be down for {Words(budget)}." : $"Services have been down for {Words(down)} of {Words(budget)}.");
    }

    private static string WayOut(MoveView move) => move.Undoes is not null
        ? "Ask for a longer window, and set it for this move."
        : "Ask for a longer window and set it for this move, or go back while there is time: its undo can be looked at before it is started.";

    private static int Weight(string level) => level switch
    {
        Missed => 2,
        Warning => 1,
        _ => 0,
    };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Words(TimeSpan time) => time < TimeSpan.FromMinutes(1)
        ? Count((int)Math.Ceiling(time.TotalSeconds), "second")
        : time < TimeSpan.FromMinutes(120)
            ? Count((int)Math.Round(time.TotalMinutes), "minute")
            : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes:00} min");

    private static string Count(int number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");
}
