using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Elsa.Workflows.Attributes;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Execution;

/// <summary>Equal stimuli have equal hashes: a stimulus finds the bookmarks that wait for it without reading any payload.</summary>
public static class StimulusHash
{
    /// <summary>SHA-256 over name, canonical JSON of the payload and the execution, upper-case hex.</summary>
    /// <param name="name">The kind of stimulus.</param>
    /// <param name="payload">What it is; property order does not matter, nor what is marked with <see cref="ExcludeFromHashAttribute"/>.</param>
    /// <param name="activityInstanceId">The execution it is addressed to, or null for any.</param>
    public static string Compute(string name, object? payload, string? activityInstanceId = null)
    {
        var text = new StringBuilder(name).Append('\n');
        var node = EngineJson.ToNode(payload);
        if (node is JsonObject value)
        {
            foreach (var property in payload!.GetType().GetProperties().Where(property => property.IsDefined(typeof(ExcludeFromHashAttribute), inherit: true)))
            {
                value.Remove(JsonNamingPolicy.CamelCase.ConvertName(property.Name));
            }
        }

        Append(node, text);
        text.Append('\n').Append(activityInstanceId);
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static void Append(JsonNode? node, StringBuilder text)
    {
        switch (node)
        {
            case JsonObject value:
                text.Append('{');
                foreach (var (key, child) in value.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    text.Append(key).Append(':');
                    Append(child, text);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                foreach (var item in items)
                {
                    Append(item, text);
                    text.Append(',');
                }

                text.Append(']');
                break;
            default:
                text.Append(node?.ToJsonString() ?? "null");
                break;
        }
    }
}
