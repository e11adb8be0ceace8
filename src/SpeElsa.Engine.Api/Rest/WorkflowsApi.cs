using Elsa.Features.Abstractions;
using Elsa.Features.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Api.Identity;
using SpeElsa.Engine.Api.Rest;
using SpeElsa.Engine.Api.Rest.Definitions;
using SpeElsa.Engine.Api.Rest.Descriptors;
using SpeElsa.Engine.Api.Rest.Executions;
using SpeElsa.Engine.Api.Rest.Features;
using SpeElsa.Engine.Api.Rest.Instances;
using SpeElsa.Engine.Api.Rest.Resume;
using SpeElsa.Engine.Api.Rest.Runs;
using SpeElsa.Engine.Api.Rest.Scripting;

namespace Elsa.Workflows.Api.Features
{
    /// <summary>Elsa's REST API, which Elsa Studio works on. The application calls <c>UseWorkflowsApi</c> too.</summary>
    public class WorkflowsApiFeature(IModule module) : FeatureBase(module)
    {
        /// <inheritdoc />
        public override void Apply() => Services.AddWorkflowsApi();
    }
}

namespace SpeElsa.Engine.Api.Rest
{
    /// <summary>Puts Elsa's REST API together.</summary>
    public static class WorkflowsApi
    {
        /// <summary>Where the API is unless the application says otherwise.</summary>
        public const string DefaultPrefix = "elsa/api";

        /// <summary>Adds what the API needs.</summary>
        public static IServiceCollection AddWorkflowsApi(this IServiceCollection services)
        {
            services.AddAuthorization();
            services.AddInstancesApi();
            services.AddDefinitionsApi();
            return services;
        }

        /// <summary>Maps the API. Every route asks for a right of <see cref="Permissions"/>, but for those that carry a signed token.</summary>
        /// <param name="endpoints">Where to map.</param>
        /// <param name="prefix">The path before all routes, without slashes at its ends.</param>
        public static IEndpointRouteBuilder MapWorkflowsApi(this IEndpointRouteBuilder endpoints, string prefix = DefaultPrefix)
        {
            ArgumentNullException.ThrowIfNull(endpoints);
            var api = endpoints.MapGroup(prefix);
            api.AddEndpointFilter(RefuseWhatCanNotBeReadAsync);
            api.MapDefinitions();
            api.MapDefinitionBulkActions();
            api.MapDefinitionExport();
            api.MapDefinitionImport();
            api.MapConsumers();
            api.MapSubgraphs();
            api.MapFileConflicts();
            api.MapDescriptors();
            api.MapFeatures();
            api.MapScripting();
            api.MapRuns();
            api.MapInstances();
            api.MapExecutions();
            api.MapResume();
            api.MapIdentity();
            return endpoints;
        }

        private static async ValueTask<object?> RefuseWhatCanNotBeReadAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
        {
            try
            {
                return await next(context);
            }
            catch (BadRestRequestException exception)
            {
                return RestAnswers.Refuse(exception.StatusCode, exception.Member, [exception.Message]);
            }
            catch (BadHttpRequestException exception)
            {
                // The server itself refuses, such as a body beyond its own limit.
                return RestAnswers.Refuse(exception.StatusCode, "body", [exception.Message]);
            }
        }
    }
}

namespace Elsa.Extensions
{
    using Elsa.Workflows.Api.Features;

    /// <summary>Sets the REST API up.</summary>
    public static class WorkflowsApiExtensions
    {
        /// <summary>Adds Elsa's REST API. The application calls <see cref="UseWorkflowsApi(IApplicationBuilder, string)"/> too, after authentication and authorization.</summary>
        public static IModule UseWorkflowsApi(this IModule module, Action<WorkflowsApiFeature>? configure = null)
        {
            ArgumentNullException.ThrowIfNull(module);
            module.Configure(configure);
            return module;
        }

        /// <summary>Serves Elsa's REST API.</summary>
        /// <param name="app">The application.</param>
        /// <param name="routePrefix">The path before all routes.</param>
        public static IApplicationBuilder UseWorkflowsApi(this IApplicationBuilder app, string routePrefix = WorkflowsApi.DefaultPrefix)
        {
            ArgumentNullException.ThrowIfNull(app);
            return app is IEndpointRouteBuilder routes && routes.MapWorkflowsApi(routePrefix) is not null
                ? app
                : app.UseRouting().UseAuthorization().UseEndpoints(endpoints => endpoints.MapWorkflowsApi(routePrefix));
        }
    }
}
