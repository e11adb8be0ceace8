using System.Text.Json;
using Elsa.Expressions.Contracts;
using Elsa.Expressions.Models;
using Elsa.Extensions;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Execution;

namespace SpeElsa.Engine.Expressions;

/// <summary>The value of a variable or of another memory block.</summary>
internal sealed class VariableExpressionHandler : IExpressionHandler
{
    public ValueTask<object?> EvaluateAsync(Expression expression, Type returnType, ExpressionExecutionContext context, ExpressionEvaluatorOptions options)
    {
        if (expression.Value is MemoryBlockReference block)
        {
            return new(context.Get(block));
        }

        var reference = Reference.Read(expression.Value);
        var variable = ExpressionScope.Variables(context).FirstOrDefault(candidate => candidate.Id == reference.Id)
            ?? (reference.Name is null ? null : ExpressionScope.FindVariable(context, reference.Name))
            ?? throw new InvalidOperationException($"No scope of this activity declares the variable '{reference.Name ?? reference.Id}'.");
        return new(context.Get(variable));
    }
}

/// <summary>The value of a workflow input.</summary>
internal sealed class InputExpressionHandler : IExpressionHandler
{
    public ValueTask<object?> EvaluateAsync(Expression expression, Type returnType, ExpressionExecutionContext context, ExpressionEvaluatorOptions options)
    {
        var reference = Reference.Read(expression.Value);
        return new(context.GetInput(reference.Name ?? reference.Id ?? ""));
    }
}

/// <summary>The value an activity put out: a JSON object with activityId and outputName, or the activity's name, a dot and the output's name (default Result).</summary>
internal sealed class OutputExpressionHandler : IExpressionHandler
{
    public ValueTask<object?> EvaluateAsync(Expression expression, Type returnType, ExpressionExecutionContext context, ExpressionEvaluatorOptions options)
    {
        if (expression.Value is MemoryBlockReference block)
        {
            return new(context.Get(block));
        }

        var reference = Reference.Read(expression.Value);
        if (reference.Activity is { } activity)
        {
            return new(context.GetOutput(activity, reference.Output));
        }

        var text = reference.Name ?? reference.Id ?? throw new InvalidOperationException("Name the activity whose output is meant.");
        var dot = text.LastIndexOf('.');
        return new(dot > 0 && ExpressionScope.FindActivity(context, text) is null
            ? context.GetOutput(text[..dot], text[(dot + 1)..])
            : context.GetOutput(text));
    }
}

/// <summary>Designers write a reference as JSON text of the whole variable, input or output; people write its name.</summary>
internal sealed record Reference(string? Id, string? Name, string? Activity = null, string? Output = null)
{
    private static readonly Reference None = new(null, null);

    public static Reference Read(object? value) => value switch
    {
        Variable variable => new(variable.Id, variable.Name),
        ArgumentDefinition definition => new(definition.Name, definition.Name),
        string text when text.TrimStart().StartsWith('{') => Read(JsonSerializer.Deserialize<JsonElement>(text)),
        string text => new(text, text),
        JsonElement { ValueKind: JsonValueKind.Object } element => Read(name => Text(element, name)),
        JsonElement { ValueKind: JsonValueKind.String } element => Read(element.GetString()),
        IDictionary<string, object?> map => Read(name => map.TryGetValue(name, out var found) ? found as string : null),
        _ => None,
    };

    private static Reference Read(Func<string, string?> part) =>
        new(part("id"), part("name"), part("activityId") ?? part("activityIdOrName") ?? part("activityName"), part("outputName"));

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
