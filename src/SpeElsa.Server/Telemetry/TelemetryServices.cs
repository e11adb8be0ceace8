using SpeElsa.Engine.Runtime;

namespace SpeElsa.Server.Telemetry;

/// <summary>Adds the export of traces and metrics where it is wanted. Where it is not, nothing of it is made, and the libraries for it are not loaded.</summary>
internal static class TelemetryServices
{
    public static void AddTelemetry(this IServiceCollection services, TelemetrySettings settings)
    {
        if (!settings.IsOn)
        {
            return;
        }

        TelemetryExport.Add(services, settings);
        RequestSpans.KeepBare();
        services.AddSingleton<IStartupFilter, RequestSpans>();
        services.AddSingleton<MoveMetrics>();
        services.AddSingleton<ICommitObserver>(provider => provider.GetRequiredService<MoveMetrics>());
        services.AddHostedService(provider => provider.GetRequiredService<MoveMetrics>());
        services.AddHostedService<TaskMetrics>();
    }
}
