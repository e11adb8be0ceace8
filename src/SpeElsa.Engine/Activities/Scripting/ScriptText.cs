using Elsa.Expressions.Contracts;
using Elsa.Workflows;
using Elsa.Workflows.Models;

namespace SpeElsa.Engine.Expressions;

/// <summary>Finds the script of an activity that runs one.</summary>
internal static class ScriptText
{
    /// <summary>Designers store the script as an expression of its own syntax: evaluated as an input it would run without its outcomes, and then once more.</summary>
    public static async ValueTask<string> ReadAsync(Input<string> script, string syntax, ActivityExecutionContext context) => script.Expression switch
    {
        null => "",
        { Value: string text, Type: var type } when string.Equals(type, syntax, StringComparison.OrdinalIgnoreCase) => text,
        var expression => await context.GetRequiredService<IExpressionEvaluator>().EvaluateAsync<string>(expression, context.ExpressionExecutionContext) ?? "",
    };
}
