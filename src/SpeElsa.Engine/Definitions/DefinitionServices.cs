using System.Reflection;
using Elsa.Workflows;
using Elsa.Workflows.UIHints.CheckList;
using Elsa.Workflows.UIHints.CodeEditor;
using Elsa.Workflows.UIHints.Dropdown;
using Elsa.Workflows.UIHints.RadioList;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Definitions;

/// <summary>Activities that a host knows: those of an assembly, or one class.</summary>
internal sealed record ActivitySource(Assembly? Assembly, Type? Type);

/// <summary>Adds what reads, writes, describes and checks definitions.</summary>
internal static class DefinitionServices
{
    public static IServiceCollection AddDefinitions(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new TypeAliases(provider.GetServices<VariableType>()));
        services.TryAddSingleton(CreateRegistry);
        services.TryAddSingleton<IActivityRegistry>(provider => provider.GetRequiredService<ActivityRegistry>());
        services.AddSingleton(provider =>
            new DefinitionReader(provider.GetRequiredService<ActivityRegistry>(), provider.GetRequiredService<TypeAliases>(), provider.GetService<IDefinitionStore>()));
        services.AddSingleton<DefinitionWriter>();
        services.AddSingleton<IWorkflowMaterializer, JsonWorkflowMaterializer>();
        services.AddSingleton<IWorkflowMaterializer, ClrWorkflowMaterializer>();
        services.AddSingleton<IWorkflowBuilderFactory, WorkflowBuilderFactory>();
        services.AddSingleton<CodeFirstWorkflows>();
        services.AddSingleton<CodeFirstPublisher>();
        services.AddSingleton<WorkflowActivities>();
        services.AddSingleton<IUIHintHandler, DropDownUIHintHandler>();
        services.AddSingleton<IUIHintHandler, CheckListUIHintHandler>();
        services.AddSingleton<IUIHintHandler, RadioListUIHintHandler>();
        services.AddSingleton<IUIHintHandler, CodeEditorUIHintHandler>();
        services.AddSingleton<IUIHintHandler, JsonEditorUIHintHandler>();
        services.AddSingleton<ActivityDescriptorModels>();
        services.AddSingleton<IDefinitionCheck, DefinitionLint>();
        return services;
    }

    private static ActivityRegistry CreateRegistry(IServiceProvider provider)
    {
        var registry = new ActivityRegistry(provider.GetServices<IActivityDescriptorModifier>());
        foreach (var source in provider.GetServices<ActivitySource>().Distinct())
        {
            if (source.Assembly is not null)
            {
                registry.AddFrom(source.Assembly);
            }

            if (source.Type is not null)
            {
                registry.Add(source.Type);
            }
        }

        return registry;
    }
}
