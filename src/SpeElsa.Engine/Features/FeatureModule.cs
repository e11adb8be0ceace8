using Elsa.Features.Services;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace SpeElsa.Engine.Features;

/// <summary>Gathers features and adds them once.</summary>
internal sealed class FeatureModule(IServiceCollection services) : IModule
{
    private readonly Dictionary<Type, IFeature> _features = [];
    private readonly List<(int Priority, Action<IServiceCollection> Add)> _hosted = [];

    public IServiceCollection Services { get; } = services;

    public IDictionary<object, object> Properties { get; } = new Dictionary<object, object>();

    public bool HasFeature<T>()
        where T : class, IFeature => HasFeature(typeof(T));

    public bool HasFeature(Type featureType) => _features.ContainsKey(featureType);

    public T Configure<T>(Action<T>? configure = null)
        where T : class, IFeature => Configure(module => (T)Activator.CreateInstance(typeof(T), module)!, configure);

    public T Configure<T>(Func<IModule, T> factory, Action<T>? configure = null)
        where T : class, IFeature
    {
        if (!_features.TryGetValue(typeof(T), out var feature))
        {
            _features[typeof(T)] = feature = factory(this);
            feature.Configure();
        }

        configure?.Invoke((T)feature);
        return (T)feature;
    }

    public IModule ConfigureHostedService<T>(int priority = 0)
        where T : class, IHostedService
    {
        _hosted.Add((priority, collection => collection.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, T>())));
        return this;
    }

    public void Apply()
    {
        foreach (var feature in _features.Values.ToArray())
        {
            feature.ConfigureHostedServices();
        }

        foreach (var (_, add) in _hosted.OrderBy(hosted => hosted.Priority))
        {
            add(Services);
        }

        foreach (var feature in _features.Values.ToArray())
        {
            feature.Apply();
        }
    }
}
