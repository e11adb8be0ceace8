using System.ComponentModel;
using Elsa.Expressions.Models;
using Elsa.Workflows.Attributes;

namespace Elsa.Workflows.Activities;

/// <summary>Runs code of the program. It lives in the program and can not be stored in a definition.</summary>
[Activity("Elsa", "Primitives", "Runs code of the program")]
[Browsable(false)]
public class Inline : CodeActivity
{
    private readonly Func<ActivityExecutionContext, ValueTask> _code;

    /// <summary>Runs nothing.</summary>
    public Inline()
        : this(_ => ValueTask.CompletedTask)
    {
    }

    /// <summary>Runs code.</summary>
    public Inline(Func<ActivityExecutionContext, ValueTask> activity) => _code = activity;

    /// <summary>Runs code.</summary>
    public Inline(Func<ValueTask> activity)
        : this(_ => activity())
    {
    }

    /// <summary>Runs code.</summary>
    public Inline(Action<ActivityExecutionContext> activity)
        : this(context =>
        {
            activity(context);
            return ValueTask.CompletedTask;
        })
    {
    }

    /// <summary>Runs code.</summary>
    public Inline(Action activity)
        : this(_ => activity())
    {
    }

    /// <summary>Runs code.</summary>
    public static Inline From(Func<ActivityExecutionContext, ValueTask> activity) => new(activity);

    /// <summary>Runs code.</summary>
    public static Inline From(Func<ValueTask> activity) => new(activity);

    /// <summary>Runs code.</summary>
    public static Inline From(Action<ActivityExecutionContext> activity) => new(activity);

    /// <summary>Runs code.</summary>
    public static Inline From(Action activity) => new(activity);

    /// <summary>Runs code that makes a value.</summary>
    public static Inline<T> From<T>(Func<ActivityExecutionContext, ValueTask<T>> activity) => new(activity);

    /// <summary>Runs code that makes a value.</summary>
    public static Inline<T> From<T>(Func<ValueTask<T>> activity) => new(activity);

    /// <summary>Runs code that makes a value.</summary>
    public static Inline<T> From<T>(Func<ActivityExecutionContext, T> activity) => new(activity);

    /// <summary>Runs code that makes a value.</summary>
    public static Inline<T> From<T>(Func<T> activity) => new(activity);

    /// <inheritdoc />
    protected override ValueTask ExecuteAsync(ActivityExecutionContext context) => _code(context);
}

/// <summary>Runs code of the program that makes a value. It lives in the program and can not be stored in a definition.</summary>
[Activity("Elsa", "InlineOfType", 1, "Runs code of the program", "Primitives")]
[Browsable(false)]
public class Inline<T> : CodeActivity<T>
{
    private readonly Func<ActivityExecutionContext, ValueTask<T>> _code;

    /// <summary>Runs code.</summary>
    public Inline(Func<ActivityExecutionContext, ValueTask<T>> activity, MemoryBlockReference? output = null)
    {
        _code = activity;
        if (output is not null)
        {
            Result = new Models.Output<T>(output);
        }
    }

    /// <summary>Runs code.</summary>
    public Inline(Func<ValueTask<T>> activity, MemoryBlockReference? output = null)
        : this(_ => activity(), output)
    {
    }

    /// <summary>Runs code.</summary>
    public Inline(Func<ActivityExecutionContext, T> activity, MemoryBlockReference? output = null)
        : this(context => new ValueTask<T>(activity(context)), output)
    {
    }

    /// <summary>Runs code.</summary>
    public Inline(Func<T> activity, MemoryBlockReference? output = null)
        : this(_ => new ValueTask<T>(activity()), output)
    {
    }

    /// <inheritdoc />
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Set(Result, await _code(context));
    }
}
