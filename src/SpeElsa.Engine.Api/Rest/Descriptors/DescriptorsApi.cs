using Elsa.Expressions.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Api.Rest.Descriptors;

/// <summary>What the designer needs to know of the host. Whoever may look at definitions or instances may read it.</summary>
internal static class DescriptorsApi
{
    public static RouteGroupBuilder MapDescriptors(this RouteGroupBuilder api)
    {
        var descriptors = api.MapGroup("/descriptors").Need(Permissions.ReadDefinitions, Permissions.ReadInstances);
        descriptors.MapGet("/expression-descriptors", ListExpressions);
        descriptors.MapGet("/variables", ListVariableTypes);
        descriptors.MapGet("/storage-drivers", () => RestAnswers.Json(new { items = StorageDriverModel.All }));
        descriptors.MapGet("/workflow-activation-strategies", ListActivationStrategies);
        descriptors.MapGet("/incident-strategies", (IServiceProvider services) => List(StrategyModels.Incidents(services)));

        // They are kept in definitions and not performed, so none is offered: every effect is committed before and after, and the journal is the record.
        descriptors.MapGet("/log-persistence-strategies", () => List<object>([]));
        descriptors.MapGet("/commit-strategies/workflows", () => List<object>([]));
        descriptors.MapGet("/commit-strategies/activities", () => List<object>([]));
        descriptors.MapGet("/output-converters", ListConverters);
        descriptors.MapActivityDescriptors();
        return api;
    }

    /// <summary>A list with its length.</summary>
    public static IResult List<T>(IReadOnlyCollection<T> items) => RestValues.Json(new { items, count = items.Count });

    private static IResult ListExpressions(IExpressionDescriptorRegistry registry) => List(
    [
        .. registry.ListAll().Select(descriptor => new
        {
            type = descriptor.Type,
            displayName = descriptor.DisplayName,
            isSerializable = descriptor.IsSerializable,
            isBrowsable = descriptor.IsBrowsable,
            properties = descriptor.Properties,
        }),
    ]);

    private static IResult ListVariableTypes(TypeAliases aliases) => RestValues.Json(new
    {
        items = aliases.Offered.Select(type => new { typeName = type.Alias, displayName = type.Alias, category = type.Category, description = type.Description }),
    });

    private static IResult ListActivationStrategies() => List(
        [.. ActivationStrategies.All.Select(strategy => new StrategyModel(strategy.DisplayName, strategy.Description, strategy.TypeName))]);

    private static IResult ListConverters(HttpRequest request)
    {
        string[] missing = [.. new[] { "sourceType", "destinationType" }.Where(name => request.Text(name) is null).Select(name => $"The {name} query parameter is required.")];
        return missing.Length > 0 ? RestAnswers.BadRequest(missing) : List<object>([]);
    }
}
