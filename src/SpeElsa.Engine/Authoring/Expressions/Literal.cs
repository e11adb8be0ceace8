namespace Elsa.Expressions.Models;

/// <summary>A constant.</summary>
public class Literal : MemoryBlockReference
{
    /// <summary>Creates the constant null.</summary>
    public Literal()
    {
    }

    /// <summary>Creates a constant.</summary>
    public Literal(object? value, string? id = null)
        : base(id ?? "") => Value = value;

    /// <summary>The constant.</summary>
    public object? Value { get; }

    /// <inheritdoc />
    public override MemoryBlock Declare() => new(Value);

    /// <summary>Creates a typed constant.</summary>
    public static Literal From<T>(T value) => new Literal<T>(value);
}

/// <summary>A typed constant.</summary>
public class Literal<T> : Literal
{
    /// <summary>Creates the constant default value.</summary>
    public Literal()
    {
    }

    /// <summary>Creates a typed constant.</summary>
    public Literal(T value, string? id = null)
        : base(value, id)
    {
    }
}

/// <summary>A constant written as JSON text.</summary>
public class ObjectLiteral : MemoryBlockReference
{
    /// <summary>Creates an empty constant.</summary>
    public ObjectLiteral()
    {
    }

    /// <summary>Creates a constant from JSON text.</summary>
    public ObjectLiteral(string? value) => Value = value;

    /// <summary>The JSON text.</summary>
    public string? Value { get; }

    /// <summary>Writes a value as JSON text.</summary>
    public static ObjectLiteral From<T>(T value) => new ObjectLiteral<T>(value);
}

/// <summary>A typed constant written as JSON text.</summary>
public class ObjectLiteral<T> : ObjectLiteral
{
    /// <summary>Creates an empty constant.</summary>
    public ObjectLiteral()
    {
    }

    /// <summary>Writes a value as JSON text.</summary>
    public ObjectLiteral(T value)
        : base(SpeElsa.Engine.Serialization.EngineJson.Write(value))
    {
    }
}
