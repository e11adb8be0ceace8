namespace SpeElsa.Engine.Execution;

/// <summary>A stimulus that time brings.</summary>
internal interface ITimedStimulus
{
    /// <summary>When it is due.</summary>
    DateTimeOffset DueAt { get; }
}

/// <summary>A stimulus that time brings again and again, as long as the workflow that it starts is published.</summary>
internal interface IRecurringStimulus : ITimedStimulus
{
    /// <summary>When it is due next.</summary>
    /// <param name="due">When it was due.</param>
    /// <param name="now">The time now; what was missed meanwhile is not made up for.</param>
    /// <returns>A time after now, or null for never again.</returns>
    DateTimeOffset? NextAfter(DateTimeOffset due, DateTimeOffset now);
}
