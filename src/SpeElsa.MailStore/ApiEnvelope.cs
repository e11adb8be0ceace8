using System.Text.Json;

namespace SpeElsa.MailStore;

/// <summary>
/// The frame of every answer. Only <c>running</c> is not final, and of the final ones only <c>succeeded</c> without an error is success.
/// </summary>
internal sealed record ApiEnvelope(
    string StatusCode, string? Token, long StatusVersion, JsonElement Result, string? ErrorMessage, string? ErrorDetails,
    double? Percent = null, string? StatusText = null)
{
    public bool IsRunning => StatusCode == "running" && Token is not null;

    public bool IsSuccess => StatusCode == "succeeded" && ErrorMessage is null;

    /// <summary>Reads the envelope, or returns null when the answer is something else.</summary>
    public static ApiEnvelope? TryRead(JsonElement answer)
    {
        if (answer.Member("statusCode") is not { ValueKind: JsonValueKind.String } statusCode)
            return null;
        var error = answer.Member("error");
        var version = answer.Member("statusVersion");
        return new ApiEnvelope(
            statusCode.GetString()!,
            answer.Member("token").Text(),
            version.ValueKind == JsonValueKind.Number && version.TryGetInt64(out var number) ? number : 0,
            answer.Member("result"),
            error.ValueKind == JsonValueKind.Object ? error.Member("message").Text() ?? "no message" : error.Text(),
            error.Member("details").Text(),
            answer.Member("percentProgress") is { ValueKind: JsonValueKind.Number } percent ? percent.GetDouble() : null,
            answer.Member("statusText").Text());
    }
}
