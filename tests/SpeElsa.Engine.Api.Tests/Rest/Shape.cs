using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeElsa.Engine.Api.Tests.Rest;

/// <summary>Compares the shape of an answer with a recorded one: names, their case, and the kinds of values. A null goes with anything.</summary>
public static class Shape
{
    /// <summary>What differs, in words.</summary>
    /// <param name="recorded">Elsa's answer.</param>
    /// <param name="ours">Ours.</param>
    /// <param name="allowed">Paths that may differ, with what is below them: "items[].links", "*" for any name.</param>
    public static IReadOnlyList<string> Differences(JsonNode? recorded, JsonNode? ours, params string[] allowed)
    {
        var found = new List<(string Path, string Words)>();
        Compare("", recorded, ours, found);
        return [.. found.Where(difference => !allowed.Any(pattern => Covers(pattern, difference.Path))).Select(difference => difference.Words).Distinct(StringComparer.Ordinal)];
    }

    private static void Compare(string path, JsonNode? recorded, JsonNode? ours, List<(string Path, string Words)> found)
    {
        switch (recorded, ours)
        {
            case (JsonObject one, JsonObject other):
                CompareMembers(path, one, other, found);
                break;
            case (JsonArray one, JsonArray other):
                var merged = one.Aggregate((JsonNode?)null, Merge);
                if (merged is not null)
                {
                    foreach (var item in other)
                    {
                        Compare(path + "[]", Without(merged, one, item), item, found);
                    }
                }

                break;
            case (null, _) or (_, null):
                break;
            default:
                if (Kind(recorded) != Kind(ours))
                {
                    found.Add((path, $"{path} is {Kind(ours)}, in Elsa {Kind(recorded)}"));
                }

                break;
        }
    }

    private static void CompareMembers(string path, JsonObject recorded, JsonObject ours, List<(string Path, string Words)> found)
    {
        foreach (var name in recorded.Select(pair => pair.Key).Union(ours.Select(pair => pair.Key)).Order(StringComparer.Ordinal))
        {
            var below = path.Length == 0 ? name : $"{path}.{name}";
            if (!ours.ContainsKey(name))
            {
                found.Add((below, $"{below} is missing"));
            }
            else if (!recorded.ContainsKey(name))
            {
                found.Add((below, $"{below} is not in Elsa's answer"));
            }
            else
            {
                Compare(below, recorded[name], ours[name], found);
            }
        }
    }

    /// <summary>What some of Elsa's items do not have either, ours need not have.</summary>
    private static JsonNode Without(JsonNode merged, JsonArray recorded, JsonNode? ours)
    {
        if (merged is not JsonObject all || ours is not JsonObject item)
        {
            return merged;
        }

        var needed = (JsonObject)all.DeepClone();
        foreach (var (name, _) in all)
        {
            if (!item.ContainsKey(name) && recorded.OfType<JsonObject>().Any(one => !one.ContainsKey(name)))
            {
                needed.Remove(name);
            }
        }

        return needed;
    }

    /// <summary>One item that has what all have: a list of Elsa's may hold items with and without a value.</summary>
    private static JsonNode? Merge(JsonNode? left, JsonNode? right)
    {
        if (left is not JsonObject one || right is not JsonObject other)
        {
            return (left ?? right)?.DeepClone();
        }

        var merged = (JsonObject)one.DeepClone();
        foreach (var (name, value) in other)
        {
            merged[name] = Merge(one[name], value);
        }

        return merged;
    }

    private static JsonValueKind Kind(JsonNode? node) => node!.GetValueKind() is JsonValueKind.False ? JsonValueKind.True : node.GetValueKind();

    private static bool Covers(string pattern, string path)
    {
        string[] allowed = pattern.Split('.'), actual = path.Split('.');
        return allowed.Length <= actual.Length && allowed.Zip(actual).All(pair => pair.First == "*" || pair.First == pair.Second);
    }
}
