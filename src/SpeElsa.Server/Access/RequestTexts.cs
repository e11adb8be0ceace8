using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using SpeElsa.Engine.Api.Rest;

namespace SpeElsa.Server.Access;

/// <summary>
/// Refuses texts that are no texts: control characters, half characters, and what is longer than anybody writes. Each endpoint below takes texts as they come and stores,
/// shows or sends them.
/// </summary>
internal static class RequestTexts
{
    /// <summary>What names of people and things are long at most.</summary>
    public const int LongestName = RestTexts.LongestName;

    private const int LongestArgument = 400;
    private const int LongestText = RestTexts.LongestWords;
    private const string HalfCharacter = "This text holds half a character. Send it as UTF-8.";
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Members = new();

    /// <summary>Looks at the texts in path, query and body before an endpoint gets them.</summary>
    public static T CheckTexts<T>(this T endpoints)
        where T : IEndpointConventionBuilder => endpoints.AddEndpointFilterFactory((factory, next) =>
        {
            var names = factory.MethodInfo.GetParameters().Select(parameter => parameter.Name!).ToArray();
            return context => Errors(context, names) is { Count: > 0 } errors
                ? new(TypedResults.ValidationProblem(errors, "Nothing was changed.", title: "The request can not be used as it stands"))
                : next(context);
        });

    private static Dictionary<string, string[]> Errors(EndpointFilterInvocationContext context, string[] names)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var body = context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;
        for (var index = 0; index < context.Arguments.Count; index++)
        {
            if (context.Arguments[index] is string text)
            {
                Check(errors, names[index], text, LongestArgument, lines: false);
            }
            else if (context.Arguments[index] is { } value && body?.IsInstanceOfType(value) == true)
            {
                CheckMembers(errors, "", value);
            }
        }

        return errors;
    }

    private static void CheckMembers(Dictionary<string, string[]> errors, string before, object item)
    {
        foreach (var member in Members.GetOrAdd(item.GetType(), type => [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0)]))
        {
            CheckValue(errors, before + JsonNamingPolicy.CamelCase.ConvertName(member.Name), member.GetValue(item), member.GetCustomAttribute<MaxLengthAttribute>()?.Length ?? LongestText);
        }
    }

    private static void CheckValue(Dictionary<string, string[]> errors, string place, object? value, int longest)
    {
        switch (value)
        {
            case string text:
                Check(errors, place, text, longest);
                break;
            case JsonElement element:
                CheckElement(errors, place, element);
                break;
            case IEnumerable<KeyValuePair<string, JsonElement>> values:
                foreach (var (name, element) in values)
                {
                    Check(errors, place, name, LongestArgument);
                    CheckElement(errors, $"{place}.{name}", element);
                }

                break;
            case IEnumerable items:
                foreach (var item in items)
                {
                    CheckValue(errors, place, item, longest);
                }

                break;
            case { } other when other.GetType() is { IsPrimitive: false, IsEnum: false, Namespace: { } home } && home.StartsWith("SpeElsa", StringComparison.Ordinal):
                CheckMembers(errors, $"{place}.", other);
                break;
        }
    }

    private static void CheckElement(Dictionary<string, string[]> errors, string place, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String when TextOf(element) is { } text:
                Check(errors, place, text, LongestText);
                break;
            case JsonValueKind.String:
                errors[place] = [HalfCharacter];
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    CheckElement(errors, place, item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    if (NameOf(property) is { } name)
                    {
                        Check(errors, place, name, LongestArgument);
                        CheckElement(errors, $"{place}.{name}", property.Value);
                    }
                    else
                    {
                        errors[place] = [HalfCharacter];
                    }
                }

                break;
        }
    }

    private static void Check(Dictionary<string, string[]> errors, string place, string text, int longest, bool lines = true)
    {
        if (RestTexts.Fault(text, longest, lines) is { } fault)
        {
            errors[place] = [fault];
        }
    }

    private static string? TextOf(JsonElement element) => Read(() => element.GetString());

    private static string? NameOf(JsonProperty property) => Read(() => property.Name);

    /// <summary>A text, or null where it is none that can be read.</summary>
    private static string? Read(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
