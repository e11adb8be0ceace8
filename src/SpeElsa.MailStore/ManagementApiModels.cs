using System.Text.Json;
using System.Text.Json.Serialization;

namespace SpeElsa.MailStore;

/// <summary>Which server answers.</summary>
public sealed record EnvironmentInfo(string Version, string ServerName, string? LicenseeName = null, string? UserName = null);

/// <summary>The dashboard.</summary>
public sealed record ServiceStatus(IReadOnlyList<ServiceMessage> Messages, EnvironmentInfo? EnvironmentInfo = null);

/// <summary>One message of the dashboard.</summary>
public sealed record ServiceMessage(string Type, string? Text = null, string? Tag = null)
{
    /// <summary>Whether the server calls it an error.</summary>
    [JsonIgnore]
    public bool IsError => string.Equals(Type, "error", StringComparison.OrdinalIgnoreCase);
}

/// <summary>The certificate that a role shows to the other roles.</summary>
public sealed record RoleCertificate(string? Thumbprint = null);

/// <summary>An Instance Host as the Management Server knows it.</summary>
public sealed record InstanceHost(
    string ServerName, int? Port = null, RoleCertificate? ServerCertificate = null, string? BaseDirectory = null);

/// <summary>A Client Access Server as the Management Server knows it.</summary>
public sealed record ClientAccessServer(string ServerName, int? Port = null, RoleCertificate? ServerCertificate = null)
{
    /// <summary>Everything else the server tells, the service status among it; its field names differ between versions.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement> Other { get; init; } = [];
}

/// <summary>An instance and how it is.</summary>
public sealed record SpeInstance(
    [property: JsonPropertyName("instanceID")] string InstanceId,
    string? InstanceHost = null,
    string? Status = null,
    string? StartStopError = null,
    [property: JsonPropertyName("processID")] int? ProcessId = null)
{
    /// <summary>Whether the instance serves its users.</summary>
    [JsonIgnore]
    public bool IsRunning => string.Equals(Status, "running", StringComparison.OrdinalIgnoreCase);
}

/// <summary>How much an instance holds.</summary>
public sealed record InstanceStatistics(long NumberOfMessages, [property: JsonPropertyName("totalSizeMB")] double TotalSizeMB = 0);

/// <summary>An archive store of an instance.</summary>
public sealed record ArchiveStore(
    int Id,
    string? Name = null,
    string? DatabasePath = null,
    string? RequestedState = null,
    string? Error = null,
    bool SearchIndexesNeedRebuild = false,
    bool NeedsUpgrade = false,
    long? StatisticsCount = null,
    long? StatisticsSize = null);

/// <summary>A system administrator.</summary>
/// <param name="UserName">The name to log in with.</param>
/// <param name="FullName">The person.</param>
/// <param name="MfaEnabled">Whether MFA is on; null when the server does not send the configured field, so a person has to look.</param>
public sealed record SystemAdministrator(string UserName, string? FullName, bool? MfaEnabled);
