using System.Dynamic;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SpeElsa.Activities;

/// <summary>Moves values between our records and what an engine keeps: plain objects, lists, text, numbers and booleans.</summary>
internal static class Wire
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads a value of whatever form an engine gives it: record, plain object, JSON element or JSON text.</summary>
    public static T? Read<T>(object? value) => value switch
    {
        null => default,
        T same => same,
        JsonElement element => element.Deserialize<T>(Options),
        string text => string.IsNullOrWhiteSpace(text) ? default : JsonSerializer.Deserialize<T>(text, Options),
        _ => JsonSerializer.SerializeToElement(value, value.GetType(), Options).Deserialize<T>(Options),
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>Makes a value that any engine stores as plain data and any expression can read.</summary>
    public static object? Plain(object? value) => value switch
    {
        null => null,
        JsonElement element => Plain(element),
        _ => Plain(JsonSerializer.SerializeToElement(value, value.GetType(), Options)),
    };

    private static object? Plain(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                IDictionary<string, object?> map = new ExpandoObject();
                foreach (var property in element.EnumerateObject())
                {
                    map[property.Name] = Plain(property.Value);
                }

                return map;
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(Plain).ToList();
            case JsonValueKind.String:
                return element.GetString();
            case JsonValueKind.Number:
                return element.TryGetInt64(out var whole) ? whole : element.GetDouble();
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            default:
                return null;
        }
    }
}
