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
/// <param name="Role">The role that ran twice.</param>
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
public sealed record LabFleetMachine(string Name, string FullName, Uri ManagementApi, string? Thumbprint, string UserName);
