using Cronos;
using SpeElsa.Engine.Execution;

namespace Elsa.Scheduling.Bookmarks;

/// <summary>Goes on at a time.</summary>
public class DelayPayload(DateTimeOffset resumeAt) : ITimedStimulus
{
    /// <summary>When.</summary>
    public DateTimeOffset ResumeAt { get; set; } = resumeAt;

    DateTimeOffset ITimedStimulus.DueAt => ResumeAt;
}

/// <summary>Starts or goes on at a time.</summary>
public class StartAtPayload(DateTimeOffset executeAt) : ITimedStimulus
{
    /// <summary>When.</summary>
    public DateTimeOffset ExecuteAt { get; set; } = executeAt;

    DateTimeOffset ITimedStimulus.DueAt => ExecuteAt;
}

/// <summary>Starts again and again after the same time span.</summary>
public class TimerTriggerPayload(DateTimeOffset startAt, TimeSpan interval) : IRecurringStimulus
{
    internal const string Name = "Elsa.Timer";

    /// <summary>When first.</summary>
    public DateTimeOffset StartAt { get; set; } = startAt;

    /// <summary>The time span.</summary>
    public TimeSpan Interval { get; set; } = interval;

    DateTimeOffset ITimedStimulus.DueAt => StartAt;

    /// <summary>The rhythm is kept: the next time is a whole number of intervals after the last, however late that was.</summary>
    DateTimeOffset? IRecurringStimulus.NextAfter(DateTimeOffset due, DateTimeOffset now) =>
        Interval <= TimeSpan.Zero ? null : due + (Interval * Math.Max(1, Math.Floor((now - due) / Interval) + 1));
}

/// <summary>Starts at the times of a cron expression, in UTC.</summary>
public class CronTriggerPayload(DateTimeOffset executeAt, string cronExpression) : IRecurringStimulus
{
    internal const string Name = "Elsa.Cron";

    /// <summary>When first.</summary>
    public DateTimeOffset ExecuteAt { get; set; } = executeAt;

    /// <summary>The expression.</summary>
    public string CronExpression { get; set; } = cronExpression;

    DateTimeOffset ITimedStimulus.DueAt => ExecuteAt;

    DateTimeOffset? IRecurringStimulus.NextAfter(DateTimeOffset due, DateTimeOffset now) => CronTimes.Next(CronExpression, now > due ? now : due);
}

/// <summary>Reads cron expressions.</summary>
internal static class CronTimes
{
    /// <summary>The next time after one, in UTC.</summary>
    /// <exception cref="FormatException">It is not a cron expression, or it names no time at all.</exception>
    public static DateTimeOffset Next(string expression, DateTimeOffset after) => Parse(expression).GetNextOccurrence(after, TimeZoneInfo.Utc)
        ?? throw new FormatException($"The cron expression '{expression}' never comes due.");

    /// <summary>Reads an expression. Five fields count in minutes, six begin with the seconds.</summary>
    /// <exception cref="FormatException">It is not a cron expression.</exception>
    public static CronExpression Parse(string expression)
    {
        try
        {
            var fields = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Length;
            return CronExpression.Parse(expression, fields == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard);
        }
        catch (CronFormatException exception)
        {
            throw new FormatException(
                $"'{expression}' is not a cron expression: {exception.Message} Write five fields (minute hour day month weekday), or six with the seconds first.", exception);
        }
    }
}
