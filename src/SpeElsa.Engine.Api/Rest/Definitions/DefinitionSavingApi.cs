using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>Saves drafts. Refusals are 400, the one status the designer shows to people.</summary>
internal static class DefinitionSavingApi
{
    public static RouteGroupBuilder MapDefinitionSaving(this RouteGroupBuilder api)
    {
        api.MapPost("/workflow-definitions", SaveAsync).Need(Permissions.WriteDefinitions);
        return api;
    }

    private static async Task<IResult> SaveAsync(HttpContext context, DraftSaving drafts, Publishing publishing, DefinitionModels models)
    {
        var request = await RestBody.RequireAsync<SaveRequest>(context.Request);
        var model = ModelReading.Read(request.Model);
        var rights = DefinitionRights.Of(context.User);
        if (request.Publish is true && !rights.Publish)
        {
            return Results.Forbid();
        }

        if (request.Publish is true && await drafts.CheckNewAsync(model, context.RequestAborted) is { Count: > 0 } errors)
        {
            return RestAnswers.BadRequest(Publishing.Errors(errors));
        }

        var answer = await drafts.SaveAsync(model, context.User, context.RequestAborted);
        if (answer.Version is not { } saved)
        {
            return RestAnswers.BadRequest(answer.Refusal!);
        }

        if (request.Publish is not true)
        {
            return RestAnswers.Json(Publishing.Answer(models.Full(saved, rights, answer.Editor), false, []));
        }

        var result = await publishing.PublishAsync(saved.DefinitionId, context.RequestAborted);
        return result is { IsPublished: true, Version: { } published }
            ? RestAnswers.Json(Publishing.Answer(
                models.Full(published, rights, answer.Editor), result.Outcome is PublishOutcome.AlreadyPublished, result.Findings))
            : RestAnswers.BadRequest(Publishing.Errors(result));
    }

    private sealed record SaveRequest(JsonElement? Model, bool? Publish);
}
