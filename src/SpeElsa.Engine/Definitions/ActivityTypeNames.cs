using System.Reflection;
using System.Text;
using Elsa.Workflows.Attributes;

namespace SpeElsa.Engine.Definitions;

/// <summary>The stored name of an activity type: its attribute's namespace and type, or what Elsa derives from the CLR name.</summary>
internal static class ActivityTypeNames
{
    public static (string Namespace, string Name, string TypeName, int Version) Of(Type type)
    {
        var attribute = type.GetCustomAttribute<ActivityAttribute>(inherit: false);
        var name = attribute?.Type ?? type.Name.Split('`')[0];
        var space = attribute?.Namespace ?? type.Namespace?.Split('.')[^1] ?? "Elsa";
        return (space, name, $"{space}.{name}", attribute?.Version ?? 1);
    }

    /// <summary>"RunJavaScript" as people read it: "Run Java Script".</summary>
    public static string Humanize(string name)
    {
        var text = new StringBuilder();
        for (var index = 0; index < name.Length; index++)
        {
            if (index > 0 && char.IsUpper(name[index]) && (!char.IsUpper(name[index - 1]) || (index + 1 < name.Length && char.IsLower(name[index + 1]))))
            {
                text.Append(' ');
            }

            text.Append(name[index]);
        }

        return text.ToString();
    }

    /// <summary>The JSON key of a property, as the designer makes it: only the first letter changes.</summary>
    public static string JsonKey(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
