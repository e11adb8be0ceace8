namespace Elsa.Expressions.Models;

/// <summary>The values of one scope: a container's variables, an activity's evaluated inputs.</summary>
public class MemoryRegister(IDictionary<string, MemoryBlock>? blocks = null)
{
    /// <summary>The blocks by id.</summary>
    public IDictionary<string, MemoryBlock> Blocks { get; } = blocks ?? new Dictionary<string, MemoryBlock>(StringComparer.Ordinal);

    /// <summary>Whether this scope holds the block.</summary>
    public bool HasBlock(string id) => Blocks.ContainsKey(id);

    /// <summary>Finds a block in this scope only.</summary>
    public bool TryGetBlock(string id, out MemoryBlock block)
    {
        if (Blocks.TryGetValue(id, out var found))
        {
            block = found;
            return true;
        }

        block = null!;
        return false;
    }

    /// <summary>Whether this scope holds the block of the reference.</summary>
    public bool IsDeclared(MemoryBlockReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return HasBlock(reference.Id);
    }

    /// <summary>Declares the blocks that are not here yet.</summary>
    public void Declare(IEnumerable<MemoryBlockReference> references)
    {
        ArgumentNullException.ThrowIfNull(references);
        foreach (var reference in references)
        {
            Declare(reference);
        }
    }

    /// <summary>Declares the block unless it is here already, and returns it.</summary>
    public MemoryBlock Declare(MemoryBlockReference blockReference)
    {
        ArgumentNullException.ThrowIfNull(blockReference);
        if (!Blocks.TryGetValue(blockReference.Id, out var block))
        {
            block = blockReference.Declare();
            Blocks[blockReference.Id] = block;
        }

        return block;
    }
}
