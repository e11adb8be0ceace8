using Elsa.Features.Abstractions;
using Elsa.Features.Services;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine;
using SpeElsa.Engine.Expressions.CSharp;
using SpeElsa.Engine.Expressions.JavaScript;
using SpeElsa.Engine.Expressions.Liquid;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;

namespace Elsa.Workflows.Features
{
    /// <summary>The engine itself: every host has it.</summary>
    public class WorkflowsFeature(IModule module) : FeatureBase(module)
    {
        /// <inheritdoc />
        public override void Apply() => Services.AddWorkflowEngine().AddWorkflowWorkers();
    }
}

namespace Elsa.Workflows.Management.Features
{
    /// <summary>Definitions, their versions, and what is kept of instances.</summary>
    public class WorkflowManagementFeature(IModule module) : FeatureBase(module)
    {
        /// <summary>How long instances that have ended are kept. Default: for ever.</summary>
        public WorkflowManagementFeature ConfigureRetention(Action<InstanceRetentionOptions> configure)
        {
            Services.Configure(configure);
            return this;
        }
    }
}

namespace Elsa.Workflows.Runtime.Features
{
    /// <summary>What runs instances.</summary>
    public class WorkflowRuntimeFeature(IModule module) : FeatureBase(module)
    {
        /// <summary>Sets workers, leases and polling.</summary>
        public WorkflowRuntimeFeature ConfigureRuntime(Action<RuntimeOptions> configure)
        {
            Services.Configure(configure);
            return this;
        }

        /// <summary>Adds a workflow that is written in C#.</summary>
        public WorkflowRuntimeFeature AddWorkflow<T>()
            where T : class, IWorkflow
        {
            Services.AddWorkflow<T>();
            return this;
        }

        /// <summary>Keeps everything in memory, for tests and trials: it is gone when the process ends. Never a default.</summary>
        public WorkflowRuntimeFeature UseMemoryStore()
        {
            var store = new InMemoryStore();
            Services.AddSingleton<IRuntimeStore>(store).AddSingleton<IInstanceReader>(store).AddSingleton<IDefinitionStore>(store);
            return this;
        }
    }
}

namespace Elsa.Scheduling.Features
{
    /// <summary>Timers. The engine always has them; asking for them changes nothing.</summary>
    public class SchedulingFeature(IModule module) : FeatureBase(module);
}

namespace Elsa.Expressions.JavaScript.Features
{
    /// <summary>JavaScript. The engine always has it; this sets its limits.</summary>
    public class JavaScriptFeature(IModule module) : FeatureBase(module)
    {
        /// <summary>Sets limits and further functions.</summary>
        public JavaScriptFeature ConfigureOptions(Action<JavaScriptOptions> configure)
        {
            Services.Configure(configure);
            return this;
        }
    }
}

namespace Elsa.Expressions.Liquid.Features
{
    /// <summary>Liquid. The engine always has it; this sets its limits.</summary>
    public class LiquidFeature(IModule module) : FeatureBase(module)
    {
        /// <summary>Sets limits and types.</summary>
        public LiquidFeature ConfigureOptions(Action<LiquidOptions> configure)
        {
            Services.Configure(configure);
            return this;
        }
    }
}

namespace Elsa.Expressions.CSharp.Features
{
    /// <summary>C# in definitions. Off unless a host asks for it: such scripts run with the rights of the process.</summary>
    public class CSharpFeature(IModule module) : FeatureBase(module)
    {
        /// <summary>Sets assemblies, namespaces and further scripts.</summary>
        public CSharpFeature ConfigureOptions(Action<CSharpOptions> configure)
        {
            Services.Configure(configure);
            return this;
        }

        /// <inheritdoc />
        public override void Apply() => Services.AddCSharpExpressions();
    }
}
