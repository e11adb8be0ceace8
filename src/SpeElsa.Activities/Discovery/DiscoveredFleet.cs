using System.Text.Json.Nodes;

namespace SpeElsa.Activities;

/// <summary>What was found, without changing anything, of the machines of a plan and the installation on them.</summary>
/// <param name="Machines">The machines of the plan, and those of the fleet that the installation has too.</param>
/// <param name="Installation">What its Management Server tells.</param>
/// <param name="Notes">What could not be found out, in words.</param>
public sealed record DiscoveredFleet(IReadOnlyList<DiscoveredMachine> Machines, DiscoveredInstallation Installation, IReadOnlyList<string> Notes);

/// <summary>A machine.</summary>
public sealed record DiscoveredMachine
{
    /// <summary>Its name in the fleet.</summary>
    public required string Name { get; init; }

    /// <summary>Its computer name.</summary>
    public required string ComputerName { get; init; }

    /// <summary>Its name with the domain; null where it is in none.</summary>
    public string? FullName { get; init; }

    /// <summary>The version of the product; null where it is not installed.</summary>
    public string? ProductVersion { get; init; }

    /// <summary>Its drives with what is free on them.</summary>
    public IReadOnlyDictionary<string, long> FreeBytes { get; init; } = new Dictionary<string, long>();

    /// <summary>The services of the product.</summary>
    public IReadOnlyList<DiscoveredService> Services { get; init; } = [];

    /// <summary>The certificates in its personal store.</summary>
    public IReadOnlyList<DiscoveredCertificate> Certificates { get; init; } = [];

    /// <summary>The ports of the product that its firewall lets in.</summary>
    public IReadOnlyList<int> OpenPorts { get; init; } = [];

    /// <summary>The length of each file in the product's configuration directory, by path in it.</summary>
    public IReadOnlyDictionary<string, long> ConfigurationFiles { get; init; } = new Dictionary<string, long>();

    /// <summary>The certificate that its Client Access Server shows browsers.</summary>
    public string? HttpThumbprint { get; init; }

    /// <summary>The certificate that its Client Access Server shows mail programs.</summary>
    public string? ImapThumbprint { get; init; }

    /// <summary>Whether the end users' name of the plan leads here.</summary>
    public bool IsEndUserName { get; init; }
}

/// <summary>A service of the product.</summary>
/// <param name="Role">managementServer, instanceHost or clientAccessServer.</param>
/// <param name="Name">Its key name.</param>
/// <param name="DisplayName">The name that the services console shows.</param>
/// <param name="IsRunning">Whether it runs.</param>
/// <param name="StartMode">Automatic, Manual or Disabled.</param>
public sealed record DiscoveredService(string Role, string Name, string DisplayName, bool IsRunning, string StartMode);

/// <summary>A certificate.</summary>
/// <param name="Thumbprint">Its thumbprint.</param>
/// <param name="Subject">The subject's distinguished name.</param>
/// <param name="FriendlyName">The name the certificate console shows.</param>
/// <param name="NotAfter">The end of its validity; null when it was not told.</param>
/// <param name="HasPrivateKey">Whether the store has the key.</param>
/// <param name="Exportable">Whether Windows lets the key out; null when it was not told.</param>
public sealed record DiscoveredCertificate(string Thumbprint, string Subject, string FriendlyName, DateTimeOffset? NotAfter, bool HasPrivateKey, bool? Exportable);

/// <summary>What a Management Server tells of its installation.</summary>
public sealed record DiscoveredInstallation
{
    /// <summary>The machine it is on, by its name in the fleet.</summary>
    public required string ManagementServer { get; init; }

    /// <summary>Its version.</summary>
    public required string Version { get; init; }

    /// <summary>Who has the licence.</summary>
    public string LicenseeName { get; init; } = "";

    /// <summary>The Instance Hosts.</summary>
    public IReadOnlyList<DiscoveredEntry> InstanceHosts { get; init; } = [];

    /// <summary>The Client Access Servers.</summary>
    public IReadOnlyList<DiscoveredEntry> ClientAccessServers { get; init; } = [];

    /// <summary>The instances.</summary>
    public IReadOnlyList<DiscoveredInstance> Instances { get; init; } = [];

    /// <summary>The system administrators.</summary>
    public IReadOnlyList<DiscoveredAdministrator> Administrators { get; init; } = [];

    /// <summary>The mail settings, without a password; null where none are set.</summary>
    public JsonObject? SmtpConfiguration { get; init; }

    /// <summary>The functions that this version of the Management API does not have, of those that moves use.</summary>
    public IReadOnlyList<string> MissingFunctions { get; init; } = [];
}

/// <summary>An Instance Host or Client Access Server as the Management Server knows it.</summary>
/// <param name="ServerName">The name it goes by.</param>
/// <param name="Machine">The machine of the fleet that it is on; null where the fleet has none of its name.</param>
/// <param name="Port">Its port; null when it was not told.</param>
/// <param name="Thumbprint">The certificate it shows to the other roles.</param>
/// <param name="BaseDirectory">Of an Instance Host: where new instances go.</param>
public sealed record DiscoveredEntry(string ServerName, string? Machine, int? Port, string? Thumbprint, string? BaseDirectory = null);

/// <summary>An instance.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Alias">Its alias.</param>
/// <param name="DisplayName">Its name for people.</param>
/// <param name="InstanceHost">The entry of the host it is on.</param>
/// <param name="BaseDirectory">Where its data is there.</param>
/// <param name="StartMode">How it starts.</param>
/// <param name="IsRunning">Whether it runs.</param>
/// <param name="Bytes">How much data it holds; null where it does not run and can not tell.</param>
/// <param name="Stores">Where its stores are, by name.</param>
public sealed record DiscoveredInstance(
    string Id, string Alias, string DisplayName, string InstanceHost, string BaseDirectory, string StartMode, bool IsRunning, long? Bytes, IReadOnlyDictionary<string, string> Stores);

/// <summary>A system administrator.</summary>
/// <param name="UserName">The user name.</param>
/// <param name="FullName">The person.</param>
/// <param name="HasMfa">Whether MFA is on; null when it was not told.</param>
public sealed record DiscoveredAdministrator(string UserName, string FullName, bool? HasMfa);
