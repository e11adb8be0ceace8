using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace SpeElsa.Server.Access;

/// <summary>The key under which a request is stored, and the mark by which a repeat is told from another request.</summary>
internal static class Idempotency
{
    public const string HeaderName = "Idempotency-Key";
    private const int LongestKey = 200;

    /// <summary>Reads the header.</summary>
    /// <returns>The key, or null where there is none; and what is wrong with it.</returns>
    public static (string? Key, string? Error) Read(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(HeaderName, out var values))
        {
            return (null, null);
        }

        var key = values.ToString();
        return key.Length is 0 or > LongestKey || key.Any(character => character is < '!' or > '~')
            ? (null, $"{HeaderName} is 1 to {LongestKey} printable characters without spaces.")
            : (key, null);
    }

    /// <summary>The answer to another request under a key that is taken.</summary>
    /// <param name="what">What the key was for, such as a move.</param>
    public static ProblemHttpResult KeyIsTaken(string what) => TypedResults.Problem(
        $"Another request was made with this {HeaderName}. Use a new key for a new {what}, or send the first request again to get its answer.",
        statusCode: StatusCodes.Status422UnprocessableEntity,
        title: "The idempotency key belongs to another request");

    /// <summary>SHA-256 of the request as JSON, property order aside, lower-case hex.</summary>
    public static string Fingerprint(object request) => Hash(Canonical(JsonSerializer.SerializeToNode(request, JsonSerializerOptions.Web)));

    /// <summary>SHA-256, lower-case hex.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Canonical(JsonNode? node) => node switch
    {
        JsonObject value => "{" + string.Join(",", value.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{JsonValue.Create(pair.Key).ToJsonString()}:{Canonical(pair.Value)}")) + "}",
        JsonArray items => "[" + string.Join(",", items.Select(Canonical)) + "]",
        null => "null",
        _ => node.ToJsonString(),
    };
}
