namespace Elsa.Workflows.Activities.Flowchart.Attributes;

/// <summary>Lists the outcomes of an activity, one port each. Without it an activity has the outcome "Done".</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class FlowNodeAttribute(params string[] outcomes) : Attribute
{
    /// <summary>The outcomes, in the order the designer shows them.</summary>
    public ICollection<string> Outcomes { get; } = outcomes;
}
