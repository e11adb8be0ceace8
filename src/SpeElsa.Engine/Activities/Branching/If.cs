using Elsa.Expressions.Models;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace Elsa.Workflows.Activities;

/// <summary>Runs one of two activities.</summary>
[Activity("Elsa", "Branching", "Runs one of two activities")]
public class If : Activity<bool>
{
    /// <summary>Creates an empty one.</summary>
    public If()
    {
    }

    /// <summary>Decides by an expression.</summary>
    public If(Input<bool> condition) => Condition = condition;

    /// <summary>Decides by code.</summary>
    public If(Func<ExpressionExecutionContext, bool> condition)
        : this(new Input<bool>(condition))
    {
    }

    /// <summary>Decides by code.</summary>
    public If(Func<bool> condition)
        : this(new Input<bool>(condition))
    {
    }

    /// <summary>What decides.</summary>
    [Input(UIHint = "singleline", Description = "The condition to evaluate")]
    public Input<bool> Condition { get; set; } = new(false);

    /// <summary>Runs if it is true.</summary>
    [Port]
    public IActivity? Then { get; set; }

    /// <summary>Runs if it is false.</summary>
    [Port]
    public IActivity? Else { get; set; }

    /// <inheritdoc />
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var decision = context.Get(Condition);
        context.Set(Result, decision);
        if ((decision ? Then : Else) is { } next)
        {
            await context.ScheduleActivityAsync(next, OnChildCompletedAsync);
        }
        else
        {
            await context.CompleteActivityAsync();
        }
    }

    private ValueTask OnChildCompletedAsync(ActivityCompletedContext context) => context.CompleteActivityAsync();
}
