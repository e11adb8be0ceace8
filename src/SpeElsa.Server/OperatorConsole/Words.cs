using System.Globalization;
using SpeElsa.Server.Evidence;
using SpeElsa.Server.Moves;

namespace SpeElsa.Server.OperatorConsole;

/// <summary>Says things as people do.</summary>
internal static class Words
{
    private const int SoonInDays = 30;

    /// <summary>How far a move has come. Of one that has ended, the steps that were not needed are told as that.</summary>
    public static string Steps(MoveView move) => (move.FinishedAt, move.StepsInAll - move.StepsDone) switch
    {
        (null, _) => $"{move.StepsDone} of {move.StepsInAll} done",
        (_, 0) => $"{move.StepsDone} done",
        (_, var left) => $"{move.StepsDone} done, {left} {(move.Status == "finished" ? "not needed" : "not come to")}",
    };

    /// <summary>A time that has passed: 1:02:03.</summary>
    public static string Clock(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");

    /// <summary>How long something takes, from minutes that were measured.</summary>
    public static string Minutes(double? minutes) => minutes is { } known ? Clock(TimeSpan.FromMinutes(known)) : "not measured";

    /// <summary>How long a certificate is good: a level for its colour, and words.</summary>
    public static (string Level, string Text) Expiry(DateTimeOffset? end, DateTimeOffset now) => (end - now)?.TotalDays switch
    {
        null => ("warning", "end not told"),
        < 0 => ("blocked", "expired"),
        < SoonInDays and var days => ("warning", $"{(int)days} {((int)days == 1 ? "day" : "days")} left"),
        var days => ("ok", $"{(int)days} days left"),
    };

    /// <summary>A size in bytes.</summary>
    public static string Size(long bytes) => bytes switch
    {
        >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.0} GiB"),
        >= 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.0} MiB"),
        >= 1L << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 10):0.0} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
    };

    /// <summary>A name of a program as words: hostNameChanges is "Host name changes".</summary>
    public static string Spaced(string name)
    {
        var text = ReportText.Words(name);
        return text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
    }
}
