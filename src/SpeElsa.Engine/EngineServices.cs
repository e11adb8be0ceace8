using System.Reflection;
using Elsa.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Expressions;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine;

/// <summary>Adds the engine to a host. The stores are added by the persistence of choice.</summary>
public static class EngineServices
{
    /// <summary>Adds what reads and runs workflows.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="activityAssemblies">Where to find activities beside the engine's own.</param>
    public static IServiceCollection AddWorkflowEngine(this IServiceCollection services, params Assembly[] activityAssemblies)
    {
        ArgumentNullException.ThrowIfNull(activityAssemblies);
        services.TryAddSingleton(TimeProvider.System);
        services.AddExpressions().AddDefinitions().AddRuntime().AddWorkflowManagement();
        foreach (var assembly in activityAssemblies)
        {
            services.AddActivitiesFrom(assembly);
        }

        return services;
    }

    /// <summary>Adds the workers that run instances in the background.</summary>
    public static IServiceCollection AddWorkflowWorkers(this IServiceCollection services)
    {
        services.AddHostedService<WorkflowStartup>();
        services.AddHostedService(provider => provider.GetRequiredService<RuntimeWorker>());
        services.AddHostedService<OutboxRelay>();
        services.AddHostedService(provider => provider.GetRequiredService<InstanceRetention>());
        return services;
    }

    /// <summary>Adds the public activities of an assembly.</summary>
    public static IServiceCollection AddActivitiesFrom(this IServiceCollection services, Assembly assembly) => services.AddSingleton(new ActivitySource(assembly, null));

    /// <summary>Adds an activity.</summary>
    public static IServiceCollection AddActivity<T>(this IServiceCollection services)
        where T : IActivity => services.AddSingleton(new ActivitySource(null, typeof(T)));

    /// <summary>Adds a strategy for incidents; definitions name it by the name of its class.</summary>
    public static IServiceCollection AddIncidentStrategy<T>(this IServiceCollection services)
        where T : class, IIncidentStrategy => services.AddSingleton<IIncidentStrategy, T>();

    /// <summary>Adds a workflow that is written in C#.</summary>
    public static IServiceCollection AddWorkflow<T>(this IServiceCollection services)
        where T : class, IWorkflow => services.AddSingleton(new CodeFirstWorkflow(typeof(T)));

    /// <summary>Adds the public workflow classes of an assembly.</summary>
    public static IServiceCollection AddWorkflowsFrom(this IServiceCollection services, Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        foreach (var type in assembly.GetTypes().Where(type => type is { IsAbstract: false, IsPublic: true, IsGenericTypeDefinition: false } && typeof(IWorkflow).IsAssignableFrom(type)))
        {
            services.AddSingleton(new CodeFirstWorkflow(type));
        }

        return services;
    }

    /// <summary>Lets variables, inputs and outputs have this type.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="category">Where the designer lists it.</param>
    /// <param name="alias">Its stored name. Default: the name of the class.</param>
    /// <param name="description">What it is.</param>
    public static IServiceCollection AddVariableType<T>(this IServiceCollection services, string category, string? alias = null, string? description = null) =>
        services.AddSingleton(new VariableType(typeof(T), alias ?? typeof(T).Name, category, description));
}
