using Elsa.Expressions.Models;

namespace Elsa.Workflows.Activities;

/// <summary>One case of a <see cref="Switch"/>.</summary>
public class SwitchCase
{
    /// <summary>Creates an empty one.</summary>
    public SwitchCase()
    {
    }

    /// <summary>Runs an activity where an expression holds.</summary>
    public SwitchCase(string label, Expression condition, IActivity activity)
    {
        Label = label;
        Condition = condition;
        Activity = activity;
    }

    /// <summary>Runs an activity where code says so.</summary>
    public SwitchCase(string label, Func<ExpressionExecutionContext, ValueTask<bool>> condition, IActivity activity)
        : this(label, Expression.DelegateExpression(condition), activity)
    {
    }

    /// <summary>Runs an activity where code says so.</summary>
    public SwitchCase(string label, Func<ValueTask<bool>> condition, IActivity activity)
        : this(label, Expression.DelegateExpression(condition), activity)
    {
    }

    /// <summary>Runs an activity where code says so.</summary>
    public SwitchCase(string label, Func<ExpressionExecutionContext, bool> condition, IActivity activity)
        : this(label, Expression.DelegateExpression(condition), activity)
    {
    }

    /// <summary>Runs an activity where code says so.</summary>
    public SwitchCase(string label, Func<bool> condition, IActivity activity)
        : this(label, Expression.DelegateExpression(condition), activity)
    {
    }

    /// <summary>Its name for people.</summary>
    public string Label { get; set; } = "";

    /// <summary>When it applies. Default never.</summary>
    public Expression Condition { get; set; } = Expression.LiteralExpression(false);

    /// <summary>Runs where it applies; null: nothing does.</summary>
    public IActivity? Activity { get; set; }
}
