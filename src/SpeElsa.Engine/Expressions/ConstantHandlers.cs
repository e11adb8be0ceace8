using System.Text.Json;
using Elsa.Expressions.Contracts;
using Elsa.Expressions.Models;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Expressions;

/// <summary>A constant.</summary>
internal sealed class LiteralExpressionHandler : IExpressionHandler
{
    public ValueTask<object?> EvaluateAsync(Expression expression, Type returnType, ExpressionExecutionContext context, ExpressionEvaluatorOptions options) => new(
        expression.Value is Literal literal ? literal.Value : expression.Value);
}

/// <summary>A constant written as JSON.</summary>
internal sealed class ObjectExpressionHandler : IExpressionHandler
{
    public ValueTask<object?> EvaluateAsync(Expression expression, Type returnType, ExpressionExecutionContext context, ExpressionEvaluatorOptions options) =>
        new((expression.Value is ObjectLiteral literal ? literal.Value : expression.Value) switch
        {
            string text when string.IsNullOrWhiteSpace(text) => null,
            string text => returnType == typeof(string) ? text : Read(text, returnType),
            var value => value,
        });

    private static object? Read(string text, Type type)
    {
        try
        {
            return JsonSerializer.Deserialize(text, type, EngineJson.Options);
        }
        catch (JsonException exception)
        {
            throw new FormatException($"The JSON of this Object expression can not be read as {type.Name}: {exception.Message}", exception);
        }
    }
}

/// <summary>Code of the program itself.</summary>
internal sealed class DelegateExpressionHandler : IExpressionHandler
{
    public ValueTask<object?> EvaluateAsync(Expression expression, Type returnType, ExpressionExecutionContext context, ExpressionEvaluatorOptions options) =>
        expression.Value switch
        {
            Func<ExpressionExecutionContext, ValueTask<object?>> code => code(context),
            _ => throw new InvalidOperationException("A Delegate expression lost its code: it can not be stored in a definition."),
        };
}
