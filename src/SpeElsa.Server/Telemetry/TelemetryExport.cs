using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SpeElsa.Engine.Telemetry;

namespace SpeElsa.Server.Telemetry;

/// <summary>Sends traces and metrics to an OTLP receiver. All that names the libraries for it stands here.</summary>
internal static class TelemetryExport
{
    private const string Requests = "Microsoft.AspNetCore";

    public static void Add(IServiceCollection services, TelemetrySettings settings)
    {
        var version = typeof(TelemetryExport).Assembly.GetName().Version?.ToString(3);
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(settings.ServiceName, serviceVersion: version))
            .WithMetrics(metrics => metrics.AddMeter(EngineMeter.Name).AddOtlpExporter(exporter => Aim(exporter, settings, "v1/metrics")))
            .WithTracing(traces => traces.AddSource(EngineTraces.Name, Requests)
                .AddOtlpExporter(exporter => Aim(exporter, settings, "v1/traces")));
    }

    private static void Aim(OtlpExporterOptions exporter, TelemetrySettings settings, string path)
    {
        var root = settings.Endpoint!.TrimEnd('/');
        (exporter.Protocol, exporter.Endpoint) = settings.Protocol is TelemetryProtocol.Grpc
            ? (OtlpExportProtocol.Grpc, new Uri(root))
            : (OtlpExportProtocol.HttpProtobuf, new Uri($"{root}/{path}"));

        // A client of its own: one of the host's would write each export to the log.
        exporter.HttpClientFactory = () => new HttpClient { Timeout = TimeSpan.FromMilliseconds(exporter.TimeoutMilliseconds) };
    }
}
