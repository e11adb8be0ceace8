using Elsa.Expressions.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Api.Http;
using SpeElsa.Engine.Api.Rest.Descriptors;

namespace SpeElsa.Engine.Api.Rest.Features;

/// <summary>What this host has, under the names the designer asks for.</summary>
internal static class FeaturesApi
{
    /// <summary>The version of Elsa whose API this is.</summary>
    private const string PackageVersion = "3.8.2";

    public static RouteGroupBuilder MapFeatures(this RouteGroupBuilder api)
    {
        api.MapGet("/features/installed", (IServiceProvider services) => DescriptorsApi.List(Installed(services)))
            .Need(Permissions.ReadDefinitions, Permissions.ReadInstances);
        api.MapGet("/features/installed/{fullName}", Find).Need(Permissions.ReadDefinitions, Permissions.ReadInstances);
        api.MapGet("/package/version", () => RestAnswers.Json(new { packageVersion = PackageVersion })).Need(Permissions.ReadDefinitions, Permissions.ReadInstances);
        return api;
    }

    private static IResult Find(string fullName, IServiceProvider services) =>
        Installed(services).FirstOrDefault(feature => feature.FullName == fullName) is { } found ? RestAnswers.Json(found) : RestAnswers.NotFound();

    private static FeatureModel[] Installed(IServiceProvider services)
    {
        var features = new List<InstalledFeature>
        {
            new("Elsa", "Workflows", "Workflows", "Runs workflows durably."),
            new("Elsa", "Flowchart", "Flowchart", "Flowcharts."),
            new("Elsa", "WorkflowManagement", "Workflow management", "Versions of definitions."),
            new("Elsa", "WorkflowRuntime", "Workflow runtime", "Stimuli, triggers and timers."),
            new("Elsa", "WorkflowsApi", "Workflows API", "This API."),
            new("Elsa", "Scheduling", "Scheduling", "Delays, timers and cron."),
        };
        features.AddRange(services.GetRequiredService<IExpressionDescriptorRegistry>().ListAll()
            .Where(syntax => syntax.Type is "JavaScript" or "Liquid" or "CSharp" or "Python")
            .Select(syntax => new InstalledFeature("Elsa", syntax.Type, syntax.DisplayName, $"{syntax.DisplayName} in definitions.")));
        if (services.GetService<WorkflowRoutes>() is not null)
        {
            features.Add(new InstalledFeature("Elsa", "Http", "HTTP", "Workflows that receive and send requests."));
        }

        features.AddRange(services.GetServices<InstalledFeature>());
        return [.. features.Select(FeatureModel.From).DistinctBy(feature => feature.FullName)];
    }

    private sealed record FeatureModel(string Name, string Namespace, string FullName, string DisplayName, string Description)
    {
        public static FeatureModel From(InstalledFeature feature) =>
            new(feature.Name, feature.Namespace, $"{feature.Namespace}.{feature.Name}", feature.DisplayName, feature.Description);
    }
}
