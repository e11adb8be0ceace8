using System.ComponentModel;
using Elsa.Expressions.Models;
using Elsa.Extensions;
using Elsa.Workflows.Activities.Flowchart.Models;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;
using Elsa.Workflows.Signals;
using SpeElsa.Engine.Execution;

namespace Elsa.Workflows.Activities;

/// <summary>Base of activities that are made of other activities. Set <see cref="Root"/> in the constructor.</summary>
public abstract class Composite : Activity, IVariableContainer
{
    /// <summary>Creates a composite.</summary>
    protected Composite(string? source = null, int? line = null)
        : base(source, line) => OnSignalReceived<CompleteCompositeSignal>(OnCompleteCompositeAsync);

    /// <inheritdoc />
    public ICollection<Variable> Variables { get; set; } = [];

    /// <summary>The variable whose value is the result, or null.</summary>
    public Variable? ResultVariable { get; set; }

    /// <summary>What runs.</summary>
    [Port]
    [Browsable(false)]
    public IActivity Root { get; set; } = new Sequence();

    /// <inheritdoc />
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ConfigureActivities(context);
        await context.ScheduleActivityAsync(Root, OnRootCompletedAsync);
    }

    /// <summary>Prepares its activities. They are shared by all runs: change variables here, not activities.</summary>
    protected virtual void ConfigureActivities(ActivityExecutionContext context)
    {
    }

    /// <summary>Completes the composite from within.</summary>
    protected static async Task CompleteAsync(ActivityExecutionContext context, object? result = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        await context.SendSignalAsync(new CompleteCompositeSignal(result));
    }

    /// <summary>Completes the composite from within, with these outcomes.</summary>
    protected static Task CompleteAsync(ActivityExecutionContext context, params string[] outcomes) => CompleteAsync(context, (object)new Outcomes(outcomes));

    /// <summary>Goes on when what it is made of has completed; completes the composite unless it is overridden.</summary>
    protected virtual ValueTask OnCompletedAsync(ActivityCompletedContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        OnCompleted(context);
        return context.TargetContext.CompleteActivityAsync(context.Result);
    }

    /// <summary>Goes on when what it is made of has completed.</summary>
    protected virtual void OnCompleted(ActivityCompletedContext context)
    {
    }

    /// <summary>Runs code.</summary>
    protected static Inline Inline(Func<ActivityExecutionContext, ValueTask> activity) => new(activity);

    /// <summary>Runs code.</summary>
    protected static Inline Inline(Func<ValueTask> activity) => new(activity);

    /// <summary>Runs code.</summary>
    protected static Inline Inline(Action<ActivityExecutionContext> activity) => new(activity);

    /// <summary>Runs code.</summary>
    protected static Inline Inline(Action activity) => new(activity);

    /// <summary>Runs code that makes a value.</summary>
    protected static Inline<TResult> Inline<TResult>(Func<ActivityExecutionContext, ValueTask<TResult>> activity, MemoryBlockReference? output = null) => new(activity, output);

    /// <summary>Runs code that makes a value.</summary>
    protected static Inline<TResult> Inline<TResult>(Func<TResult> activity, MemoryBlockReference? output = null) => new(activity, output);

    /// <summary>Writes a variable.</summary>
    protected static SetVariable<T> SetVariable<T>(Variable<T> variable, T value) => new(variable, value);

    /// <summary>Writes a variable.</summary>
    protected static SetVariable<T> SetVariable<T>(Variable<T> variable, Func<ExpressionExecutionContext, T> value) => new(variable, value);

    private async ValueTask OnRootCompletedAsync(ActivityCompletedContext context)
    {
        SetResultFromVariable(context.TargetContext);
        await OnCompletedAsync(context);
    }

    private async ValueTask OnCompleteCompositeAsync(CompleteCompositeSignal signal, SignalContext context)
    {
        var composite = context.ReceiverActivityExecutionContext;
        context.StopPropagation();
        SetResultFromVariable(composite);
        await ActivityCompletion.CompleteFromWithinAsync(composite, context.SenderActivityExecutionContext, signal.Value);
    }

    private void SetResultFromVariable(ActivityExecutionContext context)
    {
        if (ResultVariable is { } variable && this is IActivityWithResult { Result: { } result })
        {
            context.Set(result, context.Get(variable));
        }
    }
}

/// <summary>Base of activities that are made of other activities and have a result.</summary>
public abstract class Composite<T> : Composite, IActivityWithResult<T>
{
    /// <summary>Creates a composite.</summary>
    protected Composite()
    {
    }

    /// <summary>Where the result goes.</summary>
    [Output]
    [System.ComponentModel.Description("What the activity puts out")]
    public Output<T>? Result { get; set; }

    Output? IActivityWithResult.Result
    {
        get => Result;
        set => Result = (Output<T>?)value;
    }
}
