namespace SpeElsa.Engine.Runtime;

/// <summary>A rest after a failure. It is measured by the clock that nobody sets: a wall clock that is set back must not make it last for days.</summary>
/// <param name="Since">When it began, as <see cref="TimeProvider.GetTimestamp"/> says it.</param>
/// <param name="Length">How long it lasts.</param>
/// <param name="Count">How often the same thing has failed by now.</param>
internal readonly record struct Pause(long Since, TimeSpan Length, int Count)
{
    /// <summary>A rest that doubles with each failure: 1, 2, 4 … seconds, a minute at most.</summary>
    public static Pause After(Pause? earlier, TimeProvider timeProvider)
    {
        var count = (earlier?.Count ?? 0) + 1;
        return new Pause(timeProvider.GetTimestamp(), TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, count - 1))), count);
    }

    public bool IsOver(TimeProvider timeProvider) => timeProvider.GetElapsedTime(Since) >= Length;
}
