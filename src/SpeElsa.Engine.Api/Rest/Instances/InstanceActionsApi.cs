using Elsa.Common.Models;
using Elsa.Workflows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SpeElsa.Engine.Api.Rest.Runs;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Instances;

/// <summary>Cancels, retries and deletes instances.</summary>
internal static class InstanceActionsApi
{
    private const int MostAtOnce = 5000;
    private const int AtOnce = 200;

    public static RouteGroupBuilder MapInstanceActions(this RouteGroupBuilder api)
    {
        api.MapPost("/cancel/workflow-instances/{id}", CancelAsync).Need(Permissions.CancelInstances);
        api.MapPost("/bulk-actions/cancel/workflow-instances", CancelManyAsync).Need(Permissions.CancelInstances);
        api.MapPost("/workflow-instances/{id}/retry", RetryAsync).Need(Permissions.WriteInstances);
        api.MapDelete("/workflow-instances/{id}", DeleteAsync).Need(Permissions.DeleteInstances);
        api.MapPost("/bulk-actions/delete/workflow-instances", DeleteManyAsync).Need(Permissions.DeleteInstances);
        api.MapPost("/bulk-actions/delete/workflow-instances/by-id", DeleteManyAsync).Need(Permissions.DeleteInstances);
        return api;
    }

    private static async Task<IResult> CancelAsync(string id, HttpContext context, StimulusInbox inbox, InstanceWaits waits, TimeProvider timeProvider)
    {
        var result = await inbox.SendAsync(Cancel(id, context, timeProvider), CancellationToken.None);
        if (result.Acceptance is Acceptance.UnknownInstance)
        {
            return RestAnswers.NotFound();
        }

        await waits.SettleAsync(id, context.RequestAborted);
        return Results.Ok();
    }

    private static async Task<IResult> CancelManyAsync(HttpContext context, StimulusInbox inbox, IInstanceReader reader, IDefinitionStore definitions, TimeProvider timeProvider)
    {
        var request = await RestBody.RequireAsync<BulkCancelRequest>(context.Request);
        var cancelled = 0;
        foreach (var id in await WhichAsync(request, reader, definitions, context.RequestAborted))
        {
            var result = await inbox.SendAsync(Cancel(id, context, timeProvider), CancellationToken.None);
            cancelled += result.Acceptance is Acceptance.Accepted ? 1 : 0;
        }

        return RestValues.Json(new { cancelled });
    }

    /// <summary>An order to end is final, so each instance has one.</summary>
    private static Stimulus Cancel(string id, HttpContext context, TimeProvider timeProvider) => new()
    {
        Key = $"cancel:{id}",
        Kind = StimulusKind.Cancel,
        InstanceId = id,
        Input = EngineJson.Write(new Dictionary<string, object?> { ["RequestedBy"] = context.User.Identity?.Name }),
        ReceivedAt = timeProvider.GetUtcNow(),
    };

    private static async Task<IReadOnlyList<string>> WhichAsync(
        BulkCancelRequest request, IInstanceReader reader, IDefinitionStore definitions, CancellationToken cancellationToken)
    {
        if (request.Ids is { } ids)
        {
            return Check(ids);
        }

        var versionIds = new List<string>();
        if (!string.IsNullOrEmpty(request.DefinitionVersionId))
        {
            versionIds.Add(request.DefinitionVersionId);
        }
        else if (string.IsNullOrEmpty(request.DefinitionId))
        {
            throw new BadRestRequestException("ids", "Name the instances, or the version or definition whose instances are meant.");
        }
        else if (!string.IsNullOrEmpty(request.VersionOptions))
        {
            var versions = VersionOptions.TryParse(request.VersionOptions, out var read) ? read : throw new BadRestRequestException("versionOptions", $"'{request.VersionOptions}' names no version.");
            if (await definitions.FindAsync(request.DefinitionId, versions, cancellationToken) is not { } version)
            {
                return [];
            }

            versionIds.Add(version.Id);
        }

        var filter = new InstanceFilter
        {
            Statuses = [WorkflowStatus.Running],
            VersionIds = versionIds,
            DefinitionIds = versionIds.Count > 0 ? [] : [request.DefinitionId!],
        };
        var (items, _) = await reader.ListAsync(filter, InstanceOrder.NewestFirst, 0, int.MaxValue, cancellationToken);
        return [.. items.Select(instance => instance.Id)];
    }

    /// <summary>Lets what has faulted go on where it failed. Elsa has no such route.</summary>
    private static async Task<IResult> RetryAsync(string id, HttpContext context, StimulusInbox inbox, IInstanceReader reader, InstanceWaits waits)
    {
        var activities = (await RestBody.ReadAsync<RetryRequest>(context.Request))?.ActivityIds?.OfType<string>().ToArray() ?? [];
        if (await reader.FindAsync(id, context.RequestAborted) is not { } instance)
        {
            return RestAnswers.NotFound();
        }

        // Without a key of the caller, all who have seen the same commit ask for the same retry.
        var key = context.Request.CallerKey() is not null
            ? context.Request.KeyOf($"retry:{id}")
            : $"retry:{id}:{StimulusHash.Compute(id, new { instance.StateVersion, activities })}";
        var isKnown = await reader.FindStimulusAsync(key, context.RequestAborted) is not null;
        if (!isKnown && instance.IncidentCount == 0)
        {
            return RestAnswers.Conflict("Nothing of this instance has faulted.");
        }

        var result = await inbox.RetryAsync(id, key, activities, CancellationToken.None);
        return result.Acceptance is Acceptance.Accepted or Acceptance.Duplicate
            ? await waits.SettleAsync(id, context.RequestAborted) is { } now ? InstancesApi.Stand(now) : RestAnswers.NotFound()
            : RestAnswers.Conflict("The instance has ended otherwise than by a fault; there is nothing to retry.");
    }

    private static async Task<IResult> DeleteAsync(string id, IRuntimeStore store, IInstanceReader reader, CancellationToken cancellationToken)
    {
        if (await reader.FindAsync(id, cancellationToken) is null)
        {
            return RestAnswers.NotFound();
        }

        return (await store.DeleteInstancesAsync([id], cancellationToken)).Running.Count > 0
            ? RestAnswers.Conflict("The instance has not ended. Cancel it first; its journal says what it has done so far.")
            : Results.NoContent();
    }

    private static async Task<IResult> DeleteManyAsync(HttpContext context, IRuntimeStore store)
    {
        var request = await RestBody.RequireAsync<IdsRequest>(context.Request);
        var deleted = 0;
        foreach (var ids in Check(request.Ids ?? []).Chunk(AtOnce))
        {
            deleted += (await store.DeleteInstancesAsync(ids, context.RequestAborted)).Deleted;
        }

        return RestValues.Json(new { deleted });
    }

    private static IReadOnlyList<string> Check(IReadOnlyList<string?> ids) => ids.Count <= MostAtOnce
        ? [.. ids.OfType<string>().Distinct(StringComparer.Ordinal)]
        : throw new BadRestRequestException("ids", $"At most {MostAtOnce} instances are named at once.");

    private sealed record BulkCancelRequest(IReadOnlyList<string?>? Ids, string? DefinitionVersionId, string? DefinitionId, string? VersionOptions);

    private sealed record RetryRequest(IReadOnlyList<string?>? ActivityIds);

    internal sealed record IdsRequest(IReadOnlyList<string?>? Ids);
}
