using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Server.Evidence;

/// <summary>The words and the looks of the report.</summary>
internal static class ReportText
{
    private static readonly JsonSerializerOptions Wide = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Style { get; } = Resource("report.css");

    public static string Script { get; } = Resource("report.js");

    /// <summary>The page may do nothing but run its own script, even if somebody should get a script of his into a comment.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Script)))}'; base-uri 'none'; form-action 'none'";

    /// <summary>The first row of a journal that does not follow from the one before it; null when all do.</summary>
    public static long? BreakIn(EvidenceRun run) => JournalChain.FindBreak(run.Journal, run.Instance);

    public static string Span(TimeSpan span) => span switch
    {
        { TotalDays: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays} d {span.Hours} h {span.Minutes} min"),
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Hours} h {span.Minutes} min {span.Seconds} s"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Minutes} min {span.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s"),
    };

    public static string Count(int count, string what) => count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{count} {what}");

    /// <summary>A name of a field as words: neededBytes becomes "needed bytes".</summary>
    public static string Words(string name) =>
        string.Concat(name.Select((letter, index) => index > 0 && char.IsUpper(letter) && !char.IsUpper(name[index - 1]) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}"));

    public static string Plain(object? value) => value is null ? "" : Plain(JsonSerializer.SerializeToElement(value, value.GetType(), EngineJson.Options));

    public static string Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Null => "",
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Plain)),
        JsonValueKind.Object => string.Join(", ", value.EnumerateObject().Select(property => $"{property.Name}: {Plain(property.Value)}")),
        _ => value.GetRawText(),
    };

    public static string Indented(JsonElement value) => JsonSerializer.Serialize(value, Wide);

    public static IEnumerable<(string Name, string Value)> Fields(JsonElement? fields) => fields is { ValueKind: JsonValueKind.Object } given
        ? given.EnumerateObject().Select(field => (field.Name, Plain(field.Value) is var text && text.StartsWith(Activities.HumanTasks.SecretPrefix, StringComparison.Ordinal) ? "given, kept as a secret" : text))
        : [];

    /// <summary>The columns of a list of objects; none where it is something else.</summary>
    public static IReadOnlyList<string> Columns(JsonElement value) =>
        value.ValueKind is JsonValueKind.Array && value.GetArrayLength() > 0 && value.EnumerateArray().All(item => item.ValueKind is JsonValueKind.Object)
            ? [.. value.EnumerateArray().SelectMany(item => item.EnumerateObject().Select(property => property.Name)).Distinct(StringComparer.Ordinal)]
            : [];

    /// <summary>Of what a step saw, the certificates only: the rest stands with the step.</summary>
    public static JsonElement Certificates(JsonElement facts)
    {
        var kept = facts.EnumerateObject().Where(property =>
            property.NameEquals("certificates") || property.Value.ValueKind is JsonValueKind.String || Columns(property.Value).Contains("thumbprint"));
        return facts.TryGetProperty("instances", out _) || !kept.Any()
            ? JsonSerializer.SerializeToElement(facts.EnumerateObject().Where(property => property.NameEquals("certificates")).ToDictionary(property => property.Name, property => property.Value))
            : JsonSerializer.SerializeToElement(kept.ToDictionary(property => property.Name, property => property.Value));
    }

    private static string Resource(string name)
    {
        using var stream = typeof(ReportText).Assembly.GetManifestResourceStream($"SpeElsa.Server.Evidence.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
