using System.Text.Json;
using Elsa.Http;
using Elsa.Workflows.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using SpeElsa.Engine.Api.Http;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Runtime.Services;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Resume;

/// <summary>
/// Lets runs go on from outside: by a signed link, or with the result of a task. What is asked is stored before it is answered, and asked twice it is done
/// once. A caller who hangs up misses only the answer.
/// </summary>
internal static class ResumeApi
{
    private const int LargestBody = 1024 * 1024;

    public static RouteGroupBuilder MapResume(this RouteGroupBuilder api)
    {
        api.MapPost("/bookmarks/resume", ResumePostedAsync).AllowAnonymous();
        api.MapGet("/bookmarks/resume", ResumeAskedAsync).AllowAnonymous();
        api.MapPost("/tasks/{taskId}/complete", CompleteAsync).Need(Permissions.CompleteTasks);
        return api.MapEvents();
    }

    private static async Task<IResult> ResumePostedAsync(HttpContext context, ResumeTokens tokens, BookmarkResumption resumption)
    {
        var token = tokens.ReadBookmark(context.Request.Text("t"));
        if (context.Request.ContentLength > LargestBody)
        {
            return TooLarge();
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = LargestBody;
        }

        try
        {
            var request = await RestBody.ReadAsync<ResumeRequest>(context.Request);
            return await ResumeAsync(context, token, RestValues.Values(request?.Input, "input"), resumption);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return TooLarge();
        }
    }

    private static Task<IResult> ResumeAskedAsync(HttpContext context, ResumeTokens tokens, BookmarkResumption resumption)
    {
        var token = tokens.ReadBookmark(context.Request.Text("t"));
        return ResumeAsync(context, token, RestValues.Values(RestValues.Parse(context.Request.Text("in"), "in"), "in"), resumption);
    }

    private static Task<IResult> ResumeAsync(HttpContext context, BookmarkToken token, Dictionary<string, object?> input, BookmarkResumption resumption) =>
        resumption.ResumeAsync(token, input, context.Request.Flag("async") ?? false, context.RequestAborted);

    private static async Task<IResult> CompleteAsync(string taskId, HttpContext context, ITaskReporter tasks)
    {
        var request = await RestBody.ReadAsync<CompletionRequest>(context.Request);
        await tasks.ReportCompletionAsync(taskId, RestValues.Value(request?.Result, "result"), CancellationToken.None);
        return Results.Ok();
    }

    private static IResult TooLarge() =>
        RestAnswers.Refuse(StatusCodes.Status413PayloadTooLarge, "body", [$"The input has more than the {LargestBody} bytes that are received here."]);

    private sealed record ResumeRequest(JsonElement? Input);

    private sealed record CompletionRequest(JsonElement? Result);
}

/// <summary>Stores resumptions of bookmarks and waits for what comes of them.</summary>
internal sealed class BookmarkResumption(StimulusInbox inbox, IInstanceReader reader, WorkflowClients clients, StoredResponses responses, TimeProvider timeProvider)
{
    /// <summary>Resumes a bookmark, whether its wait is stored already or not; one that is burnt stays burnt.</summary>
    /// <returns>What the workflow wrote, else an empty 200.</returns>
    public async Task<IResult> ResumeAsync(BookmarkToken token, Dictionary<string, object?> input, bool asynchronous, CancellationToken cancellationToken)
    {
        var key = await KeyOfAsync(token.BookmarkId, cancellationToken);
        var requestId = DerivedId.Of(key, 1);
        var options = new StartOptions { Properties = new Dictionary<string, object?> { [WriteHttpResponse.RequestKey] = requestId } };
        var result = await inbox.SendAsync(
            new Stimulus
            {
                Key = key,
                Kind = StimulusKind.Resume,
                InstanceId = token.WorkflowInstanceId,
                BookmarkId = token.BookmarkId,
                Input = EngineJson.Write(options.AddTo(input)),
                ReceivedAt = timeProvider.GetUtcNow(),
            },
            CancellationToken.None);
        if (asynchronous || result.Acceptance is not (Acceptance.Accepted or Acceptance.Duplicate))
        {
            return Results.Ok();
        }

        try
        {
            await clients.SettleAsync(token.WorkflowInstanceId, false, cancellationToken);
        }
        catch (InvalidDefinitionException exception)
        {
            return RestAnswers.Conflict(exception.Message);
        }

        return await responses.FindAsync(token.WorkflowInstanceId, requestId, cancellationToken) is { } written ? StoredResponses.Result(written) : Results.Ok();
    }

    /// <summary>A bookmark is resumed once, so all who ask for that ask for the same. One that outlives its resumption is resumed anew each time.</summary>
    private async Task<string> KeyOfAsync(string bookmarkId, CancellationToken cancellationToken)
    {
        var key = $"resume:{bookmarkId}";
        return await reader.FindStimulusAsync(key, cancellationToken) is { State: StimulusState.Consumed }
            && await reader.FindBookmarkAsync(bookmarkId, cancellationToken) is not null
            ? $"{key}:{Guid.NewGuid():N}"
            : key;
    }
}
