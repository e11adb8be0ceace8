using Elsa.Expressions.Models;
using Elsa.Extensions;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using Elsa.Workflows.Signals;
using SpeElsa.Engine.Looping;

namespace Elsa.Workflows.Activities;

/// <summary>Runs its body again and again while a condition holds. The condition is looked at before each round.</summary>
[Activity("Elsa", "Looping", "Runs an activity again and again while a condition holds")]
public class While : Activity
{
    /// <summary>Creates an empty one.</summary>
    public While()
        : this((IActivity?)null)
    {
    }

    /// <summary>Runs a body; the condition is to be set.</summary>
    public While(IActivity? body = null)
    {
        OnSignalReceived<BreakSignal>(Iteration.BreakAsync);
        Body = body;
    }

    /// <summary>Decides by an expression.</summary>
    public While(Input<bool> condition, IActivity? body = null)
        : this(body) => Condition = condition;

    /// <summary>Decides by code.</summary>
    public While(Func<ExpressionExecutionContext, ValueTask<bool>> condition, IActivity? body = null)
        : this(new Input<bool>(Expression.DelegateExpression(condition)), body)
    {
    }

    /// <summary>Decides by code.</summary>
    public While(Func<ExpressionExecutionContext, bool> condition, IActivity? body = null)
        : this(new Input<bool>(condition), body)
    {
    }

    /// <summary>Decides by code.</summary>
    public While(Func<ValueTask<bool>> condition, IActivity? body = null)
        : this(new Input<bool>(Expression.DelegateExpression(condition)), body)
    {
    }

    /// <summary>Decides by code.</summary>
    public While(Func<bool> condition, IActivity? body = null)
        : this(new Input<bool>(condition), body)
    {
    }

    /// <summary>What decides. Default false.</summary>
    [Input(UIHint = "singleline", AutoEvaluate = false, Description = "The condition to look at before each round")]
    public Input<bool> Condition { get; set; } = new(false);

    /// <summary>Runs in each round.</summary>
    [Port]
    public IActivity? Body { get; set; }

    /// <summary>Runs a body until a <see cref="Break"/> or an end.</summary>
    public static While True(IActivity body) => new(new Input<bool>(true), body);

    /// <inheritdoc />
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Body is not null && await context.EvaluateInputPropertyAsync(nameof(Condition)) is true)
        {
            await context.ScheduleActivityAsync(Body, OnBodyCompletedAsync);
        }
        else
        {
            await context.CompleteActivityAsync();
        }
    }

    private ValueTask OnBodyCompletedAsync(ActivityCompletedContext context) => ExecuteAsync(context.TargetContext);
}
