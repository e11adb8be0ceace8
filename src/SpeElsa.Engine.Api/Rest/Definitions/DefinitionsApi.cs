using Elsa.Common.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>Reads definitions. Lists never read their JSON.</summary>
internal static class DefinitionsApi
{
    public static IServiceCollection AddDefinitionsApi(this IServiceCollection services)
    {
        services.TryAddSingleton<DefinitionModels>();
        services.TryAddSingleton<EditorMemory>();
        services.TryAddSingleton<DraftSaving>();
        services.TryAddSingleton<Publishing>();
        services.TryAddSingleton<Consumers>();
        return services;
    }

    public static RouteGroupBuilder MapDefinitions(this RouteGroupBuilder api)
    {
        api.MapGet("/workflow-definitions", ListAsync).Need(Permissions.ReadDefinitions);
        api.MapGet("/workflow-definitions/{definitionId}", FindAsync).Need(Permissions.ReadDefinitions);
        api.MapGet("/workflow-definitions/by-definition-id/{definitionId}", FindAsync).Need(Permissions.ReadDefinitions);
        api.MapGet("/workflow-definitions/by-id/{id}", FindVersionAsync).Need(Permissions.ReadDefinitions);
        api.MapGet("/workflow-definitions/many-by-id", FindManyAsync).Need(Permissions.ReadDefinitions);
        api.MapGet("/workflow-definitions/query/count", CountAsync).Need(Permissions.ReadDefinitions);
        api.MapGet("/workflow-definitions/validation/is-name-unique", IsNameUniqueAsync).Need(Permissions.ReadDefinitions);
        api.MapGet("/workflow-definitions/{definitionId}/versions", ListVersionsAsync).Need(Permissions.ReadDefinitions);
        return api.MapDefinitionSaving().MapDefinitionChecking().MapDefinitionPublishing().MapDefinitionDeleting();
    }

    private static async Task<IResult> ListAsync(HttpContext context, IDefinitionStore store, IEnumerable<IWorkflowMaterializer> materializers)
    {
        var request = context.Request;
        var (skip, take) = DefinitionQuery.Page(request);
        var (items, total) = await store.ListAsync(DefinitionQuery.Filter(request), DefinitionQuery.Order(request), skip, take, context.RequestAborted);
        var rights = DefinitionRights.Of(context.User);
        var available = materializers.Select(materializer => materializer.Name).ToHashSet(StringComparer.Ordinal);
        return RestAnswers.Json(new
        {
            items = items.Select(version => DefinitionSummaryModel.From(version) with
            {
                Links = DefinitionLinks.Of(version.DefinitionId, version.IsReadonly, rights),
                IsMaterializerAvailable = available.Contains(version.MaterializerName),
            }),
            totalCount = total,
            links = DefinitionLinks.OfList(rights),
        });
    }

    private static async Task<IResult> FindAsync(string definitionId, HttpContext context, IDefinitionStore store, DefinitionModels models) =>
        await store.FindAsync(definitionId, context.Request.Versions() ?? VersionOptions.Latest, context.RequestAborted) is { } version
            ? RestAnswers.Json(models.Full(version, DefinitionRights.Of(context.User)))
            : RestAnswers.NotFound();

    private static async Task<IResult> FindVersionAsync(string id, HttpContext context, IDefinitionStore store, DefinitionModels models) =>
        await store.FindAsync(id, context.RequestAborted) is { } version
            ? RestAnswers.Json(models.Full(version, DefinitionRights.Of(context.User)))
            : RestAnswers.NotFound();

    private static async Task<IResult> FindManyAsync(HttpContext context, IDefinitionStore store, DefinitionModels models)
    {
        const int MostAtOnce = 500;
        var ids = context.Request.Texts("ids");
        if (ids.Count > MostAtOnce)
        {
            return RestAnswers.BadMember("ids", $"Name up to {MostAtOnce} versions.");
        }

        var rights = DefinitionRights.Of(context.User);
        var found = ids.Count == 0
            ? []
            : await store.FindManyAsync(new DefinitionFilter { VersionIds = [.. ids] }, default, 0, MostAtOnce, context.RequestAborted);
        return RestAnswers.Json(new { items = found.Select(version => models.Full(version, rights)), count = found.Count });
    }

    private static async Task<IResult> CountAsync(IDefinitionStore store, CancellationToken cancellationToken) =>
        RestAnswers.Json(new { count = await store.CountAsync(cancellationToken) });

    private static async Task<IResult> IsNameUniqueAsync(HttpContext context, IDefinitionStore store) => context.Request.Text("name") is { } name
        ? RestAnswers.Json(new { isUnique = await store.IsNameUniqueAsync(name, context.Request.Text("definitionId"), context.RequestAborted) })
        : RestAnswers.BadMember("name", "A name is needed.");

    private static async Task<IResult> ListVersionsAsync(string definitionId, HttpContext context, IDefinitionStore store)
    {
        var newestFirst = new DefinitionOrder(DefinitionColumn.Version, Descending: true);
        var (skip, take) = DefinitionQuery.Page(context.Request);
        var versions = await store.FindManyAsync(new DefinitionFilter { DefinitionIds = [definitionId] }, newestFirst, skip, take, context.RequestAborted);
        return RestAnswers.Json(versions.Select(VersionModel.From));
    }
}
