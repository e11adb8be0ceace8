using System.Text.Json;
using Elsa.Expressions.Contracts;

namespace Elsa.Expressions.Models;

/// <summary>Describes an expression syntax to designers, and says who evaluates it.</summary>
public class ExpressionDescriptor
{
    /// <summary>Creates a syntax that reads its text as it is written.</summary>
    public ExpressionDescriptor() => Deserialize = context =>
        new Expression(context.ExpressionType, context.JsonElement.ValueKind is JsonValueKind.String ? context.JsonElement.GetString() : context.JsonElement.GetRawText());

    /// <summary>The stored name.</summary>
    public string Type { get; set; } = "";

    /// <summary>Its name in the designer.</summary>
    public string DisplayName { get; set; } = "";

    /// <summary>Whether expressions of it can be stored in a definition. Default true.</summary>
    public bool IsSerializable { get; set; } = true;

    /// <summary>Whether designers offer it. Default true.</summary>
    public bool IsBrowsable { get; set; } = true;

    /// <summary>Hints for designers, such as "MonacoLanguage".</summary>
    public IDictionary<string, object> Properties { get; set; } = new Dictionary<string, object>();

    /// <summary>Finds the handler among the host's services.</summary>
    public Func<IServiceProvider, IExpressionHandler> HandlerFactory { get; set; } = null!;

    /// <summary>Creates the block of memory for a value.</summary>
    public Func<MemoryBlockReference> MemoryBlockReferenceFactory { get; set; } = () => new MemoryBlockReference();

    /// <summary>Reads an expression from JSON. Default: text as it is, anything else as JSON text.</summary>
    public Func<ExpressionSerializationContext, Expression> Deserialize { get; set; }
}

/// <summary>What an <see cref="ExpressionDescriptor"/> gets to read an expression from JSON.</summary>
public record ExpressionSerializationContext(string ExpressionType, JsonElement JsonElement, JsonSerializerOptions Options, Type MemoryBlockType);

/// <summary>Options of one evaluation.</summary>
public class ExpressionEvaluatorOptions
{
    /// <summary>No arguments. Not to be changed.</summary>
    public static readonly ExpressionEvaluatorOptions Empty = new();

    /// <summary>Further values the expression can read: by getName() in JavaScript, Arguments.Name in Liquid and C#.</summary>
    public IDictionary<string, object> Arguments { get; set; } = new Dictionary<string, object>();
}
