using Elsa.Workflows.Management;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Runtime;

namespace SpeElsa.Engine.Management;

/// <summary>Adds what manages definitions and instances.</summary>
internal static class ManagementServices
{
    public static IServiceCollection AddWorkflowManagement(this IServiceCollection services)
    {
        services.AddOptions<InstanceRetentionOptions>();
        services.AddSingleton<DefinitionPublisher>();
        services.AddSingleton<DefinitionFiles>();
        services.AddSingleton<InstanceRetention>();
        services.AddSingleton<IWorkflowDefinitionPublisher, WorkflowDefinitionPublisher>();
        services.AddSingleton<IWorkflowDefinitionService, WorkflowDefinitionService>();
        services.AddSingleton<IWorkflowDefinitionStore, WorkflowDefinitionStore>();
        services.AddSingleton<IWorkflowDefinitionImporter, WorkflowDefinitionImporter>();
        services.AddSingleton<IWorkflowInstanceStore, WorkflowInstanceStore>();
        services.AddSingleton<IWorkflowInstanceManager, WorkflowInstanceManager>();
        return services;
    }
}
