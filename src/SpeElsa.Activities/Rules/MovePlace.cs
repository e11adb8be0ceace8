using Elsa.Workflows;
using Elsa.Workflows.Management.Activities.WorkflowDefinitionActivity;

namespace SpeElsa.Activities;

/// <summary>How a place goes on when something in it has ended.</summary>
internal enum MovePlaceKind
{
    /// <summary>It holds nothing.</summary>
    Leaf,

    /// <summary>Along arrows.</summary>
    Chart,

    /// <summary>One after the other.</summary>
    Row,

    /// <summary>All at once; it ends with the last.</summary>
    SideBySide,

    /// <summary>All at once; it ends with the first.</summary>
    Race,

    /// <summary>One of them, or none where there is no branch for the rest.</summary>
    OneOf,

    /// <summary>What it holds, once.</summary>
    Whole,

    /// <summary>What it holds, as often as it likes, also never: loops, and whatever is not known here.</summary>
    Rounds,
}

/// <summary>An activity at its place in a workflow, with the ways by which it can be left.</summary>
internal sealed class MovePlace
{
    /// <param name="index">Its number; those of what it holds follow.</param>
    /// <param name="activity">The activity.</param>
    /// <param name="parent">What holds it; null for the workflow.</param>
    public MovePlace(int index, IActivity activity, MovePlace? parent)
    {
        (Index, Last, Activity, Parent, Position) = (index, index, activity, parent, parent?.Children.Count ?? 0);
        Parts = activity is IMovePart part ? part.Parts : [];
        IsElsewhere = parent is not null && (parent.IsElsewhere || parent.Activity is WorkflowDefinitionActivity);
    }

    public int Index { get; }

    /// <summary>Its position in what holds it.</summary>
    public int Position { get; }

    public IActivity Activity { get; }

    public MovePlace? Parent { get; }

    /// <summary>What the designer shows on it.</summary>
    public string Name { get; set; } = "";

    public IReadOnlyList<MovePart> Parts { get; }

    /// <summary>Whether it belongs to a workflow that is used as an activity, which is checked by itself.</summary>
    public bool IsElsewhere { get; }

    public MovePlaceKind Kind { get; set; }

    public List<MovePlace> Children { get; } = [];

    /// <summary>The number of the last place in it.</summary>
    public int Last { get; set; }

    /// <summary>Whether a place that holds branches may go on without any of them.</summary>
    public bool MayPass { get; set; }

    /// <summary>The outcomes it may end with; each way is what it ends with at once.</summary>
    public IReadOnlyList<string[]> Ways { get; set; } = [];

    /// <summary>Whether its ways are all that there can be.</summary>
    public bool WaysAreKnown { get; set; } = true;

    /// <summary>The arrows between what it holds; null where it is no flowchart.</summary>
    public MoveChart? Chart { get; set; }

    public bool Holds(int other) => other > Index && other <= Last;
}
