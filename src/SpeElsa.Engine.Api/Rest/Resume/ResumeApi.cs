using System.Text.Json;
using Elsa.Workflows.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

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
        if (context.Request.ContentLength > LargestBody || await ReadAsync(context.Request) is not { } body)
        {
            return RestAnswers.Refuse(StatusCodes.Status413PayloadTooLarge, "body", [$"The input has more than the {LargestBody} bytes that are received here."]);
        }

        context.Request.Body = body;
        var request = await RestBody.ReadAsync<ResumeRequest>(context.Request);
        return await ResumeAsync(context, token, RestValues.Values(request?.Input, "input"), resumption);
    }

    /// <returns>The body; null when it is larger than is received.</returns>
    private static async Task<MemoryStream?> ReadAsync(HttpRequest request)
    {
        var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
        {
            if (body.Length + read > LargestBody)
            {
                return null;
            }

            body.Write(buffer, 0, read);
        }

        body.Position = 0;
        return body;
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

    private sealed record ResumeRequest(JsonElement? Input);

    private sealed record CompletionRequest(JsonElement? Result);
}
