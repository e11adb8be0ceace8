using Elsa.Common.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>Who uses a definition as an activity, and how they come to its newest version.</summary>
internal static class ConsumersApi
{
    public static RouteGroupBuilder MapConsumers(this RouteGroupBuilder api)
    {
        api.MapGet("/workflow-definitions/{definitionId}/consumers", FindAsync).Need(Permissions.ReadDefinitions);
        api.MapPost("/workflow-definitions/{definitionId}/update-references", UpdateAsync).Need(Permissions.WriteDefinitions).Need(Permissions.PublishDefinitions);
        api.MapPost("/actions/workflow-definitions/refresh", RefreshAsync).Need(Permissions.PublishDefinitions);
        return api;
    }

    private static async Task<IResult> FindAsync(string definitionId, HttpContext context, Consumers consumers) => RestAnswers.Json(new
    {
        consumingWorkflowDefinitionIds = (await consumers.FindAsync(definitionId, context.RequestAborted)).Select(version => version.DefinitionId),
    });

    private static async Task<IResult> UpdateAsync(string definitionId, HttpContext context, IDefinitionStore store, Consumers consumers, DraftSaving drafts, Publishing publishing)
    {
        var request = await RestBody.ReadAsync<UpdateRequest>(context.Request);
        if (await store.FindAsync(definitionId, VersionOptions.Latest, context.RequestAborted) is null)
        {
            return RestAnswers.NotFound();
        }

        if (await store.FindAsync(definitionId, VersionOptions.Published, context.RequestAborted) is not { } published)
        {
            return RestAnswers.BadRequest($"'{definitionId}' is not published. Publish it, then update what uses it.");
        }

        List<string> affected = [];
        var errors = new Dictionary<string, string[]>();
        foreach (var consumer in await consumers.FindAsync(definitionId, context.RequestAborted))
        {
            if (request?.ConsumingWorkflowIds is { Count: > 0 } wanted && !wanted.Contains(consumer.DefinitionId))
            {
                continue;
            }

            var model = DefinitionJson.Parse(consumer.Json);
            var uses = Consumers.Uses(model["root"], definitionId).Where(use => (string?)use["workflowDefinitionVersionId"] != published.Id).ToArray();
            if (uses.Length == 0)
            {
                continue;
            }

            foreach (var use in uses)
            {
                use["workflowDefinitionVersionId"] = published.Id;
                use["version"] = published.Version;
            }

            // What it was based on is said, so that whoever saves it meanwhile is not overwritten.
            model["definitionId"] = consumer.DefinitionId;
            EditingMark.Of(consumer, EditingMark.NewEditor()).Put(model);
            var answer = await drafts.SaveAsync(model, context.User, context.RequestAborted);
            var result = answer.Version is not null && consumer.IsPublished ? await publishing.PublishAsync(consumer.DefinitionId, context.RequestAborted) : null;
            if (answer.Version is null)
            {
                errors[consumer.DefinitionId] = [answer.Refusal!];
            }
            else
            {
                affected.Add(consumer.DefinitionId);
                if (result is { IsPublished: false })
                {
                    errors[consumer.DefinitionId] = Publishing.Errors(result);
                }
            }
        }

        return RestAnswers.Json(new { affectedWorkflows = affected, errors });
    }

    /// <summary>Definitions are read anew where they are needed; what has to be told to look again are the workflows that are used as activities.</summary>
    private static async Task<IResult> RefreshAsync(HttpContext context, IDefinitionStore store, WorkflowActivities activities)
    {
        var request = await RestBody.ReadAsync<RefreshRequest>(context.Request);
        await activities.RefreshAsync(context.RequestAborted);
        string[] wanted = [.. (request?.DefinitionIds ?? []).OfType<string>().Distinct(StringComparer.Ordinal)];
        var filter = new DefinitionFilter { VersionOptions = VersionOptions.Published, DefinitionIds = wanted };
        var (found, _) = await store.ListAsync(filter, default, 0, int.MaxValue, context.RequestAborted);
        string[] refreshed = [.. found.Select(version => version.DefinitionId)];
        return RestAnswers.Json(new { refreshed, notFound = wanted.Except(refreshed, StringComparer.Ordinal) });
    }

    private sealed record UpdateRequest(IReadOnlyList<string?>? ConsumingWorkflowIds);

    private sealed record RefreshRequest(IReadOnlyList<string?>? DefinitionIds);
}
