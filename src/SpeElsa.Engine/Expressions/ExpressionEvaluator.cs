using System.Text.Json;
using Elsa.Expressions.Models;
using Elsa.Workflows.Memory;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Expressions;

/// <summary>One expression syntax.</summary>
internal interface IExpressionSyntax
{
    /// <summary>The stored name of the syntax.</summary>
    string Name { get; }

    /// <summary>Computes the value; the caller converts it to the type.</summary>
    ValueTask<object?> EvaluateAsync(Expression expression, Type type, ExpressionExecutionContext context);
}

/// <summary>Computes the values of inputs.</summary>
public sealed class ExpressionEvaluator
{
    private readonly Dictionary<string, IExpressionSyntax> _syntaxes;

    internal ExpressionEvaluator(IEnumerable<IExpressionSyntax> syntaxes) =>
        _syntaxes = syntaxes.ToDictionary(syntax => syntax.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The syntaxes that can be evaluated.</summary>
    public IReadOnlyCollection<string> Syntaxes => _syntaxes.Keys;

    /// <summary>Computes a value; the caller converts it to the type.</summary>
    /// <exception cref="NotSupportedException">The syntax is not known here.</exception>
    public ValueTask<object?> EvaluateAsync(Expression expression, Type type, ExpressionExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return _syntaxes.TryGetValue(expression.Type, out var syntax)
            ? syntax.EvaluateAsync(expression, type, context)
            : throw new NotSupportedException(
                $"The expression syntax '{expression.Type}' is not available here; use one of {string.Join(", ", _syntaxes.Keys.Order(StringComparer.Ordinal))}.");
    }
}

/// <summary>A constant.</summary>
internal sealed class LiteralSyntax : IExpressionSyntax
{
    public string Name => "Literal";

    public ValueTask<object?> EvaluateAsync(Expression expression, Type type, ExpressionExecutionContext context) => new(expression.Value);
}

/// <summary>A constant written as JSON.</summary>
internal sealed class ObjectSyntax : IExpressionSyntax
{
    public string Name => "Object";

    public ValueTask<object?> EvaluateAsync(Expression expression, Type type, ExpressionExecutionContext context) => expression.Value switch
    {
        string text when string.IsNullOrWhiteSpace(text) => new((object?)null),
        string text => new(type == typeof(string) ? text : JsonSerializer.Deserialize(text, type, EngineJson.Options)),
        var value => new(value),
    };
}

/// <summary>Code of the program itself.</summary>
internal sealed class DelegateSyntax : IExpressionSyntax
{
    public string Name => "Delegate";

    public ValueTask<object?> EvaluateAsync(Expression expression, Type type, ExpressionExecutionContext context) => expression.Value switch
    {
        Func<ExpressionExecutionContext, ValueTask<object?>> code => code(context),
        _ => throw new InvalidOperationException("A Delegate expression lost its code: it can not be stored in a definition."),
    };
}

/// <summary>The value of a variable or of another memory block.</summary>
internal sealed class VariableSyntax : IExpressionSyntax
{
    public string Name => "Variable";

    public ValueTask<object?> EvaluateAsync(Expression expression, Type type, ExpressionExecutionContext context)
    {
        if (expression.Value is MemoryBlockReference reference)
        {
            return new(context.Get(reference));
        }

        var (id, name) = Reference.Read(expression.Value);
        var variable = ExpressionScope.Variables(context).FirstOrDefault(candidate => candidate.Id == id)
            ?? (name is null ? null : ExpressionScope.FindVariable(context, name))
            ?? throw new InvalidOperationException($"No scope of this activity declares the variable '{name ?? id}'.");
        return new(context.Get(variable));
    }
}

/// <summary>The value of a workflow input.</summary>
internal sealed class InputSyntax : IExpressionSyntax
{
    public string Name => "Input";

    public ValueTask<object?> EvaluateAsync(Expression expression, Type type, ExpressionExecutionContext context)
    {
        var (id, name) = Reference.Read(expression.Value);
        return new(ExpressionScope.Activity(context)?.WorkflowInput.TryGetValue(name ?? id ?? "", out var value) == true ? value : null);
    }
}

/// <summary>Designers write a reference as JSON text of the whole variable or input; people write its name.</summary>
internal static class Reference
{
    public static (string? Id, string? Name) Read(object? value) => value switch
    {
        Variable variable => (variable.Id, variable.Name),
        string text when text.TrimStart().StartsWith('{') => Read(JsonSerializer.Deserialize<JsonElement>(text)),
        string text => (text, text),
        JsonElement { ValueKind: JsonValueKind.Object } element => (Text(element, "id"), Text(element, "name")),
        JsonElement element => (element.GetString(), element.GetString()),
        IDictionary<string, object?> map => (map.TryGetValue("id", out var id) ? id as string : null, map.TryGetValue("name", out var name) ? name as string : null),
        _ => (null, null),
    };

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
