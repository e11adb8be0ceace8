using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace Elsa.Workflows.Activities.Flowchart.Activities;

/// <summary>Goes several ways at once: the names of its branches are its outcomes.</summary>
[Activity("Elsa", "Branching", "Goes several ways at once", DisplayName = "Fork (flow)")]
public class FlowFork : Activity
{
    /// <summary>The names of the branches; without any the outcome is "Done".</summary>
    [Input(UIHint = "dynamic-outcomes", Description = "The names of the branches")]
    public Input<ICollection<string>> Branches { get; set; } = new(Array.Empty<string>());

    /// <inheritdoc />
    protected override ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Get(Branches) is { Count: > 0 } branches ? context.CompleteActivityWithOutcomesAsync([.. branches]) : context.CompleteActivityAsync();
    }
}
