using System.Net.Http.Headers;
using System.Text;

namespace SpeElsa.Server.Tests.BadInput;

/// <summary>A request that nobody should send.</summary>
/// <param name="Endpoint">The endpoint it is for: method and pattern.</param>
/// <param name="Kind">What is bad about it.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">Path and query, escaped, and sent as they are.</param>
internal sealed record BadRequest(string Endpoint, string Kind, string Method, string Path)
{
    private const int LongestLine = 400;
    private const int Tries = 3;
    private const int LargeBody = 500_000;

    public byte[]? Body { get; init; }

    public string? ContentType { get; init; } = "application/json";

    /// <summary>Sent in pieces, so that nobody knows beforehand how long it is.</summary>
    public bool IsChunked { get; init; }

    /// <summary>A header that is odd.</summary>
    public (string Name, string Value)? Header { get; init; }

    /// <summary>What tells it from all others in a message.</summary>
    public string Name => $"{Endpoint} [{Kind}]";

    /// <summary>Sends it. A connection that the server closes because it does not want the rest is no answer, and the request is sent again.</summary>
    public async Task<BadAnswer> SendAsync(HttpClient client, string authorization)
    {
        for (var left = Tries; ; left--)
        {
            try
            {
                return await SendOnceAsync(client, authorization);
            }
            catch (HttpRequestException exception)
            {
                if (left == 1)
                {
                    return new BadAnswer(0, null, exception.ToString());
                }
            }
        }
    }

    private async Task<BadAnswer> SendOnceAsync(HttpClient client, string authorization)
    {
        using var request = new HttpRequestMessage(new HttpMethod(Method), At(client.BaseAddress!));
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (Body is not null)
        {
            request.Content = new ByteArrayContent(Body);
            if (ContentType is not null)
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
            }
        }

        request.Headers.ExpectContinue = Body?.Length > LargeBody ? true : null;
        request.Headers.TransferEncodingChunked = IsChunked ? true : null;
        if (Header is var (name, value) && !request.Headers.TryAddWithoutValidation(name, value))
        {
            request.Content?.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await client.SendAsync(request);
        return new BadAnswer((int)answer.StatusCode, answer.Content.Headers.ContentType, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The same request for a shell. A body that fits on no line is written to a file.</summary>
    public string ToCurl(Uri address)
    {
        var line = new StringBuilder($"curl -i --path-as-is -X {Method} -H \"Authorization: ApiKey $KEY\"");
        line.Append(ContentType is not null && Body is not null ? $" -H 'Content-Type: {ContentType}'" : "");
        line.Append(IsChunked ? " -H 'Transfer-Encoding: chunked'" : "");
        line.Append(Header is var (name, value) ? $" -H '{name}: {value}'" : "");
        if (Body is not null)
        {
            line.Append(Body.Length <= LongestLine && Body.All(part => part is >= (byte)' ' and < 127 and not (byte)'\'') ? $" --data-binary '{Encoding.ASCII.GetString(Body)}'" : $" --data-binary @{Keep(Body)}");
        }

        return line.Append($" '{At(address).OriginalString}'").ToString();
    }

    private static string Keep(byte[] body)
    {
        var file = FileOf(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(body))[..12]);
        File.WriteAllBytes(file, body);
        return file;
    }

    private static string FileOf(string name) => System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"bad-{name}.bin");

    private Uri At(Uri address) => new(address.GetLeftPart(UriPartial.Authority) + Path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
}

/// <summary>What came of it.</summary>
internal sealed record BadAnswer(int Status, MediaTypeHeaderValue? Type, string Body)
{
    public bool IsRefused => Status is >= 400 and < 500;

    public override string ToString() => $"{Status} {Type}: {(Body.Length > 300 ? Body[..300] : Body)}";

    /// <summary>What it lacks to be problem details; null: nothing.</summary>
    public string? Fault()
    {
        if (Type?.MediaType != "application/problem+json")
        {
            return "is no problem details";
        }

        var problem = System.Text.Json.Nodes.JsonNode.Parse(Body)!.AsObject();
        return (int?)problem["status"] != Status ? "has another status in its body"
            : string.IsNullOrWhiteSpace((string?)problem["title"]) ? "has no title"
            : string.IsNullOrWhiteSpace((string?)problem["detail"]) && problem["errors"]?.AsObject() is not { Count: > 0 } ? "says neither in detail nor in errors what to do"
            : null;
    }
}
