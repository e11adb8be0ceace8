using System.Text.Json;
using Elsa.Expressions.Models;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Definitions;

/// <summary>Reads expressions.</summary>
internal static class ExpressionReader
{
    /// <summary>Syntaxes that are written as text; people also write the bare JSON.</summary>
    private static readonly HashSet<string> TextSyntaxes = new(
        ["Object", "Variable", "Input", "Output", "JavaScript", "CSharp", "Liquid", "Python"], StringComparer.OrdinalIgnoreCase);

    /// <summary>A wrapped input holds an expression; people also write the bare value.</summary>
    /// <returns>Null where the input was left empty.</returns>
    public static Expression? ReadInput(JsonElement value)
    {
        if (value.Find("expression") is { } expression)
        {
            return expression.ValueKind is JsonValueKind.Object ? Read(expression) : null;
        }

        return value.Find("typeName") is not null
            ? null
            : value.ValueKind is JsonValueKind.Object or JsonValueKind.Array
                ? new Expression("Object", value.GetRawText())
                : new Expression("Literal", Plain(value));
    }

    /// <summary>Reads an expression: its syntax and what is written in it.</summary>
    public static Expression Read(JsonElement expression)
    {
        var type = expression.Text("type") ?? "Literal";
        var value = expression.Find("value") ?? default;
        return new Expression(
            type,
            value.ValueKind switch
            {
                JsonValueKind.Undefined or JsonValueKind.Null => null,
                JsonValueKind.String => value.GetString(),
                _ when TextSyntaxes.Contains(type) => value.GetRawText(),
                _ => Plain(value),
            });
    }

    private static object? Plain(JsonElement value) => value.Deserialize<object>(EngineJson.Options);
}
