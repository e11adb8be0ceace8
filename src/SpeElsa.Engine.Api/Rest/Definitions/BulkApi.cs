using Elsa.Common.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>Changes many definitions at once, each on its own: what can not be done with one does not stop the others, and is told.</summary>
internal static class BulkApi
{
    private const string Definitions = "workflow-definitions";

    public static RouteGroupBuilder MapDefinitionBulkActions(this RouteGroupBuilder api)
    {
        api.MapPost($"/bulk-actions/delete/{Definitions}/by-definition-id", DeleteDefinitionsAsync).Need(Permissions.DeleteDefinitions);
        api.MapPost($"/bulk-actions/delete/{Definitions}/by-id", DeleteVersionsAsync).Need(Permissions.DeleteDefinitions);
        api.MapPost($"/bulk-actions/publish/{Definitions}/by-definition-ids", PublishAsync).Need(Permissions.PublishDefinitions);
        api.MapPost($"/bulk-actions/retract/{Definitions}/by-definition-ids", RetractAsync).Need(Permissions.RetractDefinitions);
        return api;
    }

    private static async Task<IResult> DeleteDefinitionsAsync(HttpContext context, IDefinitionStore store, Publishing publishing)
    {
        var ids = await ReadIdsAsync(context.Request);
        return await DeleteAsync(
            ids,
            id => store.FindAsync(id, VersionOptions.Latest, context.RequestAborted),
            version => publishing.DeleteAsync(() => store.DeleteAsync(version.DefinitionId, context.RequestAborted), context.RequestAborted));
    }

    private static async Task<IResult> DeleteVersionsAsync(HttpContext context, IDefinitionStore store, Publishing publishing)
    {
        var ids = await ReadIdsAsync(context.Request);
        return await DeleteAsync(
            ids,
            id => store.FindAsync(id, context.RequestAborted),
            version => publishing.DeleteAsync(() => store.DeleteVersionAsync(version.Id, context.RequestAborted), context.RequestAborted));
    }

    private static async Task<IResult> DeleteAsync(
        IReadOnlyList<string> ids, Func<string, Task<DefinitionRecord?>> find, Func<DefinitionRecord, Task<DeleteResult>> delete)
    {
        var deleted = 0;
        var kept = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var id in ids)
        {
            if (await find(id) is not { } version)
            {
                continue;
            }

            var result = DraftSaving.Refusal(version) is { } refusal ? Kept(refusal) : await delete(version);
            deleted += result.Versions;
            if (result.Outcome is DeleteOutcome.InUse)
            {
                kept[id] = DefinitionDeletingApi.InUse(result.Instances);
            }

            DeleteResult Kept(string reason)
            {
                kept[id] = reason;
                return new DeleteResult(DeleteOutcome.NotFound, 0, 0);
            }
        }

        return RestAnswers.Json(new { deleted, kept });
    }

    private static async Task<IResult> PublishAsync(HttpContext context, IDefinitionStore store, Publishing publishing)
    {
        var answer = new BulkPublishAnswer();
        foreach (var id in await ReadIdsAsync(context.Request))
        {
            var latest = await store.FindAsync(id, VersionOptions.Latest, context.RequestAborted);
            if (latest is null)
            {
                answer.NotFound.Add(id);
            }
            else if (DraftSaving.Refusal(latest) is { } refusal)
            {
                answer.Skipped.Add(id);
                answer.Errors[id] = [refusal];
            }
            else if (latest.IsPublished)
            {
                answer.AlreadyPublished.Add(id);
            }
            else
            {
                answer.Add(id, await publishing.PublishAsync(id, context.RequestAborted));
            }
        }

        return RestAnswers.Json(answer);
    }

    private static async Task<IResult> RetractAsync(HttpContext context, IDefinitionStore store, Publishing publishing)
    {
        List<string> retracted = [], alreadyRetracted = [], notFound = [], skipped = [];
        foreach (var id in await ReadIdsAsync(context.Request))
        {
            var latest = await store.FindAsync(id, VersionOptions.Latest, context.RequestAborted);
            var list = latest is null ? notFound
                : DraftSaving.Refusal(latest) is not null ? skipped
                : await publishing.RetractAsync(id, context.RequestAborted) is null ? alreadyRetracted
                : retracted;
            list.Add(id);
        }

        return RestAnswers.Json(new { retracted, alreadyRetracted, notFound, skipped });
    }

    /// <summary>The ids of a request, under whichever of its two names.</summary>
    /// <exception cref="BadRestRequestException">There are none.</exception>
    internal static async Task<IReadOnlyList<string>> ReadIdsAsync(HttpRequest request)
    {
        var body = await RestBody.RequireAsync<IdsRequest>(request);
        return (body.DefinitionIds ?? body.Ids) is { Count: > 0 } ids
            ? [.. ids.OfType<string>().Distinct(StringComparer.Ordinal)]
            : throw new BadRestRequestException(body.Ids is null ? "definitionIds" : "ids", "Name at least one.");
    }

    private sealed record IdsRequest(IReadOnlyList<string?>? DefinitionIds, IReadOnlyList<string?>? Ids);
}
