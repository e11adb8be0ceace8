using System.Globalization;
using System.Text.Json;

namespace SpeElsa.Cli.Evidence;

/// <summary>Reads JSON that must be as the format says.</summary>
internal static class Facts
{
    private const int Depth = 256;

    /// <summary>No comments, no property twice.</summary>
    public static JsonDocumentOptions Strict { get; } = new() { MaxDepth = Depth, AllowDuplicateProperties = false };

    /// <summary>What steps saw is passed on as it came, also where a machine said a thing twice.</summary>
    public static JsonDocumentOptions Lenient { get; } = new() { MaxDepth = Depth };

    /// <exception cref="BundleFaultException">It is missing or no text.</exception>
    public static string Required(this JsonElement element, string name) => element.Text(name) ?? throw new BundleFaultException($"'{name}' is missing.");

    /// <summary>A text; null where it is missing or null.</summary>
    public static string? Text(this JsonElement element, string name) => element.Value(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => throw new BundleFaultException($"'{name}' is no text."),
    };

    /// <exception cref="BundleFaultException">It is missing or no whole number.</exception>
    public static long Number(this JsonElement element, string name) => element.Value(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value)
        ? value
        : throw new BundleFaultException($"'{name}' is no whole number.");

    /// <summary>An instant as ticks of 100 ns since the year 1, UTC; null where it is missing.</summary>
    public static long? Ticks(this JsonElement element, string name) =>
        element.Text(name) is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).UtcTicks : null;

    /// <exception cref="BundleFaultException">It is missing or no list.</exception>
    public static JsonElement[] List(this JsonElement element, string name) => element.Value(name) is { ValueKind: JsonValueKind.Array } list
        ? [.. list.EnumerateArray()]
        : throw new BundleFaultException($"'{name}' is no list.");

    /// <summary>A value; null where it is missing or null.</summary>
    public static JsonElement? Value(this JsonElement element, string name) => element.ValueKind is not JsonValueKind.Object
        ? throw new BundleFaultException($"There is no object that could have '{name}'.")
        : element.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    /// <summary>Whether two values are the same; nothing is the same as null.</summary>
    public static bool Same(JsonElement? one, JsonElement? other) =>
        (one is null or { ValueKind: JsonValueKind.Null }) && (other is null or { ValueKind: JsonValueKind.Null })
        || one is { } first && other is { } second && JsonElement.DeepEquals(first, second);

    /// <summary>A number of things in words: "1 journal", "2 journals".</summary>
    public static string Count(int count, string thing) => count == 1 ? $"1 {thing}" : $"{count} {thing}s";
}
