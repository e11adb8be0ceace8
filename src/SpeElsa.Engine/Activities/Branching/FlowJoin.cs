using Elsa.Workflows.Activities.Flowchart.Models;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace Elsa.Workflows.Activities.Flowchart.Activities;

/// <summary>Brings branches together. When it runs is decided by its flowchart, which looks at the mode when the first branch arrives.</summary>
[Activity("Elsa", "Branching", "Brings branches together", DisplayName = "Join")]
public class FlowJoin : Activity
{
    /// <summary>Which branches it waits for. Default: the first to arrive; the others are given up.</summary>
    [Input(
        Description = "WaitAny goes on with the first branch and gives up the others; WaitAll needs every branch, WaitAllActive those that were taken",
        DefaultValue = FlowJoinMode.WaitAny)]
    public Input<FlowJoinMode> Mode { get; set; } = new(FlowJoinMode.WaitAny);

    /// <inheritdoc />
    protected override ValueTask ExecuteAsync(ActivityExecutionContext context) => CompleteAsync(context);
}
