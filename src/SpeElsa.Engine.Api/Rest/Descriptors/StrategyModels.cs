using Elsa.Workflows;
using Elsa.Workflows.IncidentStrategies;
using Microsoft.Extensions.DependencyInjection;

namespace SpeElsa.Engine.Api.Rest.Descriptors;

/// <summary>A strategy as the designer lists it.</summary>
internal sealed record StrategyModel(string DisplayName, string Description, string TypeName);

/// <summary>A storage driver as the designer lists it.</summary>
internal sealed record StorageDriverModel(string TypeName, string DisplayName, double Priority, bool Deprecated)
{
    /// <summary>Elsa's drivers by their stored names. Whichever a variable names, it is stored with the instance.</summary>
    public static IReadOnlyList<StorageDriverModel> All { get; } =
    [
        new("Elsa.Workflows.WorkflowInstanceStorageDriver, Elsa.Workflows.Core", "Workflow Instance", 5, false),
        new("Elsa.Workflows.MemoryStorageDriver, Elsa.Workflows.Core", "Memory", 0, false),
        new("Elsa.Workflows.Services.WorkflowStorageDriver, Elsa.Workflows.Core", "Workflow", -1, true),
    ];
}

/// <summary>The strategies a definition can name.</summary>
internal static class StrategyModels
{
    /// <summary>What becomes of a run when an activity faults: the engine's own, then the host's.</summary>
    public static IReadOnlyList<StrategyModel> Incidents(IServiceProvider services) =>
    [
        new("Continue with incidents", "The other branches go on; the incident is kept.", nameof(ContinueWithIncidentsStrategy)),
        new("Fault", "The run ends as Faulted; a retry goes on where it failed.", nameof(FaultStrategy)),
        .. services.GetServices<IIncidentStrategy>()
            .Select(strategy => strategy.GetType().Name)
            .Where(name => name is not (nameof(ContinueWithIncidentsStrategy) or nameof(FaultStrategy)))
            .Distinct(StringComparer.Ordinal)
            .Select(name => new StrategyModel(name, "", name)),
    ];
}
