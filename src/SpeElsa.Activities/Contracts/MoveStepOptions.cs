namespace SpeElsa.Activities;

/// <summary>How patient the steps of a move are. The host may register one; without it the defaults hold.</summary>
public sealed class MoveStepOptions
{
    /// <summary>The first wait between two looks at long work. Default: 250 ms; each further wait is half as long again.</summary>
    public TimeSpan FirstPoll { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest wait between two looks. Default: 5 s.</summary>
    public TimeSpan SlowestPoll { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The waits before a transient error is tried again; then a person decides. Default: none are named, which is 2 s, 10 s and 30 s.</summary>
    public IReadOnlyList<TimeSpan> RetryDelays { get; set; } = [];

    /// <summary>The waits that count. A default list of the property would be lengthened by the settings and not replaced.</summary>
    internal IReadOnlyList<TimeSpan> Retries => RetryDelays.Count > 0 ? RetryDelays : [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30)];

    /// <summary>
    /// How long an act may take to show in the world, such as a service that runs but does not answer yet. Default: 5 min.
    /// </summary>
    public TimeSpan SettleFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a role may take to connect once its dialog is closed or its Management Server is back; then a person is asked. Default: 30 s.</summary>
    public TimeSpan ConnectFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long Windows may take to start or stop a service. Default: 2 min.</summary>
    public TimeSpan ServiceTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the Management Server may be at one of its long calls before a person is asked. Default: 2 h.</summary>
    public TimeSpan LongCall { get; set; } = TimeSpan.FromHours(2);

    internal TimeSpan Poll(int number) => Min(FirstPoll * Math.Pow(1.5, Math.Min(number, 32)), SlowestPoll);

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
