using System.Reflection;
using Elsa.Workflows.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Expressions;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Runtime.History;
using SpeElsa.Engine.Runtime.Services;
using SpeElsa.Engine.Runtime.Triggers;
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
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IFaultPoints, NoFaultPoints>();
        services.AddOptions<RuntimeOptions>();
        services.TryAddSingleton<TypeAliases>();
        services.TryAddSingleton(_ => CreateRegistry(activityAssemblies));
        services.AddExpressions();
        services.AddSingleton<InputEvaluator>();
        services.AddSingleton<DefinitionReader>();
        services.AddSingleton<DefinitionCatalog>();
        services.AddWorkflowManagement();
        services.AddSingleton<Bell>();
        services.AddSingleton<OutboxBell>();
        services.AddSingleton<StimulusInbox>();
        services.AddSingleton<InstanceRunner>();
        services.AddSingleton<InstanceWatch>();
        services.AddSingleton<ITriggerIndexer, TriggerIndexer>();
        services.AddSingleton<TriggerClock>();
        services.AddSingleton<StimulusDispatcher>();
        services.AddSingleton<ActivityExecutionHistory>();
        services.AddSingleton<WorkflowClients>();
        services.AddSingleton<IWorkflowRuntime, WorkflowRuntime>();
        services.AddSingleton<StimulusServices>();
        services.AddSingleton<IStimulusSender>(provider => provider.GetRequiredService<StimulusServices>());
        services.AddSingleton<IEventPublisher>(provider => provider.GetRequiredService<StimulusServices>());
        services.AddSingleton<IWorkflowResumer>(provider => provider.GetRequiredService<StimulusServices>());
        services.AddSingleton<IBookmarkQueue>(provider => provider.GetRequiredService<StimulusServices>());
        services.AddSingleton<DispatchServices>();
        services.AddSingleton<IWorkflowDispatcher>(provider => provider.GetRequiredService<DispatchServices>());
        services.AddSingleton<IWorkflowStarter>(provider => provider.GetRequiredService<DispatchServices>());
        services.AddSingleton<ITaskReporter, TaskReporter>();
        services.AddSingleton<ChildEndedRelay>();
        services.AddSingleton<IOutboxHandler>(provider => provider.GetRequiredService<ChildEndedRelay>());
        services.AddSingleton<IOutboxHandler, ChildStarter>();
        services.AddSingleton<IOutboxHandler, TaskRelay>();
        services.AddSingleton<IOutboxHandler, EventDispatch>();
        services.AddSingleton<RuntimeWorker>();
        return services;
    }

    /// <summary>Adds the workers that run instances in the background.</summary>
    public static IServiceCollection AddWorkflowWorkers(this IServiceCollection services)
    {
        services.AddHostedService(provider => provider.GetRequiredService<RuntimeWorker>());
        services.AddHostedService<OutboxRelay>();
        services.AddHostedService(provider => provider.GetRequiredService<InstanceRetention>());
        return services;
    }

    private static ActivityRegistry CreateRegistry(Assembly[] assemblies)
    {
        var registry = new ActivityRegistry();
        foreach (var assembly in assemblies)
        {
            registry.AddFrom(assembly);
        }

        return registry;
    }
}
