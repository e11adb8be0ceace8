using Elsa.Expressions.Contracts;
using Elsa.Expressions.Models;

namespace SpeElsa.Engine.Expressions.JavaScript;

/// <summary>JavaScript.</summary>
internal sealed class JavaScriptExpressionHandler(JavaScriptRunner runner) : IExpressionHandler
{
    public ValueTask<object?> EvaluateAsync(Expression expression, Type returnType, ExpressionExecutionContext context, ExpressionEvaluatorOptions options) =>
        new(runner.Run(expression.Value as string ?? expression.Value?.ToString() ?? "", context, options));
}
