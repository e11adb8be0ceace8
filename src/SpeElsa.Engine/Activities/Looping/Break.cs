using Elsa.Extensions;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Signals;

namespace Elsa.Workflows.Activities;

/// <summary>Ends the nearest loop around it and gives up what that loop still runs or waits for. Outside of a loop it ends the flowchart it stands in.</summary>
[Activity("Elsa", "Looping", "Ends the nearest loop around it")]
public class Break : CodeActivity, ITerminalNode
{
    /// <inheritdoc />
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context) => await context.SendSignalAsync(new BreakSignal());
}
