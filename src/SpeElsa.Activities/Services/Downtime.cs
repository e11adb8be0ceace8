namespace SpeElsa.Activities;

/// <summary>The journal rows that the downtime clocks are read from.</summary>
public static class Downtime
{
    /// <summary>The first service of the old server is stopped: users have none from here.</summary>
    public const string StartedEvent = "DowntimeStarted";

    /// <summary>All roles answer on the new server: users have service again.</summary>
    public const string EndedEvent = "DowntimeEnded";

    /// <summary>One role, or one instance that moves by itself, is stopped. The payload names it: <c>role</c> or <c>instance</c>.</summary>
    public const string StoppedEvent = "ServiceStopped";

    /// <summary>It answers again, wherever. The payload is the same.</summary>
    public const string AnsweredEvent = "ServiceAnswered";
}
