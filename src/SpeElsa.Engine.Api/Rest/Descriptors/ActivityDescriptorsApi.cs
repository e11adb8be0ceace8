using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SpeElsa.Engine.Definitions;

namespace SpeElsa.Engine.Api.Rest.Descriptors;

/// <summary>The activity types of this host as the designer reads them.</summary>
internal static class ActivityDescriptorsApi
{
    public static IEndpointRouteBuilder MapActivityDescriptors(this IEndpointRouteBuilder descriptors)
    {
        descriptors.MapGet("/activities", ListAsync);
        descriptors.MapGet("/activities/{typeName}", FindAsync);
        descriptors.MapPost("/activities/{typeName}/options/{propertyName}", GetOptionsAsync);
        return descriptors;
    }

    private static async Task<IResult> ListAsync(HttpContext context, ActivityRegistry registry, WorkflowActivities workflows, ActivityDescriptorModels models)
    {
        if (context.Request.Flag("refresh") is true)
        {
            await workflows.RefreshAsync(context.RequestAborted);
        }

        var items = new List<ActivityDescriptorModel>();
        foreach (var descriptor in registry.List())
        {
            items.Add(await models.CreateAsync(descriptor, context.RequestAborted));
        }

        return DescriptorsApi.List(items);
    }

    private static async Task<IResult> FindAsync(string typeName, HttpContext context, ActivityRegistry registry, ActivityDescriptorModels models)
    {
        var version = context.Request.Number("version");
        var descriptor = registry.Find(typeName, version ?? 0);
        return descriptor is null || (version is not null && descriptor.Version != version)
            ? RestAnswers.NotFound()
            : RestValues.Json(await models.CreateAsync(descriptor, context.RequestAborted));
    }

    /// <summary>What an editor needs now that the user has entered something. Asked for often: "Refresh" is left out, so that it is not asked for at once again.</summary>
    private static async Task<IResult> GetOptionsAsync(
        string typeName, string propertyName, HttpContext context, ActivityRegistry registry, ActivityDescriptorModels models)
    {
        var request = await RestBody.ReadAsync<OptionsRequest>(context.Request);
        var entered = RestValues.Value(request?.Context, "context");
        if (registry.Find(typeName, context.Request.Number("version") ?? 0)?.Inputs.FirstOrDefault(input => input.Name == propertyName) is not { } input)
        {
            return RestAnswers.NotFound();
        }

        var items = await models.GetUISpecificationsAsync(input, entered, context.RequestAborted);
        items.Remove("Refresh");
        return RestValues.Json(new { items });
    }

    private sealed record OptionsRequest(JsonElement? Context);
}
