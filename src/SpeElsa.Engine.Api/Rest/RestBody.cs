using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace SpeElsa.Engine.Api.Rest;

/// <summary>A request that can not be read: the answer is 400 with what is wrong by member.</summary>
internal sealed class BadRestRequestException(string member, string message) : Exception(message)
{
    /// <summary>The member that is wrong.</summary>
    public string Member { get; } = member;
}

/// <summary>Reads bodies as the designer and Elsa's clients send them: with or without a content type, names in any case, nothing at all where all is optional.</summary>
internal static class RestBody
{
    /// <summary>Reads the body.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="BadRestRequestException">It is not JSON of this shape.</exception>
    public static async ValueTask<T?> ReadAsync<T>(HttpRequest request)
        where T : class
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, request.HttpContext.RequestAborted);
        if (buffer.Length == 0)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<T>(WithoutMark(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)), RestJson.Options);
        }
        catch (JsonException exception)
        {
            throw new BadRestRequestException(MemberOf(exception), exception.Message);
        }
    }

    /// <summary>Reads a body that has to be there.</summary>
    /// <exception cref="BadRestRequestException">There is none, or it is not JSON of this shape.</exception>
    public static async ValueTask<T> RequireAsync<T>(HttpRequest request)
        where T : class =>
        await ReadAsync<T>(request) ?? throw new BadRestRequestException("body", "A JSON body is needed.");

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> json) => json.StartsWith("\uFEFF"u8) ? json[3..] : json;

    private static string MemberOf(JsonException exception) =>
        exception.Path?.Split('.', '[', '\'').FirstOrDefault(part => part.Length > 0 && part != "$") ?? "body";
}
