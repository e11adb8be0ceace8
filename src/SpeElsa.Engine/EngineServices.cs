using System.Reflection;
using Elsa.Workflows;
using Elsa.Workflows.UIHints.CheckList;
using Elsa.Workflows.UIHints.CodeEditor;
using Elsa.Workflows.UIHints.Dropdown;
using Elsa.Workflows.UIHints.RadioList;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Expressions;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

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
        services.TryAddSingleton(provider => new TypeAliases(provider.GetServices<VariableType>()));
        services.TryAddSingleton(provider => CreateRegistry(activityAssemblies, provider.GetServices<IActivityDescriptorModifier>()));
        services.TryAddSingleton<IActivityRegistry>(provider => provider.GetRequiredService<ActivityRegistry>());
        services.TryAddSingleton<JavaScriptOptions>();
        services.AddSingleton<IExpressionSyntax, LiteralSyntax>();
        services.AddSingleton<IExpressionSyntax, ObjectSyntax>();
        services.AddSingleton<IExpressionSyntax, DelegateSyntax>();
        services.AddSingleton<IExpressionSyntax, VariableSyntax>();
        services.AddSingleton<IExpressionSyntax, InputSyntax>();
        services.AddSingleton<IExpressionSyntax, JavaScriptSyntax>();
        services.AddSingleton(provider => new ExpressionEvaluator(provider.GetServices<IExpressionSyntax>()));
        services.AddSingleton<InputEvaluator>();
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
        services.AddSingleton<DefinitionCatalog>();
        services.AddWorkflowManagement();
        services.AddSingleton<Bell>();
        services.AddSingleton<OutboxBell>();
        services.AddSingleton<StimulusInbox>();
        services.AddSingleton<InstanceRunner>();
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

    private static ActivityRegistry CreateRegistry(Assembly[] assemblies, IEnumerable<IActivityDescriptorModifier> modifiers)
    {
        var registry = new ActivityRegistry(modifiers);
        foreach (var assembly in assemblies)
        {
            registry.AddFrom(assembly);
        }

        return registry;
    }
}
