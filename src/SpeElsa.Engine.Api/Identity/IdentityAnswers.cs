using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SpeElsa.Engine.Api.Rest;

namespace SpeElsa.Engine.Api.Identity;

/// <summary>Refusals of the identity endpoints.</summary>
internal static class IdentityAnswers
{
    /// <summary>Refuses a request that leaves out what it needs, member by member.</summary>
    /// <returns>Null when all are there.</returns>
    public static IResult? Missing(params IReadOnlyList<(string Name, string? Value)> members)
    {
        var errors = new JsonObject();
        foreach (var (name, value) in members.Where(member => string.IsNullOrWhiteSpace(member.Value)))
        {
            var camelName = JsonNamingPolicy.CamelCase.ConvertName(name);
            errors[camelName] = new JsonArray($"'{camelName}' must not be empty.");
        }

        return errors.Count == 0 ? null : Results.Json(
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
    }

    /// <summary>The caller has the right to ask, but not to that.</summary>
    public static IResult Forbidden(string message) => RestAnswers.Refuse(StatusCodes.Status403Forbidden, "generalErrors", [message]);

    /// <summary>This host keeps such things elsewhere.</summary>
    public static IResult NotKept(string what) => RestAnswers.Conflict($"{what} of this server are not kept by it: change them where they come from.");
}
