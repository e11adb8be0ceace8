using Elsa.Workflows.Activities.Flowchart.Models;

namespace SpeElsa.Engine.Flow;

/// <summary>What one execution of a flowchart has to remember: only what has arrived at joins that do not run yet. Everything else follows from what runs.</summary>
internal sealed class FlowScope
{
    /// <summary>The id of the activity where it began.</summary>
    public string Start { get; set; } = "";

    /// <summary>The joins that have arrivals and do not run yet, by the id of the activity.</summary>
    public Dictionary<string, FlowArrivals> Arrivals { get; set; } = [];

    /// <summary>The ids of the activities that were won by a first arrival and can still be reached by others.</summary>
    public HashSet<string> Won { get; set; } = [];
}

/// <summary>What has arrived at a join.</summary>
internal sealed class FlowArrivals
{
    /// <summary>When it runs, as it was when the first branch arrived.</summary>
    public MergeMode Mode { get; set; }

    /// <summary>The keys of the arrows that were followed.</summary>
    public HashSet<string> Followed { get; set; } = [];
}
