using Elsa.Workflows.Management.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Instances;

/// <summary>Reads instances. Lists never read states.</summary>
internal static class InstancesApi
{
    public static RouteGroupBuilder MapInstances(this RouteGroupBuilder api)
    {
        api.MapPost("/workflow-instances", ListPostedAsync).Need(Permissions.ReadInstances);
        api.MapGet("/workflow-instances", ListAskedAsync).Need(Permissions.ReadInstances);
        api.MapGet("/workflow-instances/{id}", GetAsync).Need(Permissions.ReadInstances);
        api.MapGet("/workflow-instances/{id}/execution-state", GetStandAsync).Need(Permissions.ReadInstances);
        return api.MapJournal().MapVariables().MapInstanceActions().MapInstanceExport();
    }

    private static async Task<IResult> ListPostedAsync(HttpContext context, IInstanceReader reader) =>
        await ListAsync(await RestBody.ReadAsync<InstanceQuery>(context.Request) ?? new InstanceQuery(), reader, context.RequestAborted);

    private static Task<IResult> ListAskedAsync(HttpContext context, IInstanceReader reader) => ListAsync(InstanceQuery.Of(context.Request), reader, context.RequestAborted);

    private static async Task<IResult> ListAsync(InstanceQuery query, IInstanceReader reader, CancellationToken cancellationToken)
    {
        var (items, total) = query.ToFilter() is { } filter
            ? await reader.ListAsync(filter, query.Order, query.Skip, query.Take, cancellationToken)
            : ([], 0);
        return RestValues.Json(new { items = items.Select(WorkflowInstanceSummary.From), totalCount = total });
    }

    private static async Task<IResult> GetAsync(string id, IInstanceReader reader, CancellationToken cancellationToken) =>
        await reader.FindAsync(id, cancellationToken) is { } instance
            ? RestValues.Json(InstanceModel.From(instance, await InstanceStates.ReadAsync(instance, reader, cancellationToken)))
            : RestAnswers.NotFound();

    private static async Task<IResult> GetStandAsync(string id, IInstanceReader reader, CancellationToken cancellationToken) =>
        await reader.FindAsync(id, cancellationToken) is { } instance ? Stand(instance) : RestAnswers.NotFound();

    /// <summary>How an instance stands, in short.</summary>
    internal static IResult Stand(InstanceRecord instance) =>
        RestValues.Json(new { status = instance.Status, subStatus = instance.SubStatus, updatedAt = instance.UpdatedAt });
}
