using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SpeElsa.Engine.Api.Rest.Runs;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Runtime.Services;
using SpeElsa.Engine.Runtime.Triggers;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Resume;

/// <summary>Whether an answer waits for those who were reached.</summary>
internal enum WorkflowExecutionMode
{
    /// <summary>It comes once everything is stored.</summary>
    Asynchronous,

    /// <summary>It comes when all who were reached rest.</summary>
    Synchronous,
}

/// <summary>Raises events: they start workflows and let those go on that wait for them.</summary>
internal static class EventsApi
{
    public static RouteGroupBuilder MapEvents(this RouteGroupBuilder api)
    {
        api.MapPost("/events/{eventName}/trigger", TriggerAsync).Need(Permissions.TriggerEvents);
        api.MapGet("/events/trigger", TriggerByLinkAsync).AllowAnonymous();
        return api;
    }

    private static async Task<IResult> TriggerAsync(string eventName, HttpContext context, StimulusDispatcher dispatcher, WorkflowClients clients)
    {
        var request = await RestBody.ReadAsync<TriggerRequest>(context.Request) ?? new TriggerRequest();
        if (request.WorkflowExecutionMode is { } mode && !Enum.IsDefined(mode))
        {
            return RestAnswers.BadMember("workflowExecutionMode", $"'{mode}' is none of {string.Join(", ", Enum.GetNames<WorkflowExecutionMode>())}.");
        }

        RestTexts.Check("eventName", eventName);
        RestTexts.Check("correlationId", request.CorrelationId);
        RestTexts.Check("workflowInstanceId", request.WorkflowInstanceId);
        RestTexts.Check("activityInstanceId", request.ActivityInstanceId);
        var payload = RestValues.Value(request.Input, "input");
        var published = new PublishedEvent(eventName, Some(request.CorrelationId), Some(request.WorkflowInstanceId), payload, Some(request.ActivityInstanceId));
        var broadcast = published.ToBroadcast(context.Request.KeyOf($"event:{eventName}")) with
        {
            IsRepeatable = context.Request.CallerKey() is not null,
            Fingerprint = StimulusHash.Compute(eventName, new { request.CorrelationId, request.WorkflowInstanceId, request.ActivityInstanceId, request.Input }),
        };
        var reached = await dispatcher.SendAsync(broadcast, CancellationToken.None);
        if (reached.Any(one => one.Result.Acceptance is Acceptance.KeyReused))
        {
            return CallerKeys.Reused();
        }

        return request.WorkflowExecutionMode is WorkflowExecutionMode.Synchronous ? await SettleAsync(reached, clients, context.RequestAborted) : Results.Ok();
    }

    /// <summary>A link raises its event once: whoever opens it again changes nothing.</summary>
    private static async Task<IResult> TriggerByLinkAsync(HttpContext context, ResumeTokens tokens, StimulusInbox inbox, TimeProvider timeProvider)
    {
        var text = context.Request.Text("t");
        var token = tokens.ReadEvent(text);
        var broadcast = new PublishedEvent(token.EventName, null, token.WorkflowInstanceId, null).ToBroadcast("");
        await inbox.SendAsync(
            new Stimulus
            {
                Key = $"event-link:{StimulusHash.Compute("event-link", text)}",
                Kind = StimulusKind.Resume,
                InstanceId = token.WorkflowInstanceId,
                Hash = broadcast.Hash,
                Input = Serialization.EngineJson.Write(broadcast.Input),
                ReceivedAt = timeProvider.GetUtcNow(),
            },
            CancellationToken.None);
        return Results.Ok();
    }

    private static async Task<IResult> SettleAsync(IReadOnlyList<Reached> reached, WorkflowClients clients, CancellationToken cancellationToken)
    {
        foreach (var instanceId in reached.Where(one => one.Result.Acceptance is Acceptance.Accepted or Acceptance.Duplicate).Select(one => one.InstanceId).Distinct())
        {
            try
            {
                await clients.SettleAsync(instanceId, false, cancellationToken);
            }
            catch (InvalidDefinitionException)
            {
                // It is stored; the instance is set aside and shown as such.
            }
        }

        return Results.Ok();
    }

    private static string? Some(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private sealed record TriggerRequest
    {
        public string? WorkflowInstanceId { get; init; }

        public string? CorrelationId { get; init; }

        public string? ActivityInstanceId { get; init; }

        public JsonElement? Input { get; init; }

        public WorkflowExecutionMode? WorkflowExecutionMode { get; init; }
    }
}
