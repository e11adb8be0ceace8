namespace Elsa.Expressions.Models;

/// <summary>One value in a <see cref="MemoryRegister"/>.</summary>
public class MemoryBlock
{
    /// <summary>Creates an empty block.</summary>
    public MemoryBlock()
    {
    }

    /// <summary>Creates a block that holds <paramref name="value"/>.</summary>
    public MemoryBlock(object? value, object? metadata = null)
    {
        Value = value;
        Metadata = metadata;
    }

    /// <summary>The value; null is a value too.</summary>
    public object? Value { get; set; }

    /// <summary>What declared the block, for example the variable.</summary>
    public object? Metadata { get; set; }
}
