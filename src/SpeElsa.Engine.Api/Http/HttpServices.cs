using Elsa.Features.Abstractions;
using Elsa.Features.Services;
using Elsa.Http;
using Elsa.Http.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SpeElsa.Engine.Api.Http;
using SpeElsa.Engine.Api.Mail;
using SpeElsa.Engine.Management;

namespace Elsa.Http.Features
{
    /// <summary>Workflows that receive and send HTTP requests.</summary>
    public class HttpFeature(IModule module) : FeatureBase(module)
    {
        /// <summary>Sets where workflows are reached.</summary>
        public HttpFeature ConfigureHttpOptions(Action<HttpActivityOptions> configure)
        {
            Services.Configure(configure);
            return this;
        }

        /// <inheritdoc />
        public override void Apply() => Services.AddWorkflowHttp();
    }
}

namespace SpeElsa.Engine.Api.Http
{
    /// <summary>Adds HTTP to the engine.</summary>
    public static class HttpServices
    {
        /// <summary>Adds the HTTP activities and what receives requests for them.</summary>
        public static IServiceCollection AddWorkflowHttp(this IServiceCollection services, Action<HttpActivityOptions>? configure = null)
        {
            var options = services.AddOptions<HttpActivityOptions>().ValidateDataAnnotations();
            if (configure is not null)
            {
                options.Configure(configure);
            }

            // Its activity comes with the activities of this assembly, so what it needs does too.
            services.AddWorkflowMail();
            services.AddHttpClient(SendHttpRequestBase.ClientName);
            services.AddVariableType<HttpHeaders>("HTTP").AddVariableType<System.Net.HttpStatusCode>("HTTP").AddVariableType<HttpFile>("HTTP");
            services.AddActivitiesFrom(typeof(HttpEndpoint).Assembly);
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IDefinitionCheck, RouteCheck>());
            services.TryAddSingleton<WorkflowRoutes>();
            services.TryAddSingleton<RequestReader>();
            services.TryAddSingleton<StoredResponses>();
            return services;
        }
    }
}

namespace Elsa.Extensions
{
    using Elsa.Http.Features;

    /// <summary>Sets HTTP up.</summary>
    public static class HttpModuleExtensions
    {
        /// <summary>Lets workflows receive and send HTTP requests. The application calls <see cref="UseWorkflows(IApplicationBuilder)"/> too.</summary>
        public static IModule UseHttp(this IModule module, Action<HttpFeature>? configure = null)
        {
            ArgumentNullException.ThrowIfNull(module);
            module.Configure(configure);
            return module;
        }

        /// <summary>Receives the requests that workflows listen for, below the base path.</summary>
        public static IApplicationBuilder UseWorkflows(this IApplicationBuilder app) => app.UseMiddleware<WorkflowRequests>();
    }
}
