using Elsa.Features.Abstractions;
using Elsa.Features.Services;
using Elsa.Http.Options;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SpeElsa.Engine.Api.Rest.Resume;

namespace Elsa.Sas.Features
{
    /// <summary>Signed links that let runs go on without a sign-in.</summary>
    public class SasTokensFeature(IModule module) : FeatureBase(module)
    {
        /// <summary>Sets how the keys of links are kept: a link is good as long as its key is there. By default the framework decides.</summary>
        public SasTokensFeature ConfigureDataProtection(Action<IDataProtectionBuilder> configure)
        {
            ArgumentNullException.ThrowIfNull(configure);
            configure(Services.AddDataProtection());
            return this;
        }

        /// <inheritdoc />
        public override void Apply() => Services.AddResumeLinks();
    }
}

namespace SpeElsa.Engine.Api.Rest.Resume
{
    /// <summary>Adds what makes and reads signed links.</summary>
    internal static class ResumeServices
    {
        public static IServiceCollection AddResumeLinks(this IServiceCollection services)
        {
            services.AddDataProtection();
            services.AddOptions<HttpActivityOptions>();
            services.TryAddSingleton<ResumeTokens>();
            services.TryAddSingleton<ResumeLinks>();
            return services;
        }
    }
}

namespace Elsa.Extensions
{
    using Elsa.Sas.Features;

    /// <summary>Sets signed links up.</summary>
    public static class SasTokensModuleExtensions
    {
        /// <summary>Lets workflows hand out signed links. The REST API, which serves them, has them too.</summary>
        public static IModule UseSasTokens(this IModule module, Action<SasTokensFeature>? configure = null)
        {
            ArgumentNullException.ThrowIfNull(module);
            module.Configure(configure);
            return module;
        }
    }
}
