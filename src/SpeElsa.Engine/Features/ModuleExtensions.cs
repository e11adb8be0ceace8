using System.Reflection;
using Elsa.Expressions.CSharp.Features;
using Elsa.Expressions.JavaScript.Features;
using Elsa.Expressions.Liquid.Features;
using Elsa.Features.Services;
using Elsa.Scheduling.Features;
using Elsa.Workflows;
using Elsa.Workflows.Features;
using Elsa.Workflows.Management.Features;
using Elsa.Workflows.Runtime.Features;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine;
using SpeElsa.Engine.Expressions.CSharp;
using SpeElsa.Engine.Expressions.JavaScript;
using SpeElsa.Engine.Expressions.Liquid;
using SpeElsa.Engine.Features;
using SpeElsa.Engine.Storage;

namespace Elsa.Extensions;

/// <summary>Sets up the engine the way Elsa's users write it.</summary>
public static class ModuleExtensions
{
    /// <summary>Adds the engine to a host.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Says what the host wants of it. A store has to be among it.</param>
    /// <exception cref="InvalidOperationException">No store was named.</exception>
    public static IModule AddElsa(this IServiceCollection services, Action<IModule>? configure = null)
    {
        var module = new FeatureModule(services);
        module.Configure<WorkflowsFeature>();
        module.Configure<WorkflowManagementFeature>();
        module.Configure<WorkflowRuntimeFeature>();
        configure?.Invoke(module);
        module.Apply();
        return services.Any(descriptor => descriptor.ServiceType == typeof(IRuntimeStore))
            ? module
            : throw new InvalidOperationException(
                "No store is named, and nothing is kept in memory without being asked to. Call UseWorkflowRuntime(runtime => "
                + "runtime.UseEntityFrameworkCore(ef => ef.UseSqlite())), or UseMemoryStore() there for a trial.");
    }

    /// <summary>Sets up the engine itself.</summary>
    public static IModule UseWorkflows(this IModule configuration, Action<WorkflowsFeature>? configure = null) => configuration.With(configure);

    /// <summary>Sets up definitions and what is kept of instances.</summary>
    public static IModule UseWorkflowManagement(this IModule module, Action<WorkflowManagementFeature>? configure = null) => module.With(configure);

    /// <summary>Sets up what runs instances.</summary>
    public static IModule UseWorkflowRuntime(this IModule module, Action<WorkflowRuntimeFeature>? configure = null) => module.With(configure);

    /// <summary>Timers. The engine always has them.</summary>
    public static IModule UseScheduling(this IModule module, Action<SchedulingFeature>? configure = null) => module.With(configure);

    /// <summary>Sets up JavaScript. The engine always has it.</summary>
    public static IModule UseJavaScript(this IModule module, Action<JavaScriptFeature>? configure = null) => module.With(configure);

    /// <summary>Sets limits and further functions of JavaScript.</summary>
    public static IModule UseJavaScript(this IModule module, Action<JavaScriptOptions> configureJintOptions) =>
        module.UseJavaScript((JavaScriptFeature feature) => feature.ConfigureOptions(configureJintOptions));

    /// <summary>Sets up Liquid. The engine always has it.</summary>
    public static IModule UseLiquid(this IModule module, Action<LiquidFeature>? configure = null) => module.With(configure);

    /// <summary>Sets limits and types of Liquid.</summary>
    public static IModule UseLiquid(this IModule module, Action<LiquidOptions> configureOptions) =>
        module.UseLiquid((LiquidFeature feature) => feature.ConfigureOptions(configureOptions));

    /// <summary>Lets definitions use C#: whoever may publish one then may do whatever the process may.</summary>
    public static IModule UseCSharp(this IModule module, Action<CSharpFeature>? configure = null) => module.With(configure);

    /// <summary>Lets definitions use C#: whoever may publish one then may do whatever the process may.</summary>
    public static IModule UseCSharp(this IModule module, Action<CSharpOptions> configureOptions) =>
        module.UseCSharp((CSharpFeature feature) => feature.ConfigureOptions(configureOptions));

    /// <summary>Adds the public activities of the assembly of a type.</summary>
    public static IModule AddActivitiesFrom<TMarkerType>(this IModule module) => module.With(services => services.AddActivitiesFrom(typeof(TMarkerType).Assembly));

    /// <summary>Adds an activity.</summary>
    public static IModule AddActivity<T>(this IModule module)
        where T : IActivity => module.With(services => services.AddActivity<T>());

    /// <summary>Adds the public workflows of the assembly of a type.</summary>
    public static IModule AddWorkflowsFrom<TMarker>(this IModule module) => module.AddWorkflowsFrom(typeof(TMarker).Assembly);

    /// <summary>Adds the public workflows of an assembly.</summary>
    public static IModule AddWorkflowsFrom(this IModule module, Assembly assembly) => module.With(services => services.AddWorkflowsFrom(assembly));

    /// <summary>Adds a workflow.</summary>
    public static IModule AddWorkflow<T>(this IModule module)
        where T : class, IWorkflow => module.With(services => services.AddWorkflow<T>());

    /// <summary>Lets variables, inputs and outputs have this type; its stored name is the name of the class.</summary>
    public static IModule AddVariableType<T>(this IModule module, string category) => module.With(services => services.AddVariableType<T>(category));

    /// <summary>Lets variables, inputs and outputs have this type.</summary>
    public static IModule AddVariableTypeAndAlias<T>(this IModule module, string alias, string category) => module.With(services => services.AddVariableType<T>(category, alias));

    private static IModule With<T>(this IModule module, Action<T>? configure)
        where T : class, IFeature
    {
        ArgumentNullException.ThrowIfNull(module);
        module.Configure(configure);
        return module;
    }

    private static IModule With(this IModule module, Action<IServiceCollection> add)
    {
        ArgumentNullException.ThrowIfNull(module);
        add(module.Services);
        return module;
    }
}
