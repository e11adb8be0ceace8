using System.Security.Claims;
using Elsa.Http;
using Elsa.Http.Bookmarks;
using Elsa.Http.Options;
using Elsa.Workflows;
using Elsa.Workflows.Runtime.Messages;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Runtime.Services;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Http;

/// <summary>
/// Receives requests below the base path. Each is stored before anything happens; then it is answered with what the workflow wrote, or with the instance it
/// reached. The same request under the same Idempotency-Key starts and resumes nothing twice and gets the same answer.
/// </summary>
internal sealed class WorkflowRequests(
    RequestDelegate next,
    WorkflowRoutes routes,
    RequestReader requests,
    StimulusInbox inbox,
    IDefinitionStore definitions,
    IInstanceReader reader,
    WorkflowClients clients,
    StoredResponses responses,
    TimeProvider timeProvider,
    IOptions<HttpActivityOptions> options)
{
    private const string KeyHeader = "Idempotency-Key";

    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments(options.Value.BasePath.TrimEnd('/'), StringComparison.OrdinalIgnoreCase, out var rest))
        {
            await next(context);
            return;
        }

        try
        {
            await FindAndReceiveAsync(context, rest);
        }
        catch (InvalidDefinitionException exception)
        {
            await ProblemAsync(context, StatusCodes.Status500InternalServerError, $"The workflow can not be run: {exception.Message}");
        }
        catch (InvalidOperationException exception)
        {
            // It was retracted between the look and the start.
            await ProblemAsync(context, StatusCodes.Status409Conflict, exception.Message);
        }
    }

    private async Task FindAndReceiveAsync(HttpContext context, PathString rest)
    {
        if (await AnswerAgainAsync(context))
        {
            return;
        }

        var path = (rest.Value ?? "").Trim('/');
        if (await routes.FindAsync(path, context.Request.Method, context.RequestAborted) is not { } match)
        {
            await ProblemAsync(context, StatusCodes.Status404NotFound, $"No workflow listens at {context.Request.Method} {context.Request.Path}.");
            return;
        }

        await ReceiveAsync(context, match);
    }

    /// <summary>The stimulus of a request under a key, whoever sends it and whatever waits now; null for a request without a key.</summary>
    private static string? KeyOf(HttpContext context) =>
        context.Request.Headers[KeyHeader].ToString() is { Length: > 0 } given ? $"http:{context.Request.Method}:{context.Request.Path}:{given}" : null;

    /// <summary>What a request is, so that a key that comes with another one is noticed.</summary>
    private static string FingerprintOf(HttpContext context, HttpRequestData data) => StimulusHash.Compute(
        context.User.Identity?.Name ?? "",
        new { data.Method, data.Path, data.Query, data.Content, Files = data.Files.Select(file => new { file.FileName, Size = file.Content.Length }).ToArray() });

    /// <summary>A request that was stored before gets its answer, also when nobody waits for it any more.</summary>
    private async Task<bool> AnswerAgainAsync(HttpContext context)
    {
        if (KeyOf(context) is not { } key || await reader.FindStimulusAsync(key, context.RequestAborted) is not { } known)
        {
            return false;
        }

        var stored = HttpRequestData.Of(EngineJson.Read<Dictionary<string, object?>>(known.Stimulus.Input ?? "{}")!);
        var (data, _) = await requests.ReadAsync(context.Request, new HttpEndpointBookmarkPayload(), []);
        if (stored is null || known.Stimulus.Fingerprint != FingerprintOf(context, data))
        {
            await ProblemAsync(context, StatusCodes.Status422UnprocessableEntity, $"Another request was sent with this {KeyHeader}. Use a new key for a new request.");
            return true;
        }

        await AnswerAsync(context, stored.Id, known.Stimulus.InstanceId, null);
        return true;
    }

    private static string? Text(HttpRequest request, string query, string header) =>
        request.Query.TryGetValue(query, out var value) && value.ToString() is { Length: > 0 } given ? given
        : request.Headers.TryGetValue(header, out var named) && named.ToString() is { Length: > 0 } text ? text
        : null;

    private static async Task<bool> IsAllowedAsync(HttpContext context, HttpEndpointBookmarkPayload place)
    {
        if (!place.Authorize)
        {
            return true;
        }

        if (string.IsNullOrEmpty(place.Policy))
        {
            return context.User.Identity?.IsAuthenticated is true;
        }

        // Whoever asks for a policy without authorization services being there is refused.
        return context.RequestServices.GetService<IAuthorizationService>() is { } authorization
            && (await authorization.AuthorizeAsync(context.User ?? new ClaimsPrincipal(), null, place.Policy)).Succeeded;
    }

    private async Task ReceiveAsync(HttpContext context, RouteMatch match)
    {
        var instanceId = Text(context.Request, "workflowInstanceId", "x-workflow-instance-id");
        var correlationId = Text(context.Request, "correlationId", "x-correlation-id");
        var triggers = instanceId is null ? await definitions.FindTriggersAsync(match.Hash, context.RequestAborted) : [];
        var bookmarks = triggers.Count > 0 ? [] : await FindBookmarksAsync(match.Hash, instanceId, correlationId, context.RequestAborted);
        if (triggers.Count + bookmarks.Count == 0)
        {
            await ProblemAsync(context, StatusCodes.Status404NotFound, "No workflow waits for this request now.");
            return;
        }

        if (triggers.Count + bookmarks.Count > 1)
        {
            var workflows = triggers.Select(trigger => trigger.DefinitionId).Concat(bookmarks.Select(bookmark => bookmark.InstanceId));
            await JsonAsync(context, StatusCodes.Status500InternalServerError, new
            {
                errorMessage = "The request fits more than one workflow. Name one by workflowInstanceId or correlationId, or give them different paths.",
                workflows = workflows.ToArray(),
            });
            return;
        }

        var place = EngineJson.Read<HttpEndpointBookmarkPayload>((triggers.Count > 0 ? triggers[0].Payload : bookmarks[0].Payload) ?? "{}")!;
        if (!await IsAllowedAsync(context, place))
        {
            await ProblemAsync(context, StatusCodes.Status401Unauthorized, "This request needs a sign-in, or rights that you do not have.");
            return;
        }

        var (data, refusal) = await requests.ReadAsync(context.Request, place, match.Values);
        if (refusal is not null && !place.Exposed.Contains(refusal.Outcome))
        {
            await ProblemAsync(context, refusal.StatusCode, refusal.Message);
            return;
        }

        data.Refusal = refusal?.Outcome;
        await SendAsync(context, data, triggers.Count > 0 ? triggers[0] : null, bookmarks.Count > 0 ? bookmarks[0] : null, correlationId, place.RequestTimeout);
    }

    private async Task SendAsync(
        HttpContext context, HttpRequestData data, TriggerRecord? trigger, BookmarkRecord? bookmark, string? correlationId, TimeSpan? timeout)
    {
        var key = KeyOf(context) ?? $"http:{Guid.NewGuid():N}";
        data.Id = DerivedId.Of(key, 1);
        var fingerprint = FingerprintOf(context, data);
        var input = new Dictionary<string, object?> { [HttpRequestData.InputKey] = data };
        var result = trigger is not null
            ? await StartAsync(key, fingerprint, trigger, correlationId, input)
            : await inbox.SendAsync(
                new Stimulus
                {
                    Key = key,
                    Kind = StimulusKind.Resume,
                    InstanceId = bookmark!.InstanceId,
                    BookmarkId = bookmark.Id,
                    Target = bookmark.Id,
                    Fingerprint = fingerprint,
                    Input = EngineJson.Write(input),
                    ReceivedAt = timeProvider.GetUtcNow(),
                },
                CancellationToken.None);
        if (result.Acceptance is not (Acceptance.Accepted or Acceptance.Duplicate))
        {
            await ProblemAsync(context, StatusCodes.Status409Conflict, "The workflow does not take this request now: another request has come first, it has ended, or its activation strategy allows no further instance.");
            return;
        }

        await AnswerAsync(context, data.Id, result.Stored!.Stimulus.InstanceId, timeout);
    }

    private Task<AcceptResult> StartAsync(string key, string fingerprint, TriggerRecord trigger, string? correlationId, Dictionary<string, object?> input) => inbox.StartAsync(
        new StartRequest
        {
            Key = key,
            Fingerprint = fingerprint,
            InstanceId = DerivedId.Of(key, 0),
            DefinitionId = trigger.DefinitionId,
            DefinitionVersionId = trigger.DefinitionVersionId,
            TriggerActivityId = trigger.ActivityId,
            CorrelationId = correlationId,
            Input = input,
        },
        CancellationToken.None);

    private async Task AnswerAsync(HttpContext context, string requestId, string instanceId, TimeSpan? timeout)
    {
        using var patience = new CancellationTokenSource(timeout ?? Timeout.InfiniteTimeSpan, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, context.RequestAborted);
        RunWorkflowInstanceResponse response;
        try
        {
            response = await clients.SettleAsync(instanceId, false, either.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            context.Response.Headers["x-elsa-workflow-instance-id"] = instanceId;
            if (await responses.FindAsync(instanceId, requestId, context.RequestAborted) is { } early)
            {
                await StoredResponses.WriteAsync(context, early);
                return;
            }

            await ProblemAsync(context, StatusCodes.Status504GatewayTimeout, $"The workflow goes on, but not within the time this request waits. Its instance is {instanceId}.");
            return;
        }

        context.Response.Headers["x-elsa-workflow-instance-id"] = instanceId;
        if (await responses.FindAsync(instanceId, requestId, context.RequestAborted) is { } written)
        {
            await StoredResponses.WriteAsync(context, written);
        }
        else if (response.SubStatus is WorkflowSubStatus.Faulted)
        {
            await ProblemAsync(context, StatusCodes.Status500InternalServerError, $"The workflow has failed: {response.Incidents.LastOrDefault()?.Message} Its instance is {instanceId}.");
        }
        else
        {
            await JsonAsync(context, StatusCodes.Status200OK, new { workflowInstanceIds = new[] { instanceId } });
        }
    }

    private async Task<IReadOnlyList<BookmarkRecord>> FindBookmarksAsync(string hash, string? instanceId, string? correlationId, CancellationToken cancellationToken)
    {
        var meant = new List<BookmarkRecord>();
        foreach (var bookmark in await reader.FindBookmarksAsync(hash, cancellationToken))
        {
            if ((instanceId is null || bookmark.InstanceId == instanceId)
                && (correlationId is null || (await reader.FindAsync(bookmark.InstanceId, cancellationToken))?.CorrelationId == correlationId))
            {
                meant.Add(bookmark);
            }
        }

        return meant;
    }

    private static Task JsonAsync(HttpContext context, int statusCode, object body)
    {
        context.Response.StatusCode = statusCode;
        return context.Response.WriteAsJsonAsync(body, context.RequestAborted);
    }

    private static Task ProblemAsync(HttpContext context, int statusCode, string detail) => Results.Problem(detail, statusCode: statusCode).ExecuteAsync(context);
}
