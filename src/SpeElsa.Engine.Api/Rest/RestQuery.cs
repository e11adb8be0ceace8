using System.Globalization;
using Elsa.Common.Models;
using Microsoft.AspNetCore.Http;

namespace SpeElsa.Engine.Api.Rest;

/// <summary>Query arguments: their names in any case, an empty one is none.</summary>
internal static class RestQuery
{
    /// <summary>A text; null where there is none.</summary>
    public static string? Text(this HttpRequest request, string name) => request.Query[name].FirstOrDefault() is { Length: > 0 } text ? text : null;

    /// <summary>All values of a name that is repeated.</summary>
    public static IReadOnlyList<string> Texts(this HttpRequest request, string name) => [.. request.Query[name].OfType<string>().Where(text => text.Length > 0)];

    /// <summary>A number that is not below 0; null where there is none.</summary>
    /// <exception cref="BadRestRequestException">It is something else.</exception>
    public static int? Number(this HttpRequest request, string name) =>
        request.Text(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new BadRestRequestException(name, $"'{text}' is not a whole number from 0 on.");

    /// <summary>True or false in any case; null where there is none.</summary>
    /// <exception cref="BadRestRequestException">It is something else.</exception>
    public static bool? Flag(this HttpRequest request, string name) =>
        request.Text(name) is not { } text ? null
        : bool.TryParse(text, out var flag) ? flag
        : throw new BadRestRequestException(name, $"'{text}' is neither true nor false.");

    /// <summary>A value of an enumeration by name, in any case; null where there is none.</summary>
    /// <exception cref="BadRestRequestException">It is something else.</exception>
    public static T? Choice<T>(this HttpRequest request, string name)
        where T : struct, Enum =>
        request.Text(name) is not { } text ? null
        : Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value
        : throw new BadRestRequestException(name, $"'{text}' is none of {string.Join(", ", Enum.GetNames<T>())}.");

    /// <summary>All values of an enumeration under a name that is repeated.</summary>
    /// <exception cref="BadRestRequestException">One is something else.</exception>
    public static IReadOnlyList<T> Choices<T>(this HttpRequest request, string name)
        where T : struct, Enum =>
    [
        .. request.Texts(name).Select(text => Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value)
            ? value
            : throw new BadRestRequestException(name, $"'{text}' is none of {string.Join(", ", Enum.GetNames<T>())}.")),
    ];

    /// <summary>Which versions are meant; null where it is not said.</summary>
    /// <exception cref="BadRestRequestException">It is something else.</exception>
    public static VersionOptions? Versions(this HttpRequest request, string name = "versionOptions")
    {
        if (request.Text(name) is not { } text)
        {
            return null;
        }

        return VersionOptions.TryParse(text, out var versions)
            ? versions
            : throw new BadRestRequestException(name, $"'{text}' is none of AllVersions, Latest, Published, LatestOrPublished, LatestAndPublished, Draft, or a number.");
    }
}
