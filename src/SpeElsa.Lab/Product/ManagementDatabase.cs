using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SpeElsa.Lab.Windows;

namespace SpeElsa.Lab;

/// <summary>The management database: one JSON file in the configuration directory, read when the Management Server starts.</summary>
internal sealed class ManagementDatabase
{
    /// <summary>The same in every copy, which is how two copies at work are noticed.</summary>
    [JsonPropertyName("databaseID")]
    public string DatabaseId { get; set; } = Guid.NewGuid().ToString("D");

    /// <summary>The version that wrote it; an older product refuses it, a newer one upgrades it.</summary>
    [JsonPropertyName("productVersion")]
    public string ProductVersion { get; set; } = "";

    [JsonPropertyName("licenseeID")]
    public string LicenseeId { get; set; } = "";

    [JsonPropertyName("licenseeName")]
    public string LicenseeName { get; set; } = "";

    [JsonPropertyName("systemAdministrators")]
    public List<DatabaseAdministrator> SystemAdministrators { get; set; } = [];

    /// <summary>The SMTP settings as the API shows them, without the password.</summary>
    [JsonPropertyName("systemSmtpConfiguration")]
    public JsonObject? SystemSmtpConfiguration { get; set; }

    [JsonPropertyName("systemSmtpPassword")]
    public string? SystemSmtpPassword { get; set; }

    [JsonPropertyName("instanceHosts")]
    public List<DatabaseServer> InstanceHosts { get; set; } = [];

    [JsonPropertyName("clientAccessServers")]
    public List<DatabaseServer> ClientAccessServers { get; set; } = [];

    [JsonPropertyName("instances")]
    public List<DatabaseInstance> Instances { get; set; } = [];

    public DatabaseAdministrator? Administrator(string userName) =>
        SystemAdministrators.Find(administrator => string.Equals(administrator.UserName, userName, StringComparison.OrdinalIgnoreCase));

    public DatabaseInstance? Instance(string instanceId) =>
        Instances.Find(instance => string.Equals(instance.InstanceId, instanceId, StringComparison.OrdinalIgnoreCase));

    public static ManagementDatabase Read(LabServer server, LabProductNames names) =>
        AtomicFile.Read<ManagementDatabase>(server.ToLocalPath(names.DatabasePath));

    public void Write(LabServer server, LabProductNames names) => AtomicFile.Write(server.ToLocalPath(names.DatabasePath), this);
}

internal sealed class DatabaseAdministrator
{
    [JsonPropertyName("userName")]
    public required string UserName { get; set; }

    [JsonPropertyName("fullName")]
    public string FullName { get; set; } = "";

    [JsonPropertyName("emailAddress")]
    public string EmailAddress { get; set; } = "";

    [JsonPropertyName("passwordHash")]
    public required string PasswordHash { get; set; }

    [JsonPropertyName("apiPasswordHash")]
    public string? ApiPasswordHash { get; set; }

    /// <summary>Protected by the machine the database is on; null means that MFA is off.</summary>
    [JsonPropertyName("mfaSecret")]
    public string? MfaSecret { get; set; }
}

internal sealed class DatabaseServer
{
    [JsonPropertyName("serverName")]
    public required string ServerName { get; set; }

    [JsonPropertyName("port")]
    public int Port { get; set; }

    [JsonPropertyName("serverCertificate")]
    public DatabaseCertificate ServerCertificate { get; set; } = new();

    [JsonPropertyName("baseDirectory")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? BaseDirectory { get; set; }

    public static DatabaseServer Of(RoleConfiguration configuration, string? baseDirectory) => new()
    {
        ServerName = configuration.ServerName,
        Port = configuration.Port,
        ServerCertificate = new() { Thumbprint = configuration.Thumbprint },
        BaseDirectory = baseDirectory,
    };
}

internal sealed class DatabaseCertificate
{
    [JsonPropertyName("thumbprint")]
    public string Thumbprint { get; set; } = "";
}

internal sealed class DatabaseInstance
{
    public const string Automatic = "automatic";

    [JsonPropertyName("instanceID")]
    public required string InstanceId { get; set; }

    [JsonPropertyName("alias")]
    public string Alias { get; set; } = "";

    [JsonPropertyName("displayName")]
    public string DisplayName { get; set; } = "";

    [JsonPropertyName("instanceHost")]
    public required string InstanceHost { get; set; }

    [JsonPropertyName("startMode")]
    public string StartMode { get; set; } = Automatic;

    [JsonPropertyName("baseDirectory")]
    public required string BaseDirectory { get; set; }

    [JsonPropertyName("debugLogEnabled")]
    public bool DebugLogEnabled { get; set; }

    [JsonPropertyName("vssWriterEnabled")]
    public bool VssWriterEnabled { get; set; } = true;

    [JsonPropertyName("archiveAdminEnabled")]
    public bool ArchiveAdminEnabled { get; set; } = true;
}
