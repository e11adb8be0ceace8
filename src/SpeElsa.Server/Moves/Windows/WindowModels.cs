using System.ComponentModel;

namespace SpeElsa.Server.Moves.Windows;

/// <summary>The maintenance window of a move. Nothing is stopped when it ends: people are told, and decide.</summary>
/// <param name="EndsAt">When it ends, with its offset from UTC.</param>
/// <param name="Length">In place of <paramref name="EndsAt"/>: how long it is, from the start of the move.</param>
/// <param name="DowntimeBudget">How long services may be down in all.</param>
public sealed record WindowRequest(
    [property: Description("When it ends, with its offset from UTC: 2026-12-01T05:00:00+01:00")] DateTimeOffset? EndsAt = null,
    [property: Description("In place of endsAt: how long it is from the start of the move, hh:mm:ss")] TimeSpan? Length = null,
    [property: Description("How long services may be down in all, hh:mm:ss")] TimeSpan? DowntimeBudget = null)
{
    /// <summary>How far ahead a time may lie. What is beyond is a slip of the pen.</summary>
    internal static readonly TimeSpan Furthest = TimeSpan.FromDays(5 * 365);

    /// <summary>What is said about a time that lies beyond that.</summary>
    internal const string TooFar = "Name a time within the next five years.";

    /// <summary>What is wrong with it, by field.</summary>
    internal static Dictionary<string, string[]> Check(WindowRequest? window, DateTimeOffset now)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (window is { EndsAt: not null, Length: not null })
        {
            errors["window.length"] = ["Give either 'endsAt' or 'length'."];
        }

        if (window?.EndsAt <= now)
        {
            errors["window.endsAt"] = [$"Name a time that is to come, with its offset from UTC, such as {now.AddHours(4):yyyy-MM-ddTHH:mm:sszzz}; it is {now:u}."];
        }

        if (window?.EndsAt > now + Furthest)
        {
            errors["window.endsAt"] = [TooFar];
        }

        if (window?.Length is { } length && !IsSensible(length))
        {
            errors["window.length"] = ["A window is from one minute to 30 days long: hh:mm:ss, or d.hh:mm:ss."];
        }

        if (window?.DowntimeBudget is { } budget && !IsSensible(budget))
        {
            errors["window.downtimeBudget"] = ["A budget is from one minute to 30 days: hh:mm:ss, or d.hh:mm:ss."];
        }

        return errors;
    }

    private static bool IsSensible(TimeSpan time) => time >= TimeSpan.FromMinutes(1) && time <= TimeSpan.FromDays(30);
}

/// <summary>How a move stands in its window.</summary>
public sealed record WindowView
{
    /// <summary>When it ends; null: only down time is counted.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>How long services may be down in all; null: only the end counts.</summary>
    public TimeSpan? DowntimeBudget { get; init; }

    /// <summary>ok; warning: it will be missed as it looks; missed.</summary>
    public required string Level { get; init; }

    /// <summary>In words, with what can be done.</summary>
    public required string Text { get; init; }

    /// <summary>When the move will have ended as finished moves of its procedure suggest; null when none has been measured, or it has ended.</summary>
    public DateTimeOffset? ForecastEnd { get; init; }

    /// <summary>How long services will have been down by then.</summary>
    public TimeSpan? ForecastDowntime { get; init; }

    /// <summary>Who set it.</summary>
    public required string SetBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset SetAt { get; init; }
}

/// <summary>The maintenance window of a move, as it is stored.</summary>
internal sealed class WindowRow
{
    public required string MoveId { get; init; }

    public DateTimeOffset? EndsAt { get; set; }

    public TimeSpan? DowntimeBudget { get; set; }

    public required string SetBy { get; set; }

    public required DateTimeOffset SetAt { get; set; }

    /// <summary>What people have been told last.</summary>
    public string Level { get; set; } = WindowJudge.Ok;

    /// <summary>Whether the move has ended, so that nothing changes any more.</summary>
    public bool IsClosed { get; set; }
}
