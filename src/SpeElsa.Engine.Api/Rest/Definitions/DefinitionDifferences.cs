using System.Text.Json.Nodes;

namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>A place where a file and what is stored differ.</summary>
/// <param name="Path">Where: members by name, items by their id, name or place.</param>
/// <param name="Kind">"Added", "Removed" or "Changed": what was done to the file to get what is stored.</param>
/// <param name="File">What the file says, shortened; null: nothing.</param>
/// <param name="Stored">What is stored, shortened; null: nothing.</param>
internal sealed record DefinitionDifference(string Path, string Kind, string? File, string? Stored);

/// <summary>Compares two definitions for people.</summary>
internal static class DefinitionDifferences
{
    private const int LongestText = 300;

    /// <summary>All places where they differ; the designer's layout is left out, since it makes no other workflow.</summary>
    public static IReadOnlyList<DefinitionDifference> Between(JsonNode? file, JsonNode? stored)
    {
        var found = new List<DefinitionDifference>();
        Compare("", file, stored, found);
        return found;
    }

    private static void Compare(string path, JsonNode? file, JsonNode? stored, List<DefinitionDifference> found)
    {
        switch (file, stored)
        {
            case (JsonObject one, JsonObject other):
                foreach (var name in one.Select(pair => pair.Key).Union(other.Select(pair => pair.Key)).Where(name => name is not ("designer" or "vertices" or "nodeId")))
                {
                    Compare(path.Length == 0 ? name : $"{path}.{name}", one[name], other[name], found);
                }

                break;
            case (JsonArray one, JsonArray other):
                var (left, right) = (Keyed(one), Keyed(other));
                foreach (var key in left.Keys.Union(right.Keys))
                {
                    Compare($"{path}[{key.Replace('\n', ' ')}]", left.GetValueOrDefault(key), right.GetValueOrDefault(key), found);
                }

                break;
            default:
                if (!JsonNode.DeepEquals(file, stored))
                {
                    found.Add(new DefinitionDifference(path, file is null ? "Added" : stored is null ? "Removed" : "Changed", Short(file), Short(stored)));
                }

                break;
        }
    }

    private static Dictionary<string, JsonNode?> Keyed(JsonArray items)
    {
        var keyed = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        for (var index = 0; index < items.Count; index++)
        {
            if (!keyed.TryAdd(Reconciliation.KeyOf(items[index]) ?? $"{index}", items[index]))
            {
                keyed[$"{index}"] = items[index];
            }
        }

        return keyed;
    }

    private static string? Short(JsonNode? value) =>
        value?.ToJsonString(RestJson.Options) is not { } text ? null : text.Length <= LongestText ? text : text[..LongestText] + "…";
}
