namespace Elsa.Expressions.Models;

/// <summary>Names a <see cref="MemoryBlock"/> by its id, so that it can be looked up in the scopes of a running activity.</summary>
public class MemoryBlockReference
{
    /// <summary>Creates a reference whose id is assigned when the workflow graph is built.</summary>
    public MemoryBlockReference() => Id = "";

    /// <summary>Creates a reference to the block with this id.</summary>
    public MemoryBlockReference(string id) => Id = id;

    /// <summary>The id of the block; empty until assigned.</summary>
    public string Id { get; set; }

    /// <summary>Creates the block this reference stands for, with its initial value.</summary>
    public virtual MemoryBlock Declare() => new();

    /// <summary>Whether the register itself (not its parents) holds the block.</summary>
    public bool IsDefined(MemoryRegister register)
    {
        ArgumentNullException.ThrowIfNull(register);
        return register.HasBlock(Id);
    }

    /// <summary>Reads the value, or null where no scope holds the block.</summary>
    public object? Get(ExpressionExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.TryGet(this, out var value) ? value : null;
    }

    /// <summary>Reads the value converted to <typeparamref name="T"/>.</summary>
    public T? Get<T>(ExpressionExecutionContext context) => SpeElsa.Engine.Serialization.ObjectConverter.ConvertTo<T>(Get(context));

    /// <summary>Reads the value where a scope holds the block.</summary>
    public bool TryGet(ExpressionExecutionContext context, out object? value)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.TryGet(this, out value);
    }

    /// <summary>Writes the value into the nearest scope that holds the block, or declares it in the innermost one.</summary>
    public void Set(ExpressionExecutionContext context, object? value, Action<MemoryBlock>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Set(this, value, configure);
    }
}

/// <summary>A typed <see cref="MemoryBlockReference"/>.</summary>
public class MemoryBlockReference<T> : MemoryBlockReference;
