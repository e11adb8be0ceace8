using System.Text.Json.Serialization;

namespace SpeElsa.Lab;

/// <summary>A message of the dashboard.</summary>
/// <param name="Type">information, warning or error.</param>
/// <param name="Text">For a person.</param>
/// <param name="Tag">For a machine: what it is about.</param>
public sealed record LabMessage(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("text")] string Text,
    [property: JsonPropertyName("tag")] string? Tag)
{
    /// <summary>Whether the dashboard shows it as an error.</summary>
    [JsonIgnore]
    public bool IsError => Type == "error";
}

/// <summary>Something happened that must never happen on a real farm.</summary>
/// <param name="Kind">What: <c>split-brain</c>.</param>
/// <param name="Role">The role that ran twice; <c>Instance</c> and its id for an instance that two Instance Hosts ran.</param>
/// <param name="Servers">Where it ran at the same time.</param>
/// <param name="Timestamp">When it began, by the farm's clock.</param>
public sealed record LabViolation(
    [property: JsonPropertyName("kind")] string Kind,
    [property: JsonPropertyName("role")] string Role,
    [property: JsonPropertyName("servers")] IReadOnlyList<string> Servers,
    [property: JsonPropertyName("timestamp")] DateTimeOffset Timestamp);

/// <summary>What a host has to know to work with the servers of the lab.</summary>
/// <param name="Machines">The servers, by name.</param>
/// <param name="InstallDirectory">Where the product is, or will be, installed on each.</param>
public sealed record LabFleetInfo(IReadOnlyList<LabFleetMachine> Machines, string InstallDirectory);

/// <summary>A server of the lab.</summary>
/// <param name="Name">Its computer name.</param>
/// <param name="FullName">Its name with the domain.</param>
/// <param name="ManagementApi">Where its Management API listens while a Management Server runs there.</param>
/// <param name="Thumbprint">
/// SHA-1 thumbprint of the certificate it shows there: its own Management Server's, or, where no product is installed, the seeded one that
/// a move brings.
/// </param>
/// <param name="UserName">The administrator without MFA.</param>
/// <param name="Farm">The farm it belongs to, and with that the licence and the passwords.</param>
/// <param name="HttpsPort">The loopback port of browsers while a Client Access Server runs there, which on a real server is 443.</param>
/// <param name="ImapPort">The loopback port of mail programs (STARTTLS) while a Client Access Server runs there; really 143.</param>
public sealed record LabFleetMachine(
    string Name,
    string FullName,
    Uri ManagementApi,
    string? Thumbprint,
    string UserName,
    LabFarmKind Farm = LabFarmKind.Single,
    int HttpsPort = 0,
    int ImapPort = 0);

/// <summary>A licence of the vendor and the machine it is bound to.</summary>
/// <param name="Farm">The farm it was sold for.</param>
/// <param name="LicenseeId">Who has it.</param>
/// <param name="ServerName">The machine.</param>
public sealed record LabLicence(
    [property: JsonPropertyName("farm")] string Farm,
    [property: JsonPropertyName("licenseeID")] string LicenseeId,
    [property: JsonPropertyName("serverName")] string? ServerName);

/// <summary>A role that is set up on a server, as the configuration tool shows it.</summary>
/// <param name="Role">managementServer, instanceHost or clientAccessServer.</param>
/// <param name="Service">The name of its service.</param>
/// <param name="ServerName">The name it goes by; null when its configuration cannot be read, as everything after it.</param>
/// <param name="Thumbprint">The certificate it shows to the other roles.</param>
/// <param name="ManagementServer">Its Management Server; empty until it is paired.</param>
/// <param name="ManagementServerThumbprint">The certificate it expects there.</param>
/// <param name="HttpThumbprint">The certificate browsers see.</param>
/// <param name="ImapThumbprint">The certificate mail programs see.</param>
public sealed record LabRole(
    [property: JsonPropertyName("role")] string Role,
    [property: JsonPropertyName("service")] string Service,
    [property: JsonPropertyName("serverName")] string? ServerName,
    [property: JsonPropertyName("thumbprint")] string? Thumbprint,
    [property: JsonPropertyName("managementServer")] string? ManagementServer,
    [property: JsonPropertyName("managementServerThumbprint")] string? ManagementServerThumbprint,
    [property: JsonPropertyName("httpThumbprint")] string? HttpThumbprint,
    [property: JsonPropertyName("imapThumbprint")] string? ImapThumbprint);
