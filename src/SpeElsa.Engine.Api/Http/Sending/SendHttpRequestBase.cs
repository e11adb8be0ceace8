using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Serialization;

namespace Elsa.Http;

/// <summary>
/// Base of activities that send an HTTP request. After a crash in the middle the request may be sent again: every attempt carries the execution's id as its
/// Idempotency-Key, unless the author sets that header. The result is plain data, since a response object would be gone after a restart.
/// </summary>
public abstract class SendHttpRequestBase : Activity<HttpResponseMessage>
{
    internal const string ClientName = "Elsa";
    private const string KeyHeader = "Idempotency-Key";
    private const int LargestResponse = 1024 * 1024;

    /// <summary>Creates one.</summary>
    protected SendHttpRequestBase(string? source = null, int? line = null)
        : base(source, line)
    {
    }

    /// <summary>Where to.</summary>
    [Input(Description = "Where to send the request")]
    public Input<Uri?> Url { get; set; } = new((Uri?)null);

    /// <summary>The method. Default GET.</summary>
    [Input(Order = 1, Description = "The method", Options = new[] { "GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD" }, UIHint = "dropdown", DefaultValue = "GET")]
    public Input<string> Method { get; set; } = new("GET");

    /// <summary>The body: text, bytes, or an object that becomes JSON.</summary>
    [Input(Order = 2, Description = "The body: text, or an object that becomes JSON")]
    public Input<object?> Content { get; set; } = new((object?)null);

    /// <summary>The MIME type of the body.</summary>
    [Input(
        Order = 3,
        Description = "The MIME type of the body",
        Options = new[] { "", "application/json", "application/soap+xml", "application/x-www-form-urlencoded", "application/xml", "text/html", "text/json", "text/plain", "text/richtext", "text/xml" },
        UIHint = "dropdown")]
    public Input<string?> ContentType { get; set; } = new((string?)null);

    /// <summary>The Authorization header; never stored.</summary>
    [Input(Order = 4, Description = "The Authorization header, such as Bearer and a token", CanContainSecrets = true, Category = "Security")]
    public Input<string?> Authorization { get; set; } = new((string?)null);

    /// <summary>Whether the Authorization header is sent as it is, without being looked at.</summary>
    [Input(Order = 5, Description = "Send the Authorization header as it is", Category = "Security")]
    public Input<bool> DisableAuthorizationHeaderValidation { get; set; } = new(false);

    /// <summary>Further headers.</summary>
    [Input(Order = 6, Description = "Further headers", UIHint = "json-editor", Category = "Advanced")]
    public Input<HttpHeaders?> RequestHeaders { get; set; } = new((HttpHeaders?)null);

    /// <summary>The status code of the response.</summary>
    [Output(Description = "The status code of the response")]
    public Output<int>? StatusCode { get; set; }

    /// <summary>The body of the response, at most 1 MiB: JSON as objects, text (and JSON that cannot be read) as text, else bytes.</summary>
    [Output(Description = "The body of the response")]
    public Output<object>? ParsedContent { get; set; }

    /// <summary>The headers of the response.</summary>
    [Output(Description = "The headers of the response")]
    public Output<HttpHeaders>? ResponseHeaders { get; set; }

    /// <inheritdoc />
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var request = Make(context);
        using var client = context.GetRequiredService<IHttpClientFactory>().CreateClient(ClientName);
        client.MaxResponseContentBufferSize = LargestResponse;
        HttpResponseMessage response;
        try
        {
            response = await client.SendAsync(request, context.CancellationToken);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError is HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new InvalidOperationException(
                $"The response is larger than {LargestResponse} bytes; more is not kept with a run. Ask for less, or fetch it with a step of its own.", exception);
        }
        catch (HttpRequestException exception)
        {
            context.JournalData["Error"] = exception.Message;
            await HandleRequestExceptionAsync(context, exception);
            return;
        }
        catch (TaskCanceledException exception) when (!context.CancellationToken.IsCancellationRequested)
        {
            context.JournalData["Error"] = "The request timed out.";
            await HandleTaskCanceledExceptionAsync(context, exception);
            return;
        }

        using (response)
        {
            await RecordAsync(context, response);
            await HandleResponseAsync(context, response);
        }
    }

    /// <summary>Goes on with a response.</summary>
    protected abstract ValueTask HandleResponseAsync(ActivityExecutionContext context, HttpResponseMessage response);

    /// <summary>Goes on without a connection.</summary>
    protected abstract ValueTask HandleRequestExceptionAsync(ActivityExecutionContext context, HttpRequestException exception);

    /// <summary>Goes on after a time-out.</summary>
    protected abstract ValueTask HandleTaskCanceledExceptionAsync(ActivityExecutionContext context, TaskCanceledException exception);

    private HttpRequestMessage Make(ActivityExecutionContext context)
    {
        var url = context.Get(Url) ?? throw new InvalidOperationException("Give the URL to send the request to.");
        var request = new HttpRequestMessage(new HttpMethod(context.Get(Method) is { Length: > 0 } method ? method : "GET"), url) { Content = MakeContent(context) };
        foreach (var (name, values) in context.Get(RequestHeaders) ?? [])
        {
            if (!request.Headers.TryAddWithoutValidation(name, values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values);
            }
        }

        // Trimmed, since a token read from a file ends with a line break.
        if (context.Get(Authorization)?.Trim() is { Length: > 0 } authorization)
        {
            if (context.Get(DisableAuthorizationHeaderValidation))
            {
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            }
            else
            {
                // Not Parse: its exception quotes the value, and exceptions are stored.
                request.Headers.Authorization = AuthenticationHeaderValue.TryParse(authorization, out var value)
                    ? value
                    : throw new InvalidOperationException("Authorization must be one line of a scheme and its parameter, such as 'Bearer' and a token.");
            }
        }

        if (!request.Headers.Contains(KeyHeader))
        {
            request.Headers.Add(KeyHeader, context.Id);
        }

        return request;
    }

    private ByteArrayContent? MakeContent(ActivityExecutionContext context)
    {
        if (context.Get(Content) is not { } body)
        {
            return null;
        }

        var bytes = body as byte[] ?? Encoding.UTF8.GetBytes(body as string ?? EngineJson.Write(body));
        var type = context.Get(ContentType) is { Length: > 0 } given ? given : body is string ? "text/plain; charset=utf-8" : body is byte[]? "application/octet-stream" : "application/json";
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }

    private async Task RecordAsync(ActivityExecutionContext context, HttpResponseMessage response)
    {
        var headers = new HttpHeaders(response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => header.Value.ToArray()));
        context.JournalData["StatusCode"] = (int)response.StatusCode;
        context.Set(StatusCode, (int)response.StatusCode);
        context.Set((Output?)ResponseHeaders, headers);
        context.Set((Output?)Result, new Dictionary<string, object?>
        {
            ["StatusCode"] = (int)response.StatusCode,
            ["ReasonPhrase"] = response.ReasonPhrase,
            ["Headers"] = headers,
        });
        var bytes = await response.Content.ReadAsByteArrayAsync(context.CancellationToken);
        context.Set((Output?)ParsedContent, Parse(context, bytes, response.Content.Headers.ContentType?.MediaType));
    }

    private static object? Parse(ActivityExecutionContext context, byte[] bytes, string? type)
    {
        if (bytes.Length == 0)
        {
            return null;
        }

        if (type?.EndsWith("json", StringComparison.OrdinalIgnoreCase) is true)
        {
            try
            {
                return EngineJson.Read<object>(bytes);
            }
            catch (JsonException)
            {
                // The status code is what the workflow decides by; it is not lost for a body that is not what it says.
                context.JournalData["Error"] = "The response says that it is JSON and is not; it is kept as text.";
                return Encoding.UTF8.GetString(bytes);
            }
        }

        return type is null || type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || type.EndsWith("xml", StringComparison.OrdinalIgnoreCase)
            ? Encoding.UTF8.GetString(bytes)
            : bytes;
    }
}
