using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SpeElsa.Engine.Api.Rest;

namespace SpeElsa.Engine.Api.Identity;

/// <summary>Refusals of the identity endpoints.</summary>
internal static class IdentityAnswers
{
    /// <summary>Refuses a request that leaves out what it needs, or has texts that can not be used, member by member.</summary>
    /// <returns>Null when all are there.</returns>
    public static IResult? Missing(params IReadOnlyList<(string Name, string? Value)> members)
    {
        var errors = new JsonObject();
        foreach (var (name, value) in members)
        {
            var camelName = JsonNamingPolicy.CamelCase.ConvertName(name);
            if ((string.IsNullOrWhiteSpace(value) ? $"'{camelName}' must not be empty." : Unfit(camelName, value)) is { } error)
            {
                errors[camelName] = new JsonArray(error);
            }
        }

        return Refuse(errors);
    }

    /// <summary>Refuses a request whose texts can not be used; what it leaves out stays as it is.</summary>
    /// <returns>Null when all can be used.</returns>
    public static IResult? Unfit(params IReadOnlyList<(string Name, string? Value)> members)
    {
        var errors = new JsonObject();
        foreach (var (name, value) in members)
        {
            var camelName = JsonNamingPolicy.CamelCase.ConvertName(name);
            if (Unfit(camelName, value) is { } error)
            {
                errors[camelName] = new JsonArray(error);
            }
        }

        return Refuse(errors);
    }

    private static string? Unfit(string camelName, string? value) => RestTexts.Fault(value, camelName is "password" or "secret" ? RestTexts.LongestWords : RestTexts.LongestName);

    private static IResult? Refuse(JsonObject errors) => errors.Count == 0 ? null : Results.Json(
            new JsonObject
            {
                ["type"] = "about:blank",
                ["title"] = "The request can not be carried out",
                ["status"] = StatusCodes.Status400BadRequest,
                ["statusCode"] = StatusCodes.Status400BadRequest,
                ["message"] = "One or more errors occurred!",
                ["errors"] = errors,
            },
            RestJson.Options,
            "application/problem+json",
            StatusCodes.Status400BadRequest);

    /// <summary>The caller has the right to ask, but not to that.</summary>
    public static IResult Forbidden(string message) => RestAnswers.Refuse(StatusCodes.Status403Forbidden, "generalErrors", [message]);

    /// <summary>This host keeps such things elsewhere.</summary>
    public static IResult NotKept(string what) => RestAnswers.Conflict($"{what} of this server are not kept by it: change them where they come from.");
}
