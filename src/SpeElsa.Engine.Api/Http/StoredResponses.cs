using Elsa.Http;
using Microsoft.AspNetCore.Http;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Http;

/// <summary>The answers that workflows have written to requests.</summary>
internal sealed class StoredResponses(IInstanceReader reader)
{
    /// <summary>What a run has answered to a request, or null.</summary>
    public async Task<HttpResponseData?> FindAsync(string instanceId, string requestId, CancellationToken cancellationToken)
    {
        var state = await reader.ReadStateAsync(instanceId, cancellationToken) is { } bytes ? StateCodec.Decode(bytes) : null;
        return state?.Properties.TryGetValue(WriteHttpResponse.ResponsesKey, out var stored) is true
            ? ObjectConverter.ConvertTo<Dictionary<string, HttpResponseData>>(stored)?.GetValueOrDefault(requestId)
            : null;
    }

    /// <summary>Answers with it.</summary>
    public static async Task WriteAsync(HttpContext context, HttpResponseData written)
    {
        context.Response.StatusCode = written.StatusCode;
        foreach (var (name, values) in written.Headers)
        {
            context.Response.Headers[name] = values;
        }

        if (written.ContentType is not null)
        {
            context.Response.ContentType = written.ContentType;
        }

        if (written.Bytes is { } bytes)
        {
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        }
        else if (written.Text is { } text)
        {
            await context.Response.WriteAsync(text, context.RequestAborted);
        }
    }

    /// <summary>An answer as the result of an endpoint.</summary>
    public static IResult Result(HttpResponseData written) => new Written(written);

    private sealed class Written(HttpResponseData response) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, response);
    }
}
