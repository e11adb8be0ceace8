namespace SpeElsa.Engine.Runtime;

/// <summary>Places where a test lets the process die. There is a handful, each at the edge of a commit.</summary>
public interface IFaultPoints
{
    /// <summary>Reached a place.</summary>
    /// <param name="point">One of <see cref="FaultPoint"/>.</param>
    /// <param name="activityId">The activity, where there is one.</param>
    void Reach(string point, string? activityId);
}

/// <summary>The names of the places.</summary>
public static class FaultPoint
{
    /// <summary>A stimulus is stored, its caller not yet told.</summary>
    public const string StimulusStored = "stimulus-stored";

    /// <summary>An intent is stored, the activity has not acted.</summary>
    public const string IntentCommitted = "intent-committed";

    /// <summary>The activity has acted, its result is not stored.</summary>
    public const string BeforeResult = "before-result";

    /// <summary>The result is stored.</summary>
    public const string ResultCommitted = "result-committed";

    /// <summary>A burst is stored, its outbox rows are not relayed.</summary>
    public const string BurstCommitted = "burst-committed";
}

/// <summary>Nothing dies.</summary>
internal sealed class NoFaultPoints : IFaultPoints
{
    public void Reach(string point, string? activityId)
    {
    }
}
