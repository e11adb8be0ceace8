using Elsa.Expressions.Contracts;
using Elsa.Expressions.Models;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Expressions;

/// <summary>Computes the values of inputs.</summary>
public sealed class ExpressionEvaluator(IExpressionDescriptorRegistry registry) : IExpressionEvaluator
{
    /// <inheritdoc />
    public async ValueTask<T?> EvaluateAsync<T>(Expression expression, ExpressionExecutionContext context, ExpressionEvaluatorOptions? options = null) =>
        (T?)await EvaluateAsync(expression, typeof(T), context, options);

    /// <inheritdoc />
    public async ValueTask<object?> EvaluateAsync(Expression expression, Type returnType, ExpressionExecutionContext context, ExpressionEvaluatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(context);
        var descriptor = registry.Find(expression.Type) ?? throw new NotSupportedException(
            $"The expression syntax '{expression.Type}' is not available here; use one of {string.Join(", ", registry.ListAll().Select(known => known.Type))}.");
        var handler = descriptor.HandlerFactory(context.ServiceProvider);
        var value = await handler.EvaluateAsync(expression, returnType, context, options ?? ExpressionEvaluatorOptions.Empty);
        return ObjectConverter.ConvertTo(value, returnType);
    }
}
