using Elsa.Extensions;
using Elsa.Http.Bookmarks;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using Microsoft.AspNetCore.Http;

namespace Elsa.Http;

/// <summary>
/// Starts a workflow with an HTTP request, or waits for one in the middle of it. The request is stored as plain data before anything happens, so the result is
/// that data (<see cref="HttpRequestData"/>) and not the server's request object, which would be gone after a restart.
/// </summary>
[Activity("Elsa", "HTTP", "Waits for an HTTP request", DisplayName = "HTTP Endpoint")]
public class HttpEndpoint : Trigger<HttpRequest>
{
    private const string TooLarge = "Request too large";
    private const string FileTooLarge = "File too large";
    private const string InvalidExtension = "Invalid file extension";
    private const string InvalidMimeType = "Invalid file MIME type";

    /// <summary>Creates an empty one.</summary>
    public HttpEndpoint()
    {
    }

    /// <summary>Listens at a path.</summary>
    public HttpEndpoint(Input<string> path) => Path = path;

    /// <summary>Listens at a path for a method.</summary>
    public HttpEndpoint(Input<string> path, Input<string> method)
        : this(path) => SupportedMethods = new Input<ICollection<string>>(context => [context.Get<string>(method.MemoryBlockReference()) ?? "GET"]);

    /// <summary>The path below the base path; {name} takes a part of it.</summary>
    [Input(Description = "The path below the server's base path for workflows; {name} takes a part of it")]
    public Input<string> Path { get; set; } = new("");

    /// <summary>The methods. Default GET.</summary>
    [Input(Description = "The methods to accept", Options = new[] { "GET", "POST", "PUT", "HEAD", "DELETE" }, UIHint = "checklist", DisplayName = "Supported Methods")]
    public Input<ICollection<string>> SupportedMethods { get; set; } = new(["GET"]);

    /// <summary>Whether only who is signed in may ask.</summary>
    [Input(Description = "Accept only requests of who is signed in", Category = "Security")]
    public Input<bool> Authorize { get; set; } = new(false);

    /// <summary>The policy that whoever asks has to fulfil.</summary>
    [Input(Description = "The policy that whoever asks has to fulfil", Category = "Security")]
    public Input<string?> Policy { get; set; } = new((string?)null);

    /// <summary>How long the caller is kept waiting.</summary>
    [Input(Description = "How long the caller is kept waiting for the workflow", Category = "Upload")]
    public Input<TimeSpan?> RequestTimeout { get; set; } = new((TimeSpan?)null);

    /// <summary>The most bytes of a request.</summary>
    [Input(Description = "The most bytes of a request", Category = "Upload")]
    public Input<long?> RequestSizeLimit { get; set; } = new((long?)null);

    /// <summary>The most bytes of a file.</summary>
    [Input(Description = "The most bytes of a file", Category = "Upload")]
    public Input<long?> FileSizeLimit { get; set; } = new((long?)null);

    /// <summary>Endings that files may have.</summary>
    [Input(Description = "Endings that files may have", Category = "Upload", UIHint = "multitext")]
    public Input<ICollection<string>> AllowedFileExtensions { get; set; } = new([]);

    /// <summary>Endings that files may not have.</summary>
    [Input(Description = "Endings that files may not have", Category = "Upload", UIHint = "multitext")]
    public Input<ICollection<string>> BlockedFileExtensions { get; set; } = new([]);

    /// <summary>MIME types that files may have.</summary>
    [Input(Description = "MIME types that files may have", Category = "Upload", UIHint = "multitext")]
    public Input<ICollection<string>> AllowedMimeTypes { get; set; } = new([]);

    /// <summary>Whether the workflow handles a request that is too large.</summary>
    [Input(Description = "Handle a request that is too large here", Category = "Outcomes")]
    public bool ExposeRequestTooLargeOutcome { get; set; }

    /// <summary>Whether the workflow handles a file that is too large.</summary>
    [Input(Description = "Handle a file that is too large here", Category = "Outcomes")]
    public bool ExposeFileTooLargeOutcome { get; set; }

    /// <summary>Whether the workflow handles a file of a wrong ending.</summary>
    [Input(Description = "Handle a file of a wrong ending here", Category = "Outcomes")]
    public bool ExposeInvalidFileExtensionOutcome { get; set; }

    /// <summary>Whether the workflow handles a file of a wrong MIME type.</summary>
    [Input(Description = "Handle a file of a wrong MIME type here", Category = "Outcomes")]
    public bool ExposeInvalidFileMimeTypeOutcome { get; set; }

    /// <summary>The body.</summary>
    [Output(Description = "The body: JSON as an object, a form as its fields, text as text")]
    public Output<object>? ParsedContent { get; set; }

    /// <summary>The files.</summary>
    [Output(Description = "The files of the request")]
    public Output<object>? Files { get; set; }

    /// <summary>The first file.</summary>
    [Output(Description = "The first file of the request")]
    public Output<object>? File { get; set; }

    /// <summary>What the parts of the path are called that the template names.</summary>
    [Output(Description = "The named parts of the path")]
    public Output<IDictionary<string, object>>? RouteData { get; set; }

    /// <summary>The query.</summary>
    [Output(Description = "The query")]
    public Output<IDictionary<string, object>>? QueryStringData { get; set; }

    /// <summary>The headers.</summary>
    [Output(Description = "The headers")]
    public Output<IDictionary<string, object>>? Headers { get; set; }

    /// <inheritdoc />
    protected override IEnumerable<object> GetTriggerPayloads(TriggerIndexingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.TriggerName = HttpEndpointBookmarkPayload.Name;
        var path = context.Get(Path);
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new InvalidOperationException("Give the path to listen at.");
        }

        return Payloads(path, context.Get(SupportedMethods), payload =>
        {
            payload.Authorize = context.Get(Authorize);
            payload.Policy = context.Get(Policy);
            payload.RequestTimeout = context.Get(RequestTimeout);
            payload.RequestSizeLimit = context.Get(RequestSizeLimit);
            payload.FileSizeLimit = context.Get(FileSizeLimit);
            payload.AllowedFileExtensions = context.Get(AllowedFileExtensions) ?? [];
            payload.BlockedFileExtensions = context.Get(BlockedFileExtensions) ?? [];
            payload.AllowedMimeTypes = context.Get(AllowedMimeTypes) ?? [];
        });
    }

    /// <inheritdoc />
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.IsTriggerOfWorkflow())
        {
            await OnRequestAsync(context);
            return;
        }

        var payloads = Payloads(context.Get(Path) ?? "", context.Get(SupportedMethods), payload =>
        {
            payload.Authorize = context.Get(Authorize);
            payload.Policy = context.Get(Policy);
            payload.RequestTimeout = context.Get(RequestTimeout);
            payload.RequestSizeLimit = context.Get(RequestSizeLimit);
            payload.FileSizeLimit = context.Get(FileSizeLimit);
            payload.AllowedFileExtensions = context.Get(AllowedFileExtensions) ?? [];
            payload.BlockedFileExtensions = context.Get(BlockedFileExtensions) ?? [];
            payload.AllowedMimeTypes = context.Get(AllowedMimeTypes) ?? [];
        });
        context.CreateBookmarks(payloads, OnRequestAsync, includeActivityInstanceId: false, HttpEndpointBookmarkPayload.Name);
    }

    private List<HttpEndpointBookmarkPayload> Payloads(string path, ICollection<string>? methods, Action<HttpEndpointBookmarkPayload> set)
    {
        var payloads = (methods is { Count: > 0 } ? methods : ["GET"]).Select(method => new HttpEndpointBookmarkPayload(path, method)).ToList();
        foreach (var payload in payloads)
        {
            set(payload);
            payload.Exposed = [.. Exposed()];
        }

        return payloads;
    }

    private IEnumerable<string> Exposed()
    {
        (bool IsExposed, string Outcome)[] all =
        [
            (ExposeRequestTooLargeOutcome, TooLarge),
            (ExposeFileTooLargeOutcome, FileTooLarge),
            (ExposeInvalidFileExtensionOutcome, InvalidExtension),
            (ExposeInvalidFileMimeTypeOutcome, InvalidMimeType),
        ];
        return all.Where(one => one.IsExposed).Select(one => one.Outcome);
    }

    private async ValueTask OnRequestAsync(ActivityExecutionContext context)
    {
        if (HttpRequestData.Of(context.WorkflowInput) is not { } request)
        {
            // Started or resumed by something that is no request: there is nothing to read.
            await context.CompleteActivityAsync();
            return;
        }

        context.WorkflowExecutionContext.SetProperty(WriteHttpResponse.RequestKey, request.Id);
        context.Set((Output?)Result, request);
        context.Set((Output?)ParsedContent, request.Content);
        context.Set((Output?)Files, request.Files);
        context.Set((Output?)File, request.Files.FirstOrDefault());
        context.Set((Output?)RouteData, request.RouteData);
        context.Set((Output?)QueryStringData, request.Query);
        context.Set((Output?)Headers, request.Headers);
        await context.CompleteActivityWithOutcomesAsync(request.Refusal ?? "Done");
    }

    internal static class Refusals
    {
        public const string RequestTooLarge = TooLarge;

        public const string OneFileTooLarge = FileTooLarge;

        public const string Extension = InvalidExtension;

        public const string MimeType = InvalidMimeType;
    }
}
