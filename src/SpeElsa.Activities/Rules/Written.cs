using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Elsa.Expressions.Models;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>What a definition writes in an input, before anything is evaluated: two inputs of the same key have the same value in one run.</summary>
/// <param name="Key">Tells whether two are the same; empty: nothing is written.</param>
/// <param name="Words">For people.</param>
/// <param name="Constant">The value, where it is written there.</param>
internal sealed partial record Written(string Key, string Words, string? Constant)
{
    /// <summary>Nothing.</summary>
    public static Written Nothing { get; } = new("", "nothing", null);

    /// <summary>Whether nothing is written.</summary>
    public bool IsEmpty => Key.Length == 0;

    /// <summary>Whether a yes is written there.</summary>
    public bool IsYes => bool.TryParse(Constant, out var yes) && yes;

    /// <summary>The input of the workflow that it names; null where it names none.</summary>
    public string? InputName => Key.StartsWith("Input ", StringComparison.Ordinal) ? Key["Input ".Length..] : null;

    /// <summary>A reference to an input of the workflow.</summary>
    public static Written ToInput(string name) => Named("Input", name);

    /// <summary>Reads what is written.</summary>
    public static Written In(Input? input)
    {
        var (syntax, value) = input?.Expression is { } expression ? (expression.Type, expression.Value) : ("Literal", null);
        return syntax switch
        {
            "Literal" or "Object" => Of(Convert.ToString(value, CultureInfo.InvariantCulture)),
            "Input" or "Variable" or "Output" => Named(syntax, NameIn(value)),
            _ when value is string script && Call().Match(script) is { Success: true } call => Named(call.Groups["what"].Value, call.Groups["name"].Value),
            _ when value is string script => new($"{syntax} {script.Trim()}", $"`{script.Trim()}`", null),
            _ => new($"{syntax} {(value is null ? 0 : RuntimeHelpers.GetHashCode(value))}", "what code says", null),
        };
    }

    private static Written Of(string? constant) => string.IsNullOrWhiteSpace(constant) ? Nothing : new($"'{constant.Trim().ToUpperInvariant()}", constant.Trim(), constant.Trim());

    private static Written Named(string syntax, string name) => new($"{syntax} {name}", $"the {syntax.ToLowerInvariant()} '{name}'", null);

    /// <summary>Designers write the whole variable or input as JSON, people its name.</summary>
    private static string NameIn(object? value) => value switch
    {
        Variable variable => variable.Name,
        MemoryBlockReference reference => reference.Id,
        ArgumentDefinition definition => definition.Name,
        string text when text.TrimStart().StartsWith('{') => NameIn(text),
        JsonElement { ValueKind: JsonValueKind.Object } element => NameIn(element.GetRawText()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string NameIn(string json)
    {
        try
        {
            return Wire.Read<Reference>(json) is { } reference ? reference.Name ?? reference.Id ?? "" : "";
        }
        catch (JsonException)
        {
            return json;
        }
    }

    [GeneratedRegex("""^\s*get(?<what>Input|Variable)\(\s*["'`](?<name>[^"'`]+)["'`]\s*\)\s*;?\s*$""")]
    private static partial Regex Call();

    private sealed record Reference(string? Id, string? Name);
}
