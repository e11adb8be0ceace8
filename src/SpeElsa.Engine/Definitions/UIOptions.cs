using System.Collections;
using System.Reflection;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Definitions;

/// <summary>What editors of the designer need, as it is sent: by key, empty where there is nothing to say.</summary>
internal static class UIOptions
{
    public static IDictionary<string, object> Of(string key, object? properties, bool refresh = false, IDictionary<string, object>? more = null)
    {
        var options = new Dictionary<string, object>(more ?? new Dictionary<string, object>(), StringComparer.Ordinal);
        if (properties is not null)
        {
            options[key] = properties;
        }

        if (refresh)
        {
            options["Refresh"] = true;
        }

        return options;
    }

    /// <summary>The choices that the input's attribute lists, else the members of its enum.</summary>
    public static IEnumerable<(string Text, string Value)> ChoicesOf(PropertyInfo property)
    {
        if (property.GetCustomAttribute<InputAttribute>()?.Options is IEnumerable options and not string)
        {
            return options.Cast<object>().Select(option => ObjectConverter.ConvertTo<string>(option) ?? "").Select(option => (option, option));
        }

        return EnumOf(property) is { } choices ? Enum.GetNames(choices).Select(name => (name, name)) : [];
    }

    public static bool IsFlags(PropertyInfo property) => EnumOf(property)?.IsDefined(typeof(FlagsAttribute)) == true;

    private static Type? EnumOf(PropertyInfo property)
    {
        var type = typeof(Input).IsAssignableFrom(property.PropertyType) ? property.PropertyType.GetGenericArguments().FirstOrDefault() : property.PropertyType;
        type = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        return type?.IsEnum == true ? type : null;
    }
}
