using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Api.Rest;

/// <summary>Values that workflows take and give: plain data in, nulls left out, as Elsa has it.</summary>
internal static class RestValues
{
    /// <summary>A body in which members without a value are left out.</summary>
    public static IResult Json(object body, int statusCode = StatusCodes.Status200OK) => Results.Json(body, EngineJson.Options, "application/json", statusCode);

    /// <summary>A value as workflows see it.</summary>
    /// <exception cref="BadRestRequestException">It is nested too deep.</exception>
    public static object? Value(JsonElement? element, string member)
    {
        try
        {
            return element?.Deserialize<object>(EngineJson.Options);
        }
        catch (JsonException exception)
        {
            throw new BadRestRequestException(member, exception.Message);
        }
    }

    /// <summary>Values by name; none where there is no element.</summary>
    /// <exception cref="BadRestRequestException">It is no JSON object.</exception>
    public static Dictionary<string, object?> Values(JsonElement? element, string member) => Value(element, member) switch
    {
        null => [],
        IDictionary<string, object?> values => new Dictionary<string, object?>(values),
        _ => throw new BadRestRequestException(member, $"'{member}' is a JSON object."),
    };

    /// <summary>Reads JSON that came as text.</summary>
    /// <exception cref="BadRestRequestException">It is no JSON.</exception>
    public static JsonElement? Parse(string? json, string member)
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize<JsonElement>(json, RestJson.Options);
        }
        catch (JsonException exception)
        {
            throw new BadRestRequestException(member, exception.Message);
        }
    }
}
