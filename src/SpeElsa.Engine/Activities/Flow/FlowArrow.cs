using Elsa.Workflows;

namespace SpeElsa.Engine.Flow;

/// <summary>An arrow of a flowchart, with its ends as indices.</summary>
internal sealed class FlowArrow(int source, int target, IActivity targetActivity, string sourceId, string port)
{
    public int Source { get; } = source;

    public int Target { get; } = target;

    public IActivity TargetActivity { get; } = targetActivity;

    public string Port { get; } = port;

    /// <summary>Tells it from the other arrows to the same target; stored.</summary>
    public string Key { get; } = $"{sourceId}:{port}";

    /// <summary>Whether it leads back to an activity on the way to its beginning.</summary>
    public bool IsBackward { get; set; }
}
