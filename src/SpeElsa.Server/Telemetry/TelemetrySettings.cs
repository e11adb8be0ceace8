using System.ComponentModel.DataAnnotations;

namespace SpeElsa.Server.Telemetry;

/// <summary>Where traces and metrics go.</summary>
public sealed class TelemetrySettings : IValidatableObject
{
    /// <summary>The OTLP receiver. Default: none, and nothing is exported.</summary>
    public string? Endpoint { get; set; }

    /// <summary>What is spoken with it. Default HttpProtobuf.</summary>
    public TelemetryProtocol Protocol { get; set; } = TelemetryProtocol.HttpProtobuf;

    /// <summary>What this server is called there. Default speelsa.</summary>
    public string ServiceName { get; set; } = "speelsa";

    /// <summary>Whether anything is exported.</summary>
    internal bool IsOn => !string.IsNullOrWhiteSpace(Endpoint);

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (IsOn && !(Uri.TryCreate(Endpoint, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", Query: "", Fragment: "" }))
        {
            yield return new ValidationResult($"Telemetry:Endpoint is '{Endpoint}', which is no http or https address such as http://127.0.0.1:4318.");
        }

        if (!Enum.IsDefined(Protocol))
        {
            yield return new ValidationResult($"Telemetry:Protocol is '{Protocol}'; there are {string.Join(", ", Enum.GetNames<TelemetryProtocol>())}.");
        }

        if (string.IsNullOrWhiteSpace(ServiceName))
        {
            yield return new ValidationResult("Telemetry:ServiceName is empty. Give a name, or leave it out for 'speelsa'.");
        }
    }
}

/// <summary>How OTLP is spoken.</summary>
public enum TelemetryProtocol
{
    /// <summary>HTTP requests with protobuf; the usual port is 4318.</summary>
    HttpProtobuf,

    /// <summary>gRPC; the usual port is 4317.</summary>
    Grpc,
}
