using Elsa.Workflows;
using Elsa.Workflows.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Runtime.History;
using SpeElsa.Engine.Runtime.Migration;
using SpeElsa.Engine.Runtime.Services;
using SpeElsa.Engine.Runtime.Triggers;
using SpeElsa.Engine.Telemetry;

namespace SpeElsa.Engine.Runtime;

/// <summary>Adds what runs workflows.</summary>
internal static class RuntimeServices
{
    public static IServiceCollection AddRuntime(this IServiceCollection services)
    {
        services.TryAddSingleton<IFaultPoints, NoFaultPoints>();
        services.AddOptions<RuntimeOptions>();
        services.TryAddSingleton<EngineMeter>();
        services.AddSingleton<QueueDepth>();
        services.AddSingleton<InputEvaluator>();
        services.AddSingleton<DefinitionCatalog>();
        services.AddSingleton<Bell>();
        services.AddSingleton<OutboxBell>();
        services.AddSingleton<HoldOrders>();
        services.AddSingleton<StimulusInbox>();
        services.AddSingleton<MigrationRunner>();
        services.AddSingleton<InstanceMigration>();
        services.AddSingleton<CommitObservers>();
        services.AddSingleton<InstanceRunner>();
        services.AddSingleton<InstanceWatch>();
        services.AddSingleton<ITriggerIndexer, TriggerIndexer>();
        services.AddSingleton<TriggerClock>();
        services.AddSingleton<StimulusDispatcher>();
        services.AddSingleton<ActivityExecutionHistory>();
        services.AddSingleton<RuntimeWorker>();
        services.AddSingleton<ChildEndedRelay>();
        services.AddSingleton<IOutboxHandler>(provider => provider.GetRequiredService<ChildEndedRelay>());
        services.AddSingleton<IOutboxHandler, ChildStarter>();
        services.AddSingleton<IOutboxHandler, HoldRelay>();
        services.AddSingleton<IOutboxHandler, TaskRelay>();
        services.AddSingleton<IOutboxHandler, EventDispatch>();
        return services.AddElsaRuntimeServices();
    }

    /// <summary>Elsa's services, over ours.</summary>
    private static IServiceCollection AddElsaRuntimeServices(this IServiceCollection services)
    {
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
        services.AddSingleton<IWorkflowRunner, WorkflowRunner>();
        return services;
    }
}
