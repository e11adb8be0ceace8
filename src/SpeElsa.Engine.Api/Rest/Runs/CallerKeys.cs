using Microsoft.AspNetCore.Http;
using SpeElsa.Engine.Execution;

namespace SpeElsa.Engine.Api.Rest.Runs;

/// <summary>Keys of stimuli that callers ask for. The same Idempotency-Key for the same thing is the same stimulus; without one, each request is its own.</summary>
internal static class CallerKeys
{
    private const string Header = "Idempotency-Key";
    private const int LongestKey = 200;

    /// <summary>The key of what a request asks for.</summary>
    /// <param name="request">The request.</param>
    /// <param name="scope">What it asks for; a key counts within it.</param>
    public static string KeyOf(this HttpRequest request, string scope) =>
        request.CallerKey() is { } given ? $"{scope}:{StimulusHash.Compute(scope, given)}" : $"{scope}:{Guid.NewGuid():N}";

    /// <summary>What the caller calls his request, or null.</summary>
    /// <exception cref="BadRestRequestException">It is too long.</exception>
    public static string? CallerKey(this HttpRequest request) => request.Headers[Header].ToString() switch
    {
        "" => null,
        { Length: <= LongestKey } given => given,
        _ => throw new BadRestRequestException(Header, $"A key has at most {LongestKey} characters."),
    };

    /// <summary>Another request was sent under the key.</summary>
    public static IResult Reused() =>
        RestAnswers.Refuse(StatusCodes.Status422UnprocessableEntity, Header, [$"Another request was sent with this {Header}. Use a new key for a new request."]);
}
