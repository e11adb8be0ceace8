using System.Globalization;

namespace SpeElsa.Engine.Storage;

/// <summary>What a due timer becomes.</summary>
public static class TimerStimulus
{
    /// <summary>The input that says how late it was, in milliseconds.</summary>
    public const string LatenessKey = "TimerLatenessMilliseconds";

    /// <summary>The stimulus of a timer: its key follows from the bookmark, so that it fires once whoever raises it.</summary>
    public static Stimulus For(TimerRecord timer, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(timer);
        var lateness = (long)Math.Max(0, (now - timer.DueAt).TotalMilliseconds);
        return new Stimulus
        {
            Key = $"timer:{timer.BookmarkId}",
            Kind = StimulusKind.Resume,
            InstanceId = timer.InstanceId,
            BookmarkId = timer.BookmarkId,
            Input = string.Create(CultureInfo.InvariantCulture, $"{{\"{LatenessKey}\":{lateness}}}"),
            ReceivedAt = now,
        };
    }
}
