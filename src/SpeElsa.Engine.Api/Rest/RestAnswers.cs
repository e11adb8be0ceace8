using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace SpeElsa.Engine.Api.Rest;

/// <summary>Answers in Elsa's shapes.</summary>
internal static class RestAnswers
{
    /// <summary>A body of JSON.</summary>
    public static IResult Json(object? body, int statusCode = StatusCodes.Status200OK) =>
        Results.Json(body, RestJson.Options, "application/json", statusCode);

    /// <summary>What was asked for can not be done; nothing was changed. The designer shows the messages.</summary>
    public static IResult BadRequest(params IReadOnlyCollection<string> messages) => Refuse(StatusCodes.Status400BadRequest, "generalErrors", messages);

    /// <summary>A member of the request can not be used; nothing was changed.</summary>
    public static IResult BadMember(string member, string message) => Refuse(StatusCodes.Status400BadRequest, member, [message]);

    /// <summary>It does not go with what is stored now; nothing was changed.</summary>
    public static IResult Conflict(params IReadOnlyCollection<string> messages) => Refuse(StatusCodes.Status409Conflict, "generalErrors", messages);

    /// <summary>There is no such thing: no body, as in Elsa.</summary>
    public static IResult NotFound() => Results.StatusCode(StatusCodes.Status404NotFound);

    /// <summary>A refusal as the designer reads it (statusCode, message, errors) and as problem details (RFC 9457) in one.</summary>
    public static IResult Refuse(int statusCode, string member, IReadOnlyCollection<string> messages) =>
        Refuse(statusCode, new JsonObject { [member] = new JsonArray([.. messages.Select(message => JsonValue.Create(message))]) });

    /// <summary>A refusal with messages by member.</summary>
    public static IResult Refuse(int statusCode, JsonObject errors) => Results.Json(
        new JsonObject
        {
            ["type"] = "about:blank",
            ["title"] = "The request can not be carried out",
            ["status"] = statusCode,
            ["detail"] = string.Join(" ", errors.SelectMany(pair => pair.Value!.AsArray()).Select(message => (string?)message)),
            ["statusCode"] = statusCode,
            ["message"] = "One or more errors occurred!",
            ["errors"] = errors,
        },
        RestJson.Options,
        "application/problem+json",
        statusCode);
}
