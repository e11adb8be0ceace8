using Elsa.Expressions.Models;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace Elsa.Workflows.Activities.Flowchart.Activities;

/// <summary>Goes one of two ways.</summary>
[FlowNode("True", "False")]
[Activity("Elsa", "Branching", "Goes one of two ways", DisplayName = "Decision")]
public class FlowDecision : Activity
{
    /// <summary>Creates a decision.</summary>
    public FlowDecision()
    {
    }

    /// <summary>Decides by code.</summary>
    public FlowDecision(Func<ExpressionExecutionContext, bool> condition) => Condition = new Input<bool>(condition);

    /// <summary>Decides by code.</summary>
    public FlowDecision(Func<ExpressionExecutionContext, ValueTask<bool>> condition) => Condition = new Input<bool>(condition);

    /// <summary>What decides.</summary>
    [Input(UIHint = "singleline", Description = "The condition to evaluate")]
    public Input<bool> Condition { get; set; } = new(false);

    /// <inheritdoc />
    protected override ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.CompleteActivityWithOutcomesAsync(context.Get(Condition) ? "True" : "False");
    }
}
