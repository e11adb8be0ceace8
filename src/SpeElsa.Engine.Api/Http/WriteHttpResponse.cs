using System.Net;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Serialization;

namespace Elsa.Http;

/// <summary>An answer to a request, as it is stored.</summary>
public class HttpResponseData
{
    /// <summary>The status code.</summary>
    public int StatusCode { get; set; } = 200;

    /// <summary>The MIME type, or null for no body.</summary>
    public string? ContentType { get; set; }

    /// <summary>The body as text, or null.</summary>
    public string? Text { get; set; }

    /// <summary>The body as bytes, or null.</summary>
    public byte[]? Bytes { get; set; }

    /// <summary>Further headers.</summary>
    public Dictionary<string, string[]> Headers { get; set; } = [];
}

/// <summary>
/// Answers the request that the run has received last. The answer is stored with the run, and whoever waits for it gets it; the same request asked again
/// under its Idempotency-Key gets the same one. Where nobody waits any more, it is only stored.
/// </summary>
[Activity("Elsa", "HTTP", "Writes a response to the HTTP request", DisplayName = "HTTP Response")]
public class WriteHttpResponse : Activity
{
    internal const string ResponsesKey = "HttpResponses";

    /// <summary>The property that names the request the run has received last.</summary>
    internal const string RequestKey = "HttpRequestId";

    private const int KeptResponses = 10;
    private const int LargestResponse = 1024 * 1024;

    /// <summary>Creates an empty one.</summary>
    public WriteHttpResponse()
    {
    }

    /// <summary>Answers with content.</summary>
    public WriteHttpResponse(Input<object?> content) => Content = content;

    /// <summary>Answers with content of a MIME type.</summary>
    public WriteHttpResponse(Input<object?> content, Input<string?> contentType)
        : this(content) => ContentType = contentType;

    /// <summary>The status code. Default 200.</summary>
    [Input(Description = "The status code", DefaultValue = HttpStatusCode.OK)]
    public Input<HttpStatusCode> StatusCode { get; set; } = new(HttpStatusCode.OK);

    /// <summary>The body: text, bytes, or an object that becomes JSON.</summary>
    [Input(Description = "The body: text, or an object that becomes JSON")]
    public Input<object?> Content { get; set; } = new((object?)null);

    /// <summary>The MIME type. Default: text/plain for text, application/json for objects.</summary>
    [Input(
        DisplayName = "Content Type",
        Description = "The MIME type",
        Options = new[] { "", "application/json", "application/soap+xml", "application/x-www-form-urlencoded", "application/xml", "text/html", "text/json", "text/plain", "text/richtext", "text/xml" },
        UIHint = "dropdown")]
    public Input<string?> ContentType { get; set; } = new((string?)null);

    /// <summary>Further headers.</summary>
    [Input(DisplayName = "Response Headers", Description = "Further headers", UIHint = "json-editor", Category = "Advanced")]
    public Input<HttpHeaders?> ResponseHeaders { get; set; } = new((HttpHeaders?)null);

    /// <inheritdoc />
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var response = Make(context);
        context.JournalData["StatusCode"] = response.StatusCode;
        if (context.WorkflowExecutionContext.GetProperty<string>(RequestKey) is { } requestId)
        {
            var kept = context.WorkflowExecutionContext.GetProperty<Dictionary<string, HttpResponseData>>(ResponsesKey) ?? [];
            kept.Remove(requestId);
            while (kept.Count >= KeptResponses)
            {
                kept.Remove(kept.Keys.First());
            }

            kept[requestId] = response;
            context.WorkflowExecutionContext.SetProperty(ResponsesKey, kept);
        }

        await context.CompleteActivityAsync();
    }

    private HttpResponseData Make(ActivityExecutionContext context)
    {
        var content = context.Get(Content);
        var bytes = content as byte[];
        var text = bytes is not null ? null : content as string ?? (content is null ? null : EngineJson.Write(content));
        if ((bytes?.Length ?? text?.Length ?? 0) > LargestResponse)
        {
            throw new InvalidOperationException($"The response has more than {LargestResponse} bytes. Answer with a link to where it can be fetched.");
        }

        var type = context.Get(ContentType);
        return new HttpResponseData
        {
            StatusCode = (int)context.Get(StatusCode) is var code && code > 0 ? code : 200,
            ContentType = string.IsNullOrEmpty(type) ? Guess(content) : type,
            Text = text,
            Bytes = bytes,
            Headers = new Dictionary<string, string[]>(context.Get(ResponseHeaders) ?? []),
        };
    }

    private static string? Guess(object? content) => content switch
    {
        null => null,
        byte[] => "application/octet-stream",
        string => "text/plain; charset=utf-8",
        _ => "application/json",
    };
}
