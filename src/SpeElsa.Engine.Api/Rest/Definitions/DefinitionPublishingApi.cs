using Elsa.Common.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>Publishes, retracts and brings back versions.</summary>
internal static class DefinitionPublishingApi
{
    public static RouteGroupBuilder MapDefinitionPublishing(this RouteGroupBuilder api)
    {
        api.MapPost("/workflow-definitions/{definitionId}/publish", PublishAsync).Need(Permissions.PublishDefinitions);
        api.MapPost("/workflow-definitions/{definitionId}/retract", RetractAsync).Need(Permissions.RetractDefinitions);
        api.MapPost("/workflow-definitions/{definitionId}/revert/{version}", RevertAsync).Need(Permissions.WriteDefinitions);
        return api;
    }

    private static async Task<IResult> PublishAsync(string definitionId, HttpContext context, IDefinitionStore store, Publishing publishing, DefinitionModels models)
    {
        if (await store.FindAsync(definitionId, VersionOptions.Latest, context.RequestAborted) is not { } latest)
        {
            return RestAnswers.NotFound();
        }

        if (DraftSaving.Refusal(latest) is { } refusal)
        {
            return RestAnswers.BadRequest(refusal);
        }

        var result = await publishing.PublishAsync(definitionId, context.RequestAborted);
        return result switch
        {
            { IsPublished: true, Version: { } version } => RestAnswers.Json(Publishing.Answer(
                models.Full(version, DefinitionRights.Of(context.User)), result.Outcome is PublishOutcome.AlreadyPublished, result.Findings)),
            { Outcome: PublishOutcome.NotFound } => RestAnswers.NotFound(),
            _ => RestAnswers.BadRequest(Publishing.Errors(result)),
        };
    }

    private static async Task<IResult> RetractAsync(string definitionId, HttpContext context, IDefinitionStore store, Publishing publishing, DefinitionModels models)
    {
        if (await store.FindAsync(definitionId, VersionOptions.Latest, context.RequestAborted) is not { } latest)
        {
            return RestAnswers.NotFound();
        }

        if (DraftSaving.Refusal(latest) is { } refusal)
        {
            return RestAnswers.BadRequest(refusal);
        }

        return await publishing.RetractAsync(definitionId, context.RequestAborted) is { } retracted
            ? RestAnswers.Json(models.Full(retracted, DefinitionRights.Of(context.User)))
            : RestAnswers.BadRequest($"Workflow with id {definitionId} is not published");
    }

    private static async Task<IResult> RevertAsync(string definitionId, string version, HttpContext context, IDefinitionStore store, DraftSaving drafts)
    {
        if (!VersionOptions.TryParse(version, out var options) || options.Version <= 0)
        {
            return RestAnswers.BadMember("version", $"'{version}' is not the number of a version.");
        }

        if (DraftSaving.Refusal(await store.FindAsync(definitionId, VersionOptions.Latest, context.RequestAborted)) is { } refusal)
        {
            return RestAnswers.BadRequest(refusal);
        }

        if (await drafts.RevertAsync(definitionId, options.Version, context.User, context.RequestAborted) is not { } draft)
        {
            return RestAnswers.NotFound();
        }

        var path = context.Request.PathBase + context.Request.Path.Value!;
        context.Response.Headers.Location = $"{path[..path.LastIndexOf("/workflow-definitions/", StringComparison.OrdinalIgnoreCase)]}/workflow-definitions/by-id/{draft.Id}";
        return RestAnswers.Json(DefinitionSummaryModel.From(draft), StatusCodes.Status201Created);
    }
}
