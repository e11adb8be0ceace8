using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Activities.Flowchart.Models;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Branching;

namespace Elsa.Workflows.Activities.Flowchart.Activities;

/// <summary>Goes the ways of the cases that apply: their labels are its outcomes; "Default" where none does.</summary>
[FlowNode("Default")]
[Activity("Elsa", "Branching", "Goes the ways of the cases that apply", DisplayName = "Switch (flow)")]
public class FlowSwitch : Activity
{
    /// <summary>The cases, in the order in which they are looked at.</summary>
    [Input(UIHint = "flow-switch-editor", Description = "The cases, in the order in which they are looked at; each is an outcome")]
    public ICollection<FlowSwitchCase> Cases { get; set; } = [];

    /// <summary>Whether one case may apply or several. Default: the first.</summary>
    [Input(Description = "Whether only the first case that applies is followed, or all that do")]
    public Input<SwitchMode> Mode { get; set; } = new(SwitchMode.MatchFirst);

    /// <inheritdoc />
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var matches = await CaseMatcher.FindMatchesAsync(context, Cases, candidate => candidate.Condition, context.Get(Mode));
        await context.CompleteActivityWithOutcomesAsync(matches.Count == 0 ? ["Default"] : [.. matches.Select(match => match.Label)]);
    }
}
