using System.Text.Json;

namespace SpeElsa.Machines;

/// <summary>Reads what a script writes to standard output. Lines that are not ours (a banner, a stray warning) are passed over.</summary>
internal sealed class ScriptOutput
{
    public JsonElement? Result { get; private set; }

    public ScriptError? Error { get; private set; }

    public bool HasBegun { get; private set; }

    public string? LastStrayLine { get; private set; }

    /// <summary>Takes one line in.</summary>
    /// <returns>The line's message if it is a log line.</returns>
    public string? Read(string line)
    {
        if (Parse(line) is not { } message)
        {
            LastStrayLine = string.IsNullOrWhiteSpace(line) ? LastStrayLine : line.Trim();
            return null;
        }

        switch (message.GetProperty("t").GetString())
        {
            case "begin":
                HasBegun = true;
                return null;
            case "result":
                Result = message.GetProperty("value").Clone();
                return null;
            case "error":
                Error = message.GetProperty("error").Deserialize<ScriptError>();
                return null;
            case "log":
                return message.GetProperty("message").GetString();
            default:
                return null;
        }
    }

    private static JsonElement? Parse(string line)
    {
        if (!line.AsSpan().TrimStart().StartsWith("{"))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.TryGetProperty("t", out var type) && type.ValueKind == JsonValueKind.String
                ? document.RootElement.Clone()
                : null;
        }
        catch (JsonException)
        {
            return null; // A line that the connection broke in half.
        }
    }
}
