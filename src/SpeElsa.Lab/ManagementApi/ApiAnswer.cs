using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SpeElsa.Lab;

/// <summary>The frame of every answer of the Management API.</summary>
internal sealed record ApiAnswer
{
    public const string RunningStatus = "running";

    [JsonPropertyName("error")]
    public ApiError? Error { get; init; }

    [JsonPropertyName("token")]
    public string? Token { get; init; }

    [JsonPropertyName("statusVersion")]
    public long StatusVersion { get; init; }

    [JsonPropertyName("statusCode")]
    public required string StatusCode { get; init; }

    [JsonPropertyName("percentProgress")]
    public int? PercentProgress { get; init; }

    [JsonPropertyName("statusText")]
    public string? StatusText { get; init; }

    [JsonPropertyName("result")]
    public JsonNode? Result { get; init; }

    [JsonPropertyName("logOutput")]
    public string? LogOutput { get; init; }

    public static ApiAnswer Succeeded(JsonNode? result) => new() { StatusCode = "succeeded", Result = result };

    public static ApiAnswer Failed(string message, string? details = null) =>
        new() { StatusCode = "failed", Error = new(message, details) };

    public static ApiAnswer Cancelled(string status) => new() { StatusCode = status };

    public static ApiAnswer Running(string token, long version, int percent, string text) =>
        new() { StatusCode = RunningStatus, Token = token, StatusVersion = version, PercentProgress = percent, StatusText = text };
}

internal sealed record ApiError(
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("details")] string? Details);

/// <summary>A call that the Management Server carries out and answers with an error.</summary>
internal sealed class ApiRefusedException(string message) : Exception(message);
