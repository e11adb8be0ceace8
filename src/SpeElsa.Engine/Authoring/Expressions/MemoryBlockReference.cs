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

    /// <summary>Finds the block in the register itself.</summary>
    /// <exception cref="InvalidOperationException">The register does not hold it.</exception>
    public MemoryBlock GetBlock(MemoryRegister memoryRegister)
    {
        ArgumentNullException.ThrowIfNull(memoryRegister);
        return memoryRegister.TryGetBlock(Id, out var block) ? block : throw new InvalidOperationException($"This scope does not declare the memory block '{Id}'.");
    }

    /// <summary>Reads the value from the register itself.</summary>
    /// <exception cref="InvalidOperationException">The register does not hold it.</exception>
    public object? Get(MemoryRegister memoryRegister) => GetBlock(memoryRegister).Value;

    /// <summary>Reads the value from the register itself, converted to <typeparamref name="T"/>.</summary>
    /// <exception cref="InvalidOperationException">The register does not hold it.</exception>
    public T? Get<T>(MemoryRegister memoryRegister) => SpeElsa.Engine.Serialization.ObjectConverter.ConvertTo<T>(Get(memoryRegister));

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

    /// <summary>Writes the value into the register itself, which declares the block unless it holds it.</summary>
    public void Set(MemoryRegister memoryRegister, object? value, Action<MemoryBlock>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(memoryRegister);
        var block = memoryRegister.Declare(this);
        block.Value = value;
        configure?.Invoke(block);
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
