using Elsa.Workflows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SpeElsa.Engine.Api.Http;
using SpeElsa.Engine.Api.Rest.Instances;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Runtime.Services;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Runs;

/// <summary>Starts workflows: execute waits until the run rests, dispatch returns once it is stored.</summary>
internal static class RunsApi
{
    private const int MostAtOnce = 1000;
    private const string InstanceHeader = "x-elsa-workflow-instance-id";
    private const string CannotStartHeader = "x-elsa-workflow-cannot-start";

    public static RouteGroupBuilder MapRuns(this RouteGroupBuilder api)
    {
        api.MapPost("/workflow-definitions/{definitionId}/execute", ExecutePostedAsync).Need(Permissions.ExecuteDefinitions);
        api.MapGet("/workflow-definitions/{definitionId}/execute", ExecuteAskedAsync).Need(Permissions.ExecuteDefinitions);
        api.MapPost("/workflow-definitions/{definitionId}/dispatch", DispatchAsync).Need(Permissions.ExecuteDefinitions);
        api.MapPost("/workflow-definitions/{definitionId}/bulk-dispatch", DispatchManyAsync).Need(Permissions.ExecuteDefinitions);
        return api;
    }

    private static async Task<IResult> ExecutePostedAsync(
        string definitionId, HttpContext context, RunStarter starter, WorkflowClients clients, IInstanceReader reader, StoredResponses responses) =>
        await ExecuteAsync(definitionId, await RestBody.ReadAsync<RunRequest>(context.Request) ?? new RunRequest(), context, starter, clients, reader, responses);

    private static Task<IResult> ExecuteAskedAsync(
        string definitionId, HttpContext context, RunStarter starter, WorkflowClients clients, IInstanceReader reader, StoredResponses responses) =>
        ExecuteAsync(
            definitionId,
            new RunRequest
            {
                CorrelationId = context.Request.Text("correlationId"),
                Name = context.Request.Text("name"),
                TriggerActivityId = context.Request.Text("triggerActivityId"),
                VersionOptions = context.Request.Text("versionOptions"),
                Input = RestValues.Parse(context.Request.Text("input"), "input"),
                Variables = RestValues.Parse(context.Request.Text("variables"), "variables"),
            },
            context,
            starter,
            clients,
            reader,
            responses);

    private static async Task<IResult> ExecuteAsync(
        string definitionId, RunRequest request, HttpContext context, RunStarter starter, WorkflowClients clients, IInstanceReader reader, StoredResponses responses)
    {
        var key = context.Request.KeyOf($"execute:{definitionId}");
        var (result, refusal) = await StartAsync(starter, definitionId, request with { InstanceId = null }, key, context);
        if (result is null)
        {
            return refusal!;
        }

        context.Response.Headers[CannotStartHeader] = (result.Stored is null).ToString();
        if (result.Stored is not { } stored)
        {
            return RestValues.Json(new { });
        }

        var instanceId = stored.Stimulus.InstanceId;
        context.Response.Headers[InstanceHeader] = instanceId;
        await clients.SettleAsync(instanceId, false, context.RequestAborted);
        return await responses.FindAsync(instanceId, RunStarter.RequestIdOf(key), context.RequestAborted) is { } written
            ? StoredResponses.Result(written)
            : await StateAsync(instanceId, context, reader);
    }

    private static async Task<IResult> StateAsync(string instanceId, HttpContext context, IInstanceReader reader)
    {
        if (await reader.FindAsync(instanceId, context.RequestAborted) is not { } instance)
        {
            return RestAnswers.NotFound();
        }

        var body = new { workflowState = await InstanceStates.ReadAsync(instance, reader, context.RequestAborted) };
        if (instance.SubStatus is WorkflowSubStatus.Faulted)
        {
            return RestValues.Json(body, StatusCodes.Status500InternalServerError);
        }

        context.Response.Headers["x-elsa-response"] = "true";
        return RestValues.Json(body);
    }

    private static async Task<IResult> DispatchAsync(string definitionId, HttpContext context, RunStarter starter)
    {
        var request = await RestBody.ReadAsync<RunRequest>(context.Request) ?? new RunRequest();
        var key = string.IsNullOrEmpty(request.InstanceId) ? context.Request.KeyOf($"dispatch:{definitionId}") : $"start:{request.InstanceId}";
        var (result, refusal) = await StartAsync(starter, definitionId, request, key, context);
        return refusal ?? (result!.Stored is { } stored ? RestValues.Json(new { workflowInstanceId = stored.Stimulus.InstanceId }) : NotAllowed(result));
    }

    private static async Task<IResult> DispatchManyAsync(string definitionId, HttpContext context, RunStarter starter)
    {
        var request = await RestBody.ReadAsync<RunRequest>(context.Request) ?? new RunRequest();
        var count = request.Count ?? 1;
        if (count is < 0 or > MostAtOnce)
        {
            return RestAnswers.BadMember("count", $"Between 0 and {MostAtOnce} instances are started at once.");
        }

        var key = context.Request.KeyOf($"bulk-dispatch:{definitionId}");
        var started = new List<string>(count);
        for (var number = 0; number < count; number++)
        {
            var (result, refusal) = await StartAsync(starter, definitionId, request with { InstanceId = null }, $"{key}:{number}", context);
            if (result?.Stored is not { } stored)
            {
                // What was started is said; where nothing was, why not.
                return started.Count > 0 ? RestValues.Json(new { workflowInstanceIds = started }) : refusal ?? NotAllowed(result!);
            }

            started.Add(stored.Stimulus.InstanceId);
        }

        return RestValues.Json(new { workflowInstanceIds = started });
    }

    /// <returns>The inbox's answer, or why nothing was asked of it.</returns>
    private static async Task<(AcceptResult? Result, IResult? Refusal)> StartAsync(
        RunStarter starter, string definitionId, RunRequest request, string key, HttpContext context)
    {
        try
        {
            return await starter.StartAsync(definitionId, request, key, context.RequestAborted) switch
            {
                null => (null, RestAnswers.NotFound()),
                { Acceptance: Acceptance.KeyReused } => (null, CallerKeys.Reused()),
                { } result => (result, null),
            };
        }
        catch (InvalidDefinitionException exception)
        {
            return (null, RestAnswers.Conflict(exception.Message));
        }
    }

    private static IResult NotAllowed(AcceptResult result) => RestAnswers.Conflict(result.Acceptance is Acceptance.DefinitionChanged
        ? "The draft is being saved again and again; start it when that is over, or publish it."
        : "The workflow's activation strategy allows no further instance now.");
}
