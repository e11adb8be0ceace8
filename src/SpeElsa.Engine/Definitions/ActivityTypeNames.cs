using System.Reflection;
using System.Text;
using Elsa.Workflows.Attributes;

namespace SpeElsa.Engine.Definitions;

/// <summary>The stored name of an activity type: its attribute's namespace and type, or what Elsa derives from the CLR name.</summary>
internal static class ActivityTypeNames
{
    private static readonly HashSet<string> SmallWords = new(
        ["A", "An", "And", "As", "At", "But", "By", "For", "From", "If", "In", "Nor", "Of", "Off", "On", "Or", "The", "To", "Up", "Via", "With"], StringComparer.Ordinal);

    public static (string Namespace, string Name, string TypeName, int Version) Of(Type type)
    {
        var attribute = type.GetCustomAttribute<ActivityAttribute>(inherit: false);
        var name = attribute?.Type ?? type.Name.Split('`')[0];
        var space = attribute?.Namespace ?? type.Namespace ?? "Elsa";
        return (space, name, $"{space}.{name}", attribute?.Version ?? 1);
    }

    /// <summary>"WaitForLink" as people read it: "Wait for Link".</summary>
    public static string Humanize(string name)
    {
        var words = Words(name).ToArray();
        for (var index = 1; index < words.Length; index++)
        {
            if (SmallWords.Contains(words[index]))
            {
                words[index] = words[index].ToLowerInvariant();
            }
        }

        return string.Join(' ', words);
    }

    /// <summary>"Expense approval (2)" as a type name: "ExpenseApproval2".</summary>
    public static string Pascalize(string text)
    {
        var name = new StringBuilder();
        var starts = true;
        foreach (var letter in text)
        {
            if (!char.IsLetterOrDigit(letter))
            {
                starts = true;
                continue;
            }

            name.Append(starts ? char.ToUpperInvariant(letter) : letter);
            starts = false;
        }

        return name.ToString();
    }

    private static IEnumerable<string> Words(string name)
    {
        var start = 0;
        for (var index = 1; index < name.Length; index++)
        {
            if (char.IsUpper(name[index]) && (!char.IsUpper(name[index - 1]) || (index + 1 < name.Length && char.IsLower(name[index + 1]))))
            {
                yield return name[start..index];
                start = index;
            }
        }

        yield return name[start..];
    }

    /// <summary>The JSON key of a property, as the designer makes it: only the first letter changes.</summary>
    public static string JsonKey(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
