using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Expressions;

/// <summary>
/// Makes plain data of what a script gives: scalars, and ExpandoObjects and lists of these. So a value is the same before and after it was stored,
/// and no two variables share an object.
/// </summary>
internal static class PlainValue
{
    /// <exception cref="ScriptException">The value can not be stored.</exception>
    public static object? Of(object? value) => value switch
    {
        null => null,
        double number => double.IsFinite(number) ? number : null,
        float number => float.IsFinite(number) ? number : null,
        string text => WellFormed(text),
        _ when IsScalar(value) => value,
        Delegate => throw new ScriptException("A script gave a function, which can not be stored. Call it, and give what it returns."),
        Task => throw new ScriptException("A script gave a task, which can not be stored. Await it, and give what it returns."),
        _ => Copy(value),
    };

    /// <summary>Half a surrogate pair can not be written as UTF-8: it becomes U+FFFD now and not when it is stored.</summary>
    public static string WellFormed(string text) => text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;

    private static bool IsScalar(object value) =>
        value.GetType() is { IsPrimitive: true } or { IsEnum: true }
        || value is decimal or DateTime or DateTimeOffset or DateOnly or TimeOnly or TimeSpan or Guid or Uri or byte[] or Stream;

    private static object? Copy(object value)
    {
        try
        {
            return value is JsonElement or JsonNode
                ? JsonSerializer.Deserialize<object>(JsonSerializer.Serialize(value, value.GetType(), EngineJson.Options), EngineJson.Options)
                : EngineJson.Read<object>(EngineJson.WriteBytes(value));
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            throw new ScriptException(
                $"A script gave a value of type {value.GetType().Name} that can not be stored: {exception.Message} Give text, numbers, dates, or objects and lists of these.",
                exception);
        }
    }
}
