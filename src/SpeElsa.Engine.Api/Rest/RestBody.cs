using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace SpeElsa.Engine.Api.Rest;

/// <summary>A request that can not be read: the answer is 400, or another status that fits, with what is wrong by member.</summary>
internal sealed class BadRestRequestException(string member, string message, int statusCode = StatusCodes.Status400BadRequest) : Exception(message)
{
    /// <summary>The status of the answer.</summary>
    public int StatusCode { get; } = statusCode;

    /// <summary>The member that is wrong.</summary>
    public string Member { get; } = member;
}

/// <summary>Reads bodies as the designer and Elsa's clients send them: with or without a content type, names in any case, nothing at all where all is optional.</summary>
internal static class RestBody
{
    private const int MostBytes = 16 * 1024 * 1024;

    /// <summary>Reads the body.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="BadRestRequestException">It is not JSON of this shape, or too large.</exception>
    public static async ValueTask<T?> ReadAsync<T>(HttpRequest request)
        where T : class
    {
        using var buffer = await ReadAllAsync(request);
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
    /// <exception cref="BadRestRequestException">There is none, it is not JSON of this shape, or it is too large.</exception>
    public static async ValueTask<T> RequireAsync<T>(HttpRequest request)
        where T : class =>
        await ReadAsync<T>(request) ?? throw new BadRestRequestException("body", "A JSON body is needed.");

    /// <summary>Reads a body that has to be there, as text.</summary>
    /// <exception cref="BadRestRequestException">There is none, or it is too large.</exception>
    public static async ValueTask<string> ReadTextAsync(HttpRequest request)
    {
        using var buffer = await ReadAllAsync(request);
        return buffer.Length > 0
            ? Encoding.UTF8.GetString(WithoutMark(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)))
            : throw new BadRestRequestException("body", "A JSON body is needed.");
    }

    private static async ValueTask<MemoryStream> ReadAllAsync(HttpRequest request)
    {
        var buffer = new MemoryStream();
        var part = new byte[81920];
        int count;
        while ((count = await request.Body.ReadAsync(part, request.HttpContext.RequestAborted)) > 0)
        {
            if (buffer.Length + count > MostBytes)
            {
                throw new BadRestRequestException("body", $"The body is larger than {MostBytes / 1024 / 1024} MiB.", StatusCodes.Status413PayloadTooLarge);
            }

            buffer.Write(part, 0, count);
        }

        CheckTexts(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
        return buffer;
    }

    /// <summary>A zero byte or half a character can be written in JSON and in no text that is stored.</summary>
    private static void CheckTexts(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(WithoutMark(json), new JsonReaderOptions { MaxDepth = RestJson.Options.MaxDepth });
        var member = "body";
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String && reader.GetString() is { } text)
                {
                    member = reader.TokenType is JsonTokenType.PropertyName && reader.CurrentDepth == 1 ? text : member;
                    if (text.Contains('\0', StringComparison.Ordinal))
                    {
                        throw new BadRestRequestException(member, "A text holds a zero byte (U+0000). Leave it out.");
                    }
                }
            }
        }
        catch (InvalidOperationException)
        {
            throw new BadRestRequestException(member, "A text holds half a character. Send it as UTF-8.");
        }
        catch (JsonException)
        {
            // Whoever reads it for what it is says what is wrong with it.
        }
    }

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> json) => json.StartsWith("\uFEFF"u8) ? json[3..] : json;

    private static string MemberOf(JsonException exception) =>
        exception.Path?.Split('.', '[', '\'').FirstOrDefault(part => part.Length > 0 && part != "$") ?? "body";
}
