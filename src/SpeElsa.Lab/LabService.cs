using System.Text.Json.Serialization;

namespace SpeElsa.Lab;

/// <summary>A Windows service of a simulated server.</summary>
public sealed record LabService
{
    /// <summary>The state of a service that runs.</summary>
    public const string Running = "Running";

    /// <summary>The state of a service that does not run.</summary>
    public const string Stopped = "Stopped";

    /// <summary>The start mode of a service that Windows starts by itself.</summary>
    public const string Automatic = "Automatic";

    /// <summary>The start mode of a service that is started by hand.</summary>
    public const string Manual = "Manual";

    /// <summary>The start mode of a service that cannot be started.</summary>
    public const string Disabled = "Disabled";

    /// <summary>The service's key name.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>The name that the services console shows.</summary>
    [JsonPropertyName("displayName")]
    public string DisplayName { get; init; } = "";

    /// <summary>The command line of its executable, quoted as Windows stores it.</summary>
    [JsonPropertyName("pathName")]
    public string PathName { get; init; } = "";

    /// <summary><see cref="Running"/> or <see cref="Stopped"/>.</summary>
    [JsonPropertyName("state")]
    public string State { get; init; } = Stopped;

    /// <summary><see cref="Automatic"/>, <see cref="Manual"/> or <see cref="Disabled"/>.</summary>
    [JsonPropertyName("startMode")]
    public string StartMode { get; init; } = Automatic;

    /// <summary>The key names of the services that must run before it, with slashes between them, as sc.exe takes them.</summary>
    [JsonPropertyName("dependsOn")]
    public string DependsOn { get; init; } = "";

    /// <summary>Whether another service must run before it.</summary>
    internal bool Needs(string name) => DependsOn.Split('/').Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the service runs.</summary>
    [JsonIgnore]
    public bool IsRunning => State == Running;
}
