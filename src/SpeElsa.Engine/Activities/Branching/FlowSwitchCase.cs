using Elsa.Expressions.Models;

namespace Elsa.Workflows.Activities.Flowchart.Models;

/// <summary>One case of a flow switch; its label is the outcome.</summary>
public class FlowSwitchCase
{
    /// <summary>Creates an empty one.</summary>
    public FlowSwitchCase()
    {
    }

    /// <summary>Applies where an expression holds.</summary>
    public FlowSwitchCase(string label, Expression condition)
    {
        Label = label;
        Condition = condition;
    }

    /// <summary>Applies where code says so.</summary>
    public FlowSwitchCase(string label, Func<ExpressionExecutionContext, ValueTask<bool>> condition)
        : this(label, Expression.DelegateExpression(condition))
    {
    }

    /// <summary>Applies where code says so.</summary>
    public FlowSwitchCase(string label, Func<ValueTask<bool>> condition)
        : this(label, Expression.DelegateExpression(condition))
    {
    }

    /// <summary>Applies where code says so.</summary>
    public FlowSwitchCase(string label, Func<ExpressionExecutionContext, bool> condition)
        : this(label, Expression.DelegateExpression(condition))
    {
    }

    /// <summary>Applies where code says so.</summary>
    public FlowSwitchCase(string label, Func<bool> condition)
        : this(label, Expression.DelegateExpression(condition))
    {
    }

    /// <summary>The outcome.</summary>
    public string Label { get; set; } = "";

    /// <summary>When it applies. Default never.</summary>
    public Expression Condition { get; set; } = Expression.LiteralExpression(false);
}
