namespace SpeElsa.Engine.Execution;

/// <summary>A stimulus that time brings.</summary>
internal interface ITimedStimulus
{
    /// <summary>When it is due.</summary>
    DateTimeOffset DueAt { get; }
}
