using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SpeElsa.Lab;

/// <summary>Puts the lab into a host.</summary>
public static class LabHosting
{
    /// <summary>
    /// Adds <see cref="LabFarm"/>, <see cref="LabProduct"/>, <see cref="LabSites"/> and the hosted service that starts them. It starts before the ordinary hosted
    /// services, so those find the farm seeded and <see cref="LabProduct.Fleet"/> complete. Adds nothing when the lab is not enabled.
    /// </summary>
    public static IServiceCollection AddLab(this IServiceCollection services, LabOptions options, LabProductOptions? product = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!options.Enabled)
        {
            return services;
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider =>
            LabFarm.Open(options, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(provider => new LabProduct(
            provider.GetRequiredService<LabFarm>(),
            product,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(provider => new LabSites(new LabSite("", provider.GetRequiredService<LabFarm>(), provider.GetRequiredService<LabProduct>())));
        services.AddHostedService<LabHostedService>();
        return services;
    }
}

internal sealed class LabHostedService(LabProduct product) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => product.StartAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Last, so that what the other services still ask while they stop is answered.
    public Task StoppedAsync(CancellationToken cancellationToken) => product.StopAsync();
}
