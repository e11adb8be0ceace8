using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeElsa.Engine.Serialization;

/// <summary>Converts values between what expressions, JSON and authors' types make of them.</summary>
public static class ObjectConverter
{
    /// <summary>Converts a value.</summary>
    /// <exception cref="FormatException">The value can not be read as that type.</exception>
    public static T? ConvertTo<T>(object? value) => value is T same ? same : (T?)ConvertTo(value, typeof(T));

    /// <summary>Converts a value; null becomes the type's default.</summary>
    /// <exception cref="FormatException">The value can not be read as that type.</exception>
    public static object? ConvertTo(object? value, Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var target = Nullable.GetUnderlyingType(type) ?? type;
        switch (value)
        {
            case null:
                return type.IsValueType && Nullable.GetUnderlyingType(type) is null ? Activator.CreateInstance(type) : null;
            case JsonElement element when target != typeof(JsonElement):
                return FromJson(element, type);
            case JsonNode node when !target.IsInstanceOfType(node):
                return FromJson(node.Deserialize<JsonElement>(), type);
        }

        if (target.IsInstanceOfType(value))
        {
            return value;
        }

        try
        {
            return Convert(value, target, type);
        }
        catch (Exception exception) when (exception is FormatException or InvalidCastException or OverflowException or JsonException or ArgumentException or NotSupportedException)
        {
            throw new FormatException($"'{Describe(value)}' can not be read as {Name(target)}: {Shortened(exception.Message, 200)}", exception);
        }
    }

    private static object? Convert(object value, Type target, Type type)
    {
        if (value is string text)
        {
            return FromText(text, target, type);
        }

        if (target == typeof(string))
        {
            return value switch
            {
                DateTime or DateTimeOffset => ((IFormattable)value).ToString("O", CultureInfo.InvariantCulture),
                IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
                byte[] bytes => System.Convert.ToBase64String(bytes),
                IEnumerable => EngineJson.Write(value),
                _ => value.ToString(),
            };
        }

        if (target.IsEnum)
        {
            return Enum.ToObject(target, System.Convert.ToInt64(value, CultureInfo.InvariantCulture));
        }

        if (value is DateTime moment && target == typeof(DateTimeOffset))
        {
            return new DateTimeOffset(DateTime.SpecifyKind(moment, DateTimeKind.Utc));
        }

        if (value is IConvertible && typeof(IConvertible).IsAssignableFrom(target))
        {
            return System.Convert.ChangeType(value, target, CultureInfo.InvariantCulture);
        }

        if (target == typeof(TimeSpan) && value is IConvertible)
        {
            return TimeSpan.FromMilliseconds(System.Convert.ToDouble(value, CultureInfo.InvariantCulture));
        }

        return JsonSerializer.Deserialize(EngineJson.WriteBytes(value), type, EngineJson.Options);
    }

    private static object? FromText(string text, Type target, Type type)
    {
        if (target != typeof(string) && string.IsNullOrWhiteSpace(text))
        {
            return type.IsValueType && Nullable.GetUnderlyingType(type) is null ? Activator.CreateInstance(type) : null;
        }

        if (target.IsEnum)
        {
            return Enum.Parse(target, text, ignoreCase: true);
        }

        if (target == typeof(bool))
        {
            return bool.Parse(text);
        }

        if (target == typeof(TimeSpan))
        {
            return TimeSpan.Parse(text, CultureInfo.InvariantCulture);
        }

        if (target == typeof(DateTimeOffset))
        {
            return DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        }

        if (target == typeof(DateTime))
        {
            return DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
        }

        if (target == typeof(Guid))
        {
            return Guid.Parse(text);
        }

        if (target == typeof(Uri))
        {
            return new Uri(text, UriKind.RelativeOrAbsolute);
        }

        if (target.IsPrimitive || target == typeof(decimal))
        {
            return System.Convert.ChangeType(text, target, CultureInfo.InvariantCulture);
        }

        if (text.TrimStart() is ['{' or '[' or '"', ..])
        {
            return JsonSerializer.Deserialize(text, type, EngineJson.Options);
        }

        // What is stored as a JSON string (bytes, a date, a version) comes back as its bare text.
        return JsonSerializer.Deserialize(EngineJson.WriteBytes(IsTextCollection(target) ? new[] { text } : text), type, EngineJson.Options);
    }

    private static bool IsTextCollection(Type target) => target.IsAssignableFrom(typeof(string[])) || target.IsAssignableFrom(typeof(List<string>));

    private static object? FromJson(JsonElement element, Type type)
    {
        if (element.ValueKind is JsonValueKind.String && type != typeof(object) && type != typeof(string))
        {
            return ConvertTo(element.GetString(), type);
        }

        try
        {
            return element.Deserialize(type, EngineJson.Options);
        }
        catch (JsonException exception)
        {
            throw new FormatException($"'{Describe(element)}' can not be read as {Name(type)}: {Shortened(exception.Message, 200)}", exception);
        }
    }

    private static string Name(Type type) => Nullable.GetUnderlyingType(type)?.Name ?? type.Name;

    private static string Describe(object value) => Shortened(value as string ?? value.ToString() ?? "", 60);

    /// <summary>The messages of the framework repeat the value, however long it is.</summary>
    private static string Shortened(string text, int length) => text.Length > length ? text[..length] + "…" : text;
}
