using System.Text.Json;
using Elsa.Http;
using Elsa.Http.Bookmarks;
using Elsa.Http.Options;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Api.Http;

/// <summary>Why a request is not received.</summary>
internal sealed record Refusal(int StatusCode, string Outcome, string Message);

/// <summary>Makes plain data of a request, within the limits of the place that receives it.</summary>
internal sealed class RequestReader(IOptions<HttpActivityOptions> options)
{
    private static readonly string[] Credentials = ["Authorization", "Proxy-Authorization", "Cookie", "X-Api-Key"];

    public async Task<(HttpRequestData Data, Refusal? Refusal)> ReadAsync(HttpRequest request, HttpEndpointBookmarkPayload place, RouteValueDictionary values)
    {
        var data = new HttpRequestData
        {
            Method = request.Method,
            Path = request.PathBase + request.Path,
            RouteData = values.ToDictionary(pair => pair.Key, pair => pair.Value),
            Query = request.Query.ToDictionary(pair => pair.Key, pair => (object?)pair.Value.ToString()),
            Headers = request.Headers.Where(header => !Credentials.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
                .ToDictionary(header => header.Key, header => (object?)header.Value.ToString()),
        };
        var limit = Math.Min(place.RequestSizeLimit ?? options.Value.LargestRequest, options.Value.LargestRequest);
        if (request.ContentLength > limit)
        {
            return (data, TooLarge(limit));
        }

        try
        {
            if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            {
                size.MaxRequestBodySize = limit;
            }

            return request.HasFormContentType ? (data, await ReadFormAsync(request, place, data, limit)) : (data, await ReadBodyAsync(request, data, limit));
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (data, TooLarge(limit));
        }
        catch (InvalidDataException exception)
        {
            return (data, new Refusal(StatusCodes.Status400BadRequest, "", $"The form can not be read: {exception.Message}"));
        }
        catch (JsonException exception)
        {
            return (data, new Refusal(StatusCodes.Status400BadRequest, "", $"The body is not JSON: {exception.Message}"));
        }
    }

    private static Refusal TooLarge(long limit) =>
        new(StatusCodes.Status413PayloadTooLarge, HttpEndpoint.Refusals.RequestTooLarge, $"The request has more than the {limit} bytes that are received here.");

    private static async Task<Refusal?> ReadBodyAsync(HttpRequest request, HttpRequestData data, long limit)
    {
        var bytes = await ReadAsync(request.Body, limit, request.HttpContext.RequestAborted);
        if (bytes is null)
        {
            return TooLarge(limit);
        }

        if (bytes.Length > 0)
        {
            data.Content = request.HasJsonContentType() ? EngineJson.Read<object>(bytes)
                : IsText(request.ContentType) ? System.Text.Encoding.UTF8.GetString(bytes)
                : bytes;
            if (data.Content is byte[])
            {
                data.Files.Add(new HttpFile { FileName = data.RouteData.Values.LastOrDefault()?.ToString() ?? "content", ContentType = request.ContentType, Content = bytes });
                data.Content = null;
            }
        }

        return null;
    }

    private static bool IsText(string? contentType) =>
        contentType is null || contentType.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || contentType.Contains("xml", StringComparison.OrdinalIgnoreCase);

    private static async Task<Refusal?> ReadFormAsync(HttpRequest request, HttpEndpointBookmarkPayload place, HttpRequestData data, long limit)
    {
        var form = await request.ReadFormAsync(new FormOptions { MultipartBodyLengthLimit = limit, BufferBodyLengthLimit = limit }, request.HttpContext.RequestAborted);
        data.Content = form.ToDictionary(pair => pair.Key, pair => (object?)pair.Value.ToString());
        foreach (var file in form.Files)
        {
            if (Check(file, place, limit) is { } refusal)
            {
                data.Files.Clear();
                return refusal;
            }

            await using var stream = file.OpenReadStream();
            data.Files.Add(new HttpFile { FileName = file.FileName, ContentType = file.ContentType, Content = (await ReadAsync(stream, limit, request.HttpContext.RequestAborted))! });
        }

        if (data.Files.Sum(file => (long)file.Content.Length) > limit)
        {
            data.Files.Clear();
            return TooLarge(limit);
        }

        return null;
    }

    private static Refusal? Check(IFormFile file, HttpEndpointBookmarkPayload place, long limit)
    {
        var extension = Path.GetExtension(file.FileName);
        if (file.Length > Math.Min(place.FileSizeLimit ?? limit, limit))
        {
            return new Refusal(StatusCodes.Status413PayloadTooLarge, HttpEndpoint.Refusals.OneFileTooLarge, $"The file '{file.FileName}' is larger than is received here.");
        }

        if (Has(place.BlockedFileExtensions, extension) || (place.AllowedFileExtensions.Count > 0 && !Has(place.AllowedFileExtensions, extension)))
        {
            return new Refusal(StatusCodes.Status415UnsupportedMediaType, HttpEndpoint.Refusals.Extension, $"Files that end with '{extension}' are not received here.");
        }

        return place.AllowedMimeTypes.Count > 0 && !place.AllowedMimeTypes.Contains(file.ContentType, StringComparer.OrdinalIgnoreCase)
            ? new Refusal(StatusCodes.Status415UnsupportedMediaType, HttpEndpoint.Refusals.MimeType, $"Files of the type '{file.ContentType}' are not received here.")
            : null;
    }

    private static bool Has(ICollection<string> extensions, string extension) =>
        extensions.Any(candidate => string.Equals(candidate.TrimStart('.'), extension.TrimStart('.'), StringComparison.OrdinalIgnoreCase));

    /// <returns>Null when there are more bytes than the limit.</returns>
    private static async Task<byte[]?> ReadAsync(Stream stream, long limit, CancellationToken cancellationToken)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (kept.Length + read > limit)
            {
                return null;
            }

            kept.Write(buffer, 0, read);
        }

        return kept.ToArray();
    }
}
