using Elsa.Expressions.Models;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Serialization;

namespace Elsa.Workflows.Activities;

/// <summary>Writes a variable.</summary>
[Activity("Elsa", "Primitives", "Sets a variable")]
public class SetVariable : CodeActivity
{
    /// <summary>The variable.</summary>
    [Input(Description = "The variable to set")]
    public Variable? Variable { get; set; }

    /// <summary>Its new value.</summary>
    [Input(Description = "The value to set")]
    public Input<object?> Value { get; set; } = new((object?)null);

    /// <inheritdoc />
    protected override void Execute(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Variable is null)
        {
            throw new InvalidOperationException("Choose the variable to set.");
        }

        context.Set(Variable, ObjectConverter.ConvertTo(context.Get(Value), Variable.ValueType));
    }
}

/// <summary>Writes a typed variable. For workflows in code; a definition uses <see cref="SetVariable"/>.</summary>
[Activity("Elsa", "SetVariableOfType", 1, "Sets a variable", "Primitives")]
public class SetVariable<T> : CodeActivity
{
    /// <summary>Creates an empty one.</summary>
    public SetVariable()
    {
    }

    /// <summary>Writes a value.</summary>
    public SetVariable(Variable<T> variable, Input<T> value)
    {
        Variable = variable;
        Value = value;
    }

    /// <summary>Writes the value of another variable.</summary>
    public SetVariable(Variable<T> variable, Variable<T> value)
        : this(variable, new Input<T>(value))
    {
    }

    /// <summary>Writes what code makes.</summary>
    public SetVariable(Variable<T> variable, Func<ExpressionExecutionContext, T> value)
        : this(variable, new Input<T>(value))
    {
    }

    /// <summary>Writes what code makes.</summary>
    public SetVariable(Variable<T> variable, Func<T> value)
        : this(variable, new Input<T>(value))
    {
    }

    /// <summary>Writes a constant.</summary>
    public SetVariable(Variable<T> variable, T value)
        : this(variable, new Input<T>(value))
    {
    }

    /// <summary>The variable.</summary>
    [Input]
    public Variable<T> Variable { get; set; } = null!;

    /// <summary>Its new value.</summary>
    [Input]
    public Input<T> Value { get; set; } = new(new Expression("Literal", default(T)));

    /// <inheritdoc />
    protected override void Execute(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Set(Variable, context.Get(Value));
    }
}
