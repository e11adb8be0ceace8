using System.Dynamic;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SpeElsa.Engine.Serialization;

/// <summary>The engine's JSON: camel case, enums by name, nulls left out, untyped values as plain CLR values.</summary>
public static class EngineJson
{
    /// <summary>The options all stored JSON is written and read with.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Writes a value as JSON text.</summary>
    public static string Write(object? value) => JsonSerializer.Serialize(value, value?.GetType() ?? typeof(object), Options);

    /// <summary>Writes a value as UTF-8 JSON.</summary>
    public static byte[] WriteBytes(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), Options);
    }

    /// <summary>Reads JSON text.</summary>
    public static T? Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options);

    /// <summary>Reads UTF-8 JSON.</summary>
    public static T? Read<T>(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<T>(json, Options);

    /// <summary>Writes a value as a JSON tree.</summary>
    public static JsonNode? ToNode(object? value) =>
        value is null ? null : JsonSerializer.SerializeToNode(value, value.GetType(), Options);

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = 128,
        };
        options.Converters.Add(new JsonStringEnumConverter());
        options.Converters.Add(new UntypedConverter());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <summary>Reads untyped values as ExpandoObject, list, string, bool, long, decimal or double instead of JSON elements.</summary>
    private sealed class UntypedConverter : JsonConverter<object>
    {
        public override bool CanConvert(Type typeToConvert) => typeToConvert == typeof(object);

        public override object? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.Null:
                    return null;
                case JsonTokenType.True:
                    return true;
                case JsonTokenType.False:
                    return false;
                case JsonTokenType.String:
                    return reader.GetString();
                case JsonTokenType.Number:
                    // The cast keeps a whole number whole: as a double it would lose digits beyond 2^53.
                    return reader.TryGetInt64(out var whole) ? (object)whole : reader.GetDouble();
                case JsonTokenType.StartArray:
                    var items = new List<object?>();
                    while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
                    {
                        items.Add(Read(ref reader, typeof(object), options));
                    }

                    return items;
                case JsonTokenType.StartObject:
                    IDictionary<string, object?> value = new ExpandoObject();
                    while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
                    {
                        var name = reader.GetString()!;
                        reader.Read();
                        value[name] = Read(ref reader, typeof(object), options);
                    }

                    return value;
                default:
                    throw new JsonException($"Unexpected {reader.TokenType}");
            }
        }

        public override void Write(Utf8JsonWriter writer, object value, JsonSerializerOptions options)
        {
            if (value.GetType() == typeof(object))
            {
                writer.WriteStartObject();
                writer.WriteEndObject();
            }
            else
            {
                JsonSerializer.Serialize(writer, value, value.GetType(), options);
            }
        }
    }
}
