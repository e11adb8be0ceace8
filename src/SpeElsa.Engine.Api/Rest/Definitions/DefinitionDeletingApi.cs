using Elsa.Common.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>Deletes versions and definitions, but none that unfinished instances are bound to.</summary>
internal static class DefinitionDeletingApi
{
    public static RouteGroupBuilder MapDefinitionDeleting(this RouteGroupBuilder api)
    {
        api.MapDelete("/workflow-definitions/{definitionId}", DeleteAsync).Need(Permissions.DeleteDefinitions);
        api.MapDelete("/workflow-definitions/{definitionId}/version/{version}", DeleteNumberAsync).Need(Permissions.DeleteDefinitions);
        api.MapDelete("/workflow-definition-versions/{id}", DeleteByIdAsync).Need(Permissions.DeleteDefinitions);
        return api;
    }

    private static async Task<IResult> DeleteAsync(string definitionId, HttpContext context, IDefinitionStore store, Publishing publishing) =>
        DraftSaving.Refusal(await store.FindAsync(definitionId, VersionOptions.Latest, context.RequestAborted)) is { } refusal
            ? RestAnswers.BadRequest(refusal)
            : Answer(await publishing.DeleteAsync(() => store.DeleteAsync(definitionId, context.RequestAborted), context.RequestAborted), StatusCodes.Status204NoContent);

    private static async Task<IResult> DeleteNumberAsync(string definitionId, string version, HttpContext context, IDefinitionStore store, Publishing publishing)
    {
        if (!VersionOptions.TryParse(version, out var options) || options.Version <= 0)
        {
            return RestAnswers.BadMember("version", $"'{version}' is not the number of a version.");
        }

        return await store.FindAsync(definitionId, options, context.RequestAborted) is { } found
            ? await DeleteVersionAsync(found, StatusCodes.Status200OK, context, store, publishing)
            : RestAnswers.NotFound();
    }

    private static async Task<IResult> DeleteByIdAsync(string id, HttpContext context, IDefinitionStore store, Publishing publishing) =>
        await store.FindAsync(id, context.RequestAborted) is { } found
            ? await DeleteVersionAsync(found, StatusCodes.Status204NoContent, context, store, publishing)
            : RestAnswers.NotFound();

    private static async Task<IResult> DeleteVersionAsync(DefinitionRecord version, int status, HttpContext context, IDefinitionStore store, Publishing publishing) =>
        DraftSaving.Refusal(version) is { } refusal
            ? RestAnswers.BadRequest(refusal)
            : Answer(await publishing.DeleteAsync(() => store.DeleteVersionAsync(version.Id, context.RequestAborted), context.RequestAborted), status);

    private static IResult Answer(DeleteResult result, int status) => result.Outcome switch
    {
        DeleteOutcome.Deleted => Results.StatusCode(status),
        DeleteOutcome.NotFound => RestAnswers.NotFound(),
        _ => RestAnswers.Conflict(InUse(result.Instances)),
    };

    /// <summary>Why a version is kept.</summary>
    public static string InUse(int instances) =>
        $"Nothing was deleted: {instances} unfinished {(instances == 1 ? "instance is" : "instances are")} bound to it. Wait until they have ended, or cancel them, then delete again.";
}
