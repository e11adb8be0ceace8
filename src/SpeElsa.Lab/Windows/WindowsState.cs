using System.Text.Json.Serialization;

namespace SpeElsa.Lab.Windows;

/// <summary>What scripts can look at and change beyond services, certificates and tasks. Stored with the rest of the server's state.</summary>
internal sealed class WindowsState
{
    [JsonPropertyName("registry")]
    public List<RegistryValue> Registry { get; set; } = [];

    [JsonPropertyName("firewallRules")]
    public List<LabFirewallRule> FirewallRules { get; set; } = [];

    [JsonPropertyName("antivirusExclusions")]
    public List<string> AntivirusExclusions { get; set; } = [];

    [JsonPropertyName("snapshots")]
    public List<LabSnapshot> Snapshots { get; set; } = [];

    [JsonPropertyName("keyAccess")]
    public List<KeyAccess> KeyAccess { get; set; } = [];
}

/// <summary>A value of the registry; its key has the form <c>HKLM:\…</c>.</summary>
internal sealed record RegistryValue(
    [property: JsonPropertyName("key")] string Key,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("number")] long? Number,
    [property: JsonPropertyName("text")] string? Text)
{
    [JsonIgnore]
    public object? Value => (object?)Text ?? Number;
}

/// <summary>Who may read a private key besides administrators and the system.</summary>
internal sealed record KeyAccess(
    [property: JsonPropertyName("thumbprint")] string Thumbprint, [property: JsonPropertyName("account")] string Account);
