using Elsa.Expressions.Models;
using SpeElsa.Engine.Serialization;

namespace Elsa.Workflows.Memory;

/// <summary>A named value that a workflow or container declares and its activities read and write.</summary>
public class Variable : MemoryBlockReference
{
    /// <summary>Creates a nameless variable.</summary>
    public Variable()
    {
    }

    /// <summary>Creates a variable.</summary>
    public Variable(string name, object? value = null, string? id = null)
        : base(id ?? name)
    {
        Name = name;
        Value = value;
    }

    /// <summary>The name by which expressions find it.</summary>
    public string Name { get; set; } = "";

    /// <summary>The initial value.</summary>
    public object? Value { get; set; }

    /// <summary>Which driver stores the value; null means with the instance. Values are always stored here: a wait may last weeks.</summary>
    public Type? StorageDriverType { get; set; }

    /// <summary>The type of the value.</summary>
    internal virtual Type ValueType => typeof(object);

    /// <inheritdoc />
    public override MemoryBlock Declare() => new(ObjectConverter.ConvertTo(Value, ValueType), new VariableBlockMetadata(this, StorageDriverType, false));
}

/// <summary>A typed <see cref="Variable"/>.</summary>
public class Variable<T> : Variable
{
    /// <summary>Creates a nameless variable.</summary>
    public Variable()
    {
    }

    /// <summary>Creates a variable.</summary>
    public Variable(string name, T value, string? id = null)
        : base(name, value, id)
    {
    }

    internal override Type ValueType => typeof(T);

    /// <summary>Reads the variable as the activity sees it.</summary>
    public T? Get(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.ExpressionExecutionContext.Get<T>(this);
    }

    /// <summary>Reads the variable as the expression sees it.</summary>
    public new T? Get(ExpressionExecutionContext context) => Get<T>(context);

    /// <summary>Sets the id.</summary>
    public Variable<T> WithId(string id)
    {
        Id = id;
        return this;
    }

    /// <summary>Sets the name.</summary>
    public Variable<T> WithName(string name)
    {
        Name = name;
        return this;
    }

    /// <summary>Sets the initial value.</summary>
    public Variable<T> WithValue(T value)
    {
        Value = value;
        return this;
    }
}

/// <summary>What a block knows of the variable that declared it.</summary>
public class VariableBlockMetadata(Variable variable, Type? storageDriverType, bool isInitialized)
{
    /// <summary>The variable.</summary>
    public Variable Variable { get; } = variable;

    /// <summary>Its storage driver.</summary>
    public Type? StorageDriverType { get; } = storageDriverType;

    /// <summary>Whether a value was loaded.</summary>
    public bool IsInitialized { get; set; } = isInitialized;
}
