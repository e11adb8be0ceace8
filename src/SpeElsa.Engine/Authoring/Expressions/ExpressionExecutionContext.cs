using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Serialization;

namespace Elsa.Expressions.Models;

/// <summary>What an expression can see: the scopes from the running activity up to the workflow, and services.</summary>
public class ExpressionExecutionContext(
    IServiceProvider serviceProvider,
    MemoryRegister memory,
    ExpressionExecutionContext? parentContext = null,
    IDictionary<object, object>? transientProperties = null,
    Action? onChange = null,
    CancellationToken cancellationToken = default)
{
    /// <summary>The services of the host.</summary>
    public IServiceProvider ServiceProvider { get; } = serviceProvider;

    /// <summary>The innermost scope.</summary>
    public MemoryRegister Memory { get; } = memory;

    /// <summary>Values that live for one burst and are never stored.</summary>
    public IDictionary<object, object> TransientProperties { get; set; } = transientProperties ?? new Dictionary<object, object>();

    /// <summary>The enclosing scope, or null at the workflow's own.</summary>
    public ExpressionExecutionContext? ParentContext { get; set; } = parentContext;

    /// <summary>Stops the burst.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Finds the block in this scope or an enclosing one.</summary>
    public bool TryGetBlock(MemoryBlockReference blockReference, out MemoryBlock block)
    {
        ArgumentNullException.ThrowIfNull(blockReference);
        for (var scope = this; scope is not null; scope = scope.ParentContext)
        {
            if (scope.Memory.TryGetBlock(blockReference.Id, out block))
            {
                return true;
            }
        }

        block = null!;
        return false;
    }

    /// <summary>Finds the block in this scope or an enclosing one.</summary>
    /// <exception cref="InvalidOperationException">No scope holds the block.</exception>
    public MemoryBlock GetBlock(MemoryBlockReference blockReference) => TryGetBlock(blockReference, out var block)
        ? block
        : throw new InvalidOperationException($"No scope of this activity declares the memory block '{blockReference.Id}'.");

    /// <summary>Finds the block in this scope or an enclosing one.</summary>
    /// <exception cref="InvalidOperationException">No scope holds the block.</exception>
    public MemoryBlock GetBlock(Func<MemoryBlockReference> blockReference) => GetBlock(Invoke(blockReference));

    /// <summary>Reads a value, or null where no scope holds the block.</summary>
    public object? Get(Func<MemoryBlockReference> blockReference) => Get(Invoke(blockReference));

    /// <summary>Reads a value, or null where no scope holds the block.</summary>
    public object? Get(MemoryBlockReference blockReference) => TryGet(blockReference, out var value) ? value : null;

    /// <summary>Reads a value converted to <typeparamref name="T"/>.</summary>
    public T? Get<T>(MemoryBlockReference blockReference) => ObjectConverter.ConvertTo<T>(Get(blockReference));

    /// <summary>Reads a value converted to <typeparamref name="T"/>.</summary>
    public T? Get<T>(Func<MemoryBlockReference> blockReference) => Get<T>(Invoke(blockReference));

    /// <summary>Reads a value where a scope holds the block.</summary>
    public bool TryGet(MemoryBlockReference blockReference, out object? value)
    {
        if (TryGetBlock(blockReference, out var block))
        {
            value = block.Value;
            return true;
        }

        value = null;
        return false;
    }

    /// <summary>Writes into the nearest scope that holds the block, or declares it in this one.</summary>
    public void Set(Func<MemoryBlockReference> blockReference, object? value, Action<MemoryBlock>? configure = null) => Set(Invoke(blockReference), value, configure);

    /// <summary>Writes into the nearest scope that holds the block, or declares it in this one.</summary>
    public void Set(MemoryBlockReference blockReference, object? value, Action<MemoryBlock>? configure = null)
    {
        if (!TryGetBlock(blockReference, out var block))
        {
            block = Memory.Declare(blockReference);
        }

        block.Value = value;
        configure?.Invoke(block);
        onChange?.Invoke();
    }

    /// <summary>Gets a service of the host.</summary>
    public T GetRequiredService<T>()
        where T : notnull => ServiceProvider.GetRequiredService<T>();

    private static MemoryBlockReference Invoke(Func<MemoryBlockReference> blockReference)
    {
        ArgumentNullException.ThrowIfNull(blockReference);
        return blockReference();
    }
}
