using Elsa.Expressions.Models;
using Elsa.Workflows.Memory;

namespace Elsa.Workflows.Models;

/// <summary>An input or output of an activity.</summary>
public abstract class Argument
{
    /// <summary>Creates an argument with a memory block of its own.</summary>
    protected Argument()
        : this(new MemoryBlockReference())
    {
    }

    /// <summary>Creates an argument over a memory block.</summary>
    protected Argument(MemoryBlockReference memoryBlockReference) => MemoryBlockReference = () => memoryBlockReference;

    /// <summary>Creates an argument over a memory block found when it is needed.</summary>
    protected Argument(Func<MemoryBlockReference> memoryBlockReference) => MemoryBlockReference = memoryBlockReference;

    /// <summary>The block that holds the value while the activity runs.</summary>
    public Func<MemoryBlockReference> MemoryBlockReference { get; set; }
}

/// <summary>An input: an expression that is evaluated before the activity runs.</summary>
public abstract class Input : Argument
{
    /// <summary>Creates an input that reads a memory block.</summary>
    protected Input(MemoryBlockReference memoryBlockReference, Type type)
        : this(new Expression("Variable", memoryBlockReference), new MemoryBlockReference(), type)
    {
    }

    /// <summary>Creates an input from an expression.</summary>
    protected Input(Expression? expression, MemoryBlockReference memoryBlockReference, Type type)
        : base(memoryBlockReference)
    {
        Expression = expression;
        Type = type;
    }

    /// <summary>How the value is found; null means the input was left empty.</summary>
    public Expression? Expression { get; }

    /// <summary>The type of the value.</summary>
    public Type Type { get; set; }
}

/// <summary>A typed input.</summary>
public class Input<T> : Input
{
    /// <summary>Reads a memory block.</summary>
    public Input(MemoryBlockReference memoryBlockReference)
        : base(memoryBlockReference, typeof(T))
    {
    }

    /// <summary>A constant.</summary>
    public Input(T literal, string? id = null)
        : base(new Expression("Literal", literal), new MemoryBlockReference(id ?? ""), typeof(T))
    {
    }

    /// <summary>Code.</summary>
    public Input(Func<T> @delegate, string? id = null)
        : base(Expression.DelegateExpression(@delegate), new MemoryBlockReference(id ?? ""), typeof(T))
    {
    }

    /// <summary>Code.</summary>
    public Input(Func<ExpressionExecutionContext, ValueTask<T>> @delegate, string? id = null)
        : base(Expression.DelegateExpression(@delegate), new MemoryBlockReference(id ?? ""), typeof(T))
    {
    }

    /// <summary>Code.</summary>
    public Input(Func<ValueTask<T>> @delegate, string? id = null)
        : base(Expression.DelegateExpression(@delegate), new MemoryBlockReference(id ?? ""), typeof(T))
    {
    }

    /// <summary>Code.</summary>
    public Input(Func<ExpressionExecutionContext, T> @delegate, string? id = null)
        : base(Expression.DelegateExpression(@delegate), new MemoryBlockReference(id ?? ""), typeof(T))
    {
    }

    /// <summary>Reads a variable.</summary>
    public Input(Variable variable)
        : base(variable, typeof(T))
    {
    }

    /// <summary>Reads what another activity put out.</summary>
    public Input(Output output)
        : base((output ?? throw new ArgumentNullException(nameof(output))).MemoryBlockReference(), typeof(T))
    {
    }

    /// <summary>A constant.</summary>
    public Input(Literal literal)
        : base(new Expression("Literal", literal?.Value), new MemoryBlockReference(), typeof(T))
    {
    }

    /// <summary>A constant written as JSON.</summary>
    public Input(ObjectLiteral literal)
        : base(new Expression("Object", literal?.Value), new MemoryBlockReference(), typeof(T))
    {
    }

    /// <summary>An expression.</summary>
    public Input(Expression? expression, MemoryBlockReference memoryBlockReference)
        : base(expression, memoryBlockReference, typeof(T))
    {
    }

    /// <summary>An expression.</summary>
    public Input(Expression? expression)
        : this(expression, new MemoryBlockReference())
    {
    }
}

/// <summary>An output: where a value goes.</summary>
public class Output : Argument
{
    /// <summary>Goes to the activity's own record only.</summary>
    public Output()
    {
    }

    /// <summary>Goes to a variable.</summary>
    public Output(MemoryBlockReference memoryBlockReference)
        : base(memoryBlockReference)
    {
    }

    /// <summary>Goes to a memory block found when it is needed.</summary>
    public Output(Func<MemoryBlockReference> memoryBlockReference)
        : base(memoryBlockReference)
    {
    }

    /// <summary>Changes the value before it is written, as Elsa's output converters do. Kept with the definition; not performed here.</summary>
    public OutputConverterConfiguration? Converter { get; set; }

    /// <summary>The type of the value.</summary>
    internal virtual Type ValueType => typeof(object);
}

/// <summary>Which converter an output uses.</summary>
/// <param name="id">The converter.</param>
/// <param name="settings">Its settings.</param>
public class OutputConverterConfiguration(string id, System.Text.Json.JsonElement? settings = null)
{
    /// <summary>The converter.</summary>
    public string Id { get; } = id;

    /// <summary>Its settings.</summary>
    public System.Text.Json.JsonElement? Settings { get; } = settings;
}

/// <summary>A typed output.</summary>
public class Output<T> : Output
{
    /// <summary>Goes to the activity's own record only.</summary>
    public Output()
    {
    }

    /// <summary>Goes to a variable.</summary>
    public Output(MemoryBlockReference memoryBlockReference)
        : base(memoryBlockReference)
    {
    }

    /// <summary>Goes to a memory block found when it is needed.</summary>
    public Output(Func<MemoryBlockReference> memoryBlockReference)
        : base(memoryBlockReference)
    {
    }

    internal override Type ValueType => typeof(T);
}
