using Elsa.Features.Abstractions;
using Elsa.Features.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SpeElsa.Engine.Api.RealTime;
using SpeElsa.Engine.Api.Rest;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Serialization;

namespace Elsa.Workflows.Api.RealTime.Features
{
    /// <summary>Tells the viewer of an instance what happens, as it happens. The application calls <c>UseWorkflowsSignalRHubs</c> too.</summary>
    public class RealTimeWorkflowUpdatesFeature(IModule module) : FeatureBase(module)
    {
        /// <summary>Sets how often observers are told.</summary>
        public RealTimeWorkflowUpdatesFeature ConfigureRealTime(Action<RealTimeOptions> configure)
        {
            Services.Configure(configure);
            return this;
        }

        /// <inheritdoc />
        public override void Apply() => Services.AddRealTimeWorkflows();
    }
}

namespace SpeElsa.Engine.Api.RealTime
{
    /// <summary>Adds the hub.</summary>
    public static class RealTimeServices
    {
        /// <summary>Where the hub is unless the application says otherwise: beside the API, where the designer looks for it.</summary>
        public const string DefaultPath = "elsa" + HubTokens.HubPath;

        /// <summary>Adds what tells observers of instances.</summary>
        public static IServiceCollection AddRealTimeWorkflows(this IServiceCollection services)
        {
            services.AddOptions<RealTimeOptions>().ValidateDataAnnotations();
            services.AddSignalR().AddJsonProtocol(protocol => protocol.PayloadSerializerOptions = EngineJson.Options);
            services.TryAddSingleton<HubTickets>();
            services.TryAddSingleton<ObservedInstances>();
            services.TryAddEnumerable(ServiceDescriptor.Singleton<ICommitObserver, ObservedInstances>(provider => provider.GetRequiredService<ObservedInstances>()));
            services.AddHostedService<InstanceUpdates>();
            services.AddSingleton(new InstalledFeature("Elsa", "RealTimeWorkflowUpdates", "Real-time workflow updates", "Tells the viewer of an instance what happens, as it happens"));
            return services;
        }

        /// <summary>Maps the hub.</summary>
        /// <param name="endpoints">Where to map.</param>
        /// <param name="path">Its path, without slashes at its ends.</param>
        public static IEndpointRouteBuilder MapWorkflowsHub(this IEndpointRouteBuilder endpoints, string path = DefaultPath)
        {
            ArgumentNullException.ThrowIfNull(endpoints);

            // The door asks for the sign-in itself: a browser that can send no credentials holds a ticket instead.
            endpoints.MapHub<WorkflowInstanceHub>("/" + path.Trim('/')).AllowAnonymous().Add(endpoint =>
            {
                if (endpoint.RequestDelegate is { } hub)
                {
                    endpoint.RequestDelegate = HubDoor.Guard(hub);
                }
            });
            return endpoints;
        }
    }
}

namespace Elsa.Extensions
{
    using Elsa.Workflows.Api.RealTime.Features;

    /// <summary>Sets real-time updates up.</summary>
    public static class RealTimeModuleExtensions
    {
        /// <summary>Tells viewers of instances what happens, as it happens. The application calls <see cref="UseWorkflowsSignalRHubs"/> too.</summary>
        public static IModule UseRealTimeWorkflows(this IModule module, Action<RealTimeWorkflowUpdatesFeature>? configure = null)
        {
            ArgumentNullException.ThrowIfNull(module);
            module.Configure(configure);
            return module;
        }

        /// <summary>Serves the hub. Authentication comes before it.</summary>
        /// <param name="app">The application.</param>
        /// <param name="path">The hub's path; the designer expects it beside the API.</param>
        public static IApplicationBuilder UseWorkflowsSignalRHubs(this IApplicationBuilder app, string path = RealTimeServices.DefaultPath)
        {
            ArgumentNullException.ThrowIfNull(app);
            return app is IEndpointRouteBuilder routes && routes.MapWorkflowsHub(path) is not null
                ? app
                : app.UseRouting().UseEndpoints(endpoints => endpoints.MapWorkflowsHub(path));
        }
    }
}
