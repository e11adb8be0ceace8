using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeElsa.MailStore;

/// <summary>
/// The secrets one call carries. A server may quote its input when it refuses it, so whatever it says is cleaned of them before it reaches
/// an exception or a log.
/// </summary>
internal sealed class CallSecrets
{
    private const string Mask = "***";
    private static readonly string[] SecretWords = ["password", "passphrase", "secret", "key", "pin"];
    private readonly HashSet<string> _values = new(StringComparer.Ordinal);

    public CallSecrets(IReadOnlyDictionary<string, string?> arguments)
    {
        foreach (var (name, value) in arguments)
        {
            if (value is null)
                continue;
            if (IsSecret(name))
                Add(value);
            else if (value.AsSpan().TrimStart() is ['{' or '[', ..])
                AddFromJson(value);
        }
    }

    public void Add(string? secret)
    {
        if (string.IsNullOrEmpty(secret))
            return;
        // As it is, inside JSON text of either common style, and each of these inside a form body.
        string[] written =
        [
            secret,
            JsonEncodedText.Encode(secret).ToString(),
            JsonSerializer.Serialize(secret, ManagementApiJson.Relaxed)[1..^1],
        ];
        foreach (var text in written)
        {
            var escaped = Uri.EscapeDataString(text);
            _values.UnionWith([text, escaped, escaped.Replace("%20", "+", StringComparison.Ordinal)]);
        }
    }

    public string? Clean(string? text)
    {
        if (text is null)
            return null;
        // Longest first: a secret may be part of its own escaped form.
        foreach (var value in _values.OrderByDescending(value => value.Length))
            text = text.Replace(value, Mask, StringComparison.OrdinalIgnoreCase);
        return text;
    }

    private void AddFromJson(string json)
    {
        try
        {
            AddFrom(JsonNode.Parse(json), secret: false);
        }
        catch (JsonException)
        {
            // An argument that only looks like JSON has no named secrets to find.
        }
    }

    private void AddFrom(JsonNode? node, bool secret)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                    AddFrom(value, secret || IsSecret(name));
                break;
            case JsonArray items:
                foreach (var item in items)
                    AddFrom(item, secret);
                break;
            case JsonValue value when secret && value.TryGetValue<string>(out var text):
                Add(text);
                break;
        }
    }

    private static bool IsSecret(string name) => SecretWords.Any(word => name.EndsWith(word, StringComparison.OrdinalIgnoreCase));
}
