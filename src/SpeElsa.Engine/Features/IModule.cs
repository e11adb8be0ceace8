using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Elsa.Features.Services
{
    /// <summary>What a host asks of the engine, gathered before it is added to the services.</summary>
    public interface IModule
    {
        /// <summary>The host's services.</summary>
        IServiceCollection Services { get; }

        /// <summary>Notes that features leave for each other.</summary>
        IDictionary<object, object> Properties { get; }

        /// <summary>Whether a feature is asked for.</summary>
        bool HasFeature<T>()
            where T : class, IFeature;

        /// <summary>Whether a feature is asked for.</summary>
        bool HasFeature(Type featureType);

        /// <summary>Asks for a feature; the same one again when it is asked for already.</summary>
        /// <param name="configure">Sets it up.</param>
        T Configure<T>(Action<T>? configure = null)
            where T : class, IFeature;

        /// <summary>Asks for a feature.</summary>
        /// <param name="factory">Makes it when it is not asked for yet.</param>
        /// <param name="configure">Sets it up.</param>
        T Configure<T>(Func<IModule, T> factory, Action<T>? configure = null)
            where T : class, IFeature;

        /// <summary>Runs a service in the background; those of a lower priority start first.</summary>
        IModule ConfigureHostedService<T>(int priority = 0)
            where T : class, IHostedService;

        /// <summary>Adds everything to the services.</summary>
        void Apply();
    }

    /// <summary>A part of the engine that a host can ask for.</summary>
    public interface IFeature
    {
        /// <summary>What it is part of.</summary>
        IModule Module { get; }

        /// <summary>Asks for the features that it needs.</summary>
        void Configure();

        /// <summary>Asks for what runs in the background.</summary>
        void ConfigureHostedServices();

        /// <summary>Adds its services.</summary>
        void Apply();
    }
}

namespace Elsa.Features.Abstractions
{
    using Elsa.Features.Services;

    /// <summary>Base of features.</summary>
    public abstract class FeatureBase(IModule module) : IFeature
    {
        /// <inheritdoc />
        public IModule Module { get; } = module;

        /// <summary>The host's services.</summary>
        public IServiceCollection Services => Module.Services;

        /// <inheritdoc />
        public virtual void Configure()
        {
        }

        /// <inheritdoc />
        public virtual void ConfigureHostedServices()
        {
        }

        /// <inheritdoc />
        public virtual void Apply()
        {
        }

        /// <summary>Runs a service in the background; those of a lower priority start first.</summary>
        protected void ConfigureHostedService<T>(int priority = 0)
            where T : class, IHostedService => Module.ConfigureHostedService<T>(priority);
    }
}
