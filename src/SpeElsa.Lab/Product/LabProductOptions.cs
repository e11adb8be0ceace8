namespace SpeElsa.Lab;

/// <summary>How the simulated product behaves where the real one is not documented, and what a test wants fixed.</summary>
public sealed class LabProductOptions
{
    /// <summary>The names the product uses.</summary>
    public LabProductNames Names { get; set; } = new();

    /// <summary>Which farms an empty directory is seeded with. Default: the single server.</summary>
    public LabFarmKind Farm { get; set; } = LabFarmKind.Single;

    /// <summary>What an empty directory is filled with in place of the seeded farms: a copy of an installation elsewhere. Default: nothing.</summary>
    public LabCopy? Copy { get; set; }

    /// <summary>The version of the seeded installation, and of an installation nobody names a version for. Default: 25.3.1.0.</summary>
    public string Version { get; set; } = "25.3.1.0";

    /// <summary>Whether the Management API can switch MFA of system administrators. Default: false, so a person has to.</summary>
    public bool MfaFunctions { get; set; }

    /// <summary>Functions of the Management API that this version does not have. Default: none.</summary>
    public IReadOnlyList<string> MissingFunctions { get; set; } = [];

    /// <summary>The field of GetSystemAdministrators that tells whether MFA is on. Default: <c>mfaEnabled</c>.</summary>
    public string MfaField { get; set; } = "mfaEnabled";

    /// <summary>Whether service providers may reach into instances from the start. Default: true.</summary>
    public bool ServiceProviderAccess { get; set; } = true;

    /// <summary>The status code of a long-running call that was cancelled. Default: <c>cancelled</c>.</summary>
    public string CancelledStatus { get; set; } = "cancelled";

    /// <summary>How much the seeded instances of a farm hold together, about. Default: 24 MiB.</summary>
    public long ArchiveBytes { get; set; } = 24 * 1024 * 1024;

    /// <summary>How many files of content the seeded instances of a farm have together, about. Default: 310.</summary>
    public int ArchiveFiles { get; set; } = 310;

    /// <summary>Makes the seeded files: the same seed makes the same files. Default: 2026.</summary>
    public int Seed { get; set; } = 2026;

    /// <summary>Secrets to seed with instead of random ones, for tests that look for them afterwards.</summary>
    public LabSecrets? FixedSecrets { get; set; }

    /// <summary>
    /// Takes the keys of certificates from this folder, where those that are missing are made, because a new key takes its time. The
    /// certificates differ all the same. Default: none, every key is new; for tests that make many farms.
    /// </summary>
    public string? KeyFolder { get; set; }

    /// <summary>Receives the secrets of a farm that is being seeded, before anything that depends on them is stored.</summary>
    public Action<LabSecrets>? SecretsCreated { get; set; }
}

/// <summary>The names of the product. The vendor documents few of them, so nothing may depend on the defaults.</summary>
public sealed class LabProductNames
{
    /// <summary>Appended to the three service names, for tests that prove nobody relies on them. Default: nothing.</summary>
    public string ServiceSuffix { get; set; } = "";

    /// <summary>The stem of the Management Server service. Default: <c>MailStoreManagementServer</c>.</summary>
    public string ManagementServerService { get; set; } = "MailStoreManagementServer";

    /// <summary>The stem of the Instance Host service. Default: <c>MailStoreInstanceHost</c>.</summary>
    public string InstanceHostService { get; set; } = "MailStoreInstanceHost";

    /// <summary>The stem of the Client Access Server service. Default: <c>MailStoreClientAccessServer</c>.</summary>
    public string ClientAccessServerService { get; set; } = "MailStoreClientAccessServer";

    /// <summary>Subject and friendly name of the Management Server's certificate.</summary>
    public string ManagementServerCertificate { get; set; } = "MailStoreManagementServer";

    /// <summary>Subject and friendly name of the Instance Host's certificate.</summary>
    public string InstanceHostCertificate { get; set; } = "MailStoreInstanceHost";

    /// <summary>Subject and friendly name of the certificate that browsers see.</summary>
    public string HttpCertificate { get; set; } = "MailStoreClientAccessServerHttp";

    /// <summary>Subject and friendly name of the certificate that mail programs see.</summary>
    public string ImapCertificate { get; set; } = "MailStoreClientAccessServerImap";

    /// <summary>Subject and friendly name of the certificate that the other roles see.</summary>
    public string TcpCertificate { get; set; } = "MailStoreClientAccessServerTcp";

    /// <summary>Where the product is installed.</summary>
    public string InstallDirectory { get; set; } = @"C:\Program Files\MailStore Infrastructure";

    /// <summary>The role configuration files, in <c>config</c>.</summary>
    public string ManagementServerConfiguration { get; set; } = "MailStoreManagementServer.json";

    /// <summary>The configuration file of the Instance Host.</summary>
    public string InstanceHostConfiguration { get; set; } = "MailStoreInstanceHost.json";

    /// <summary>The configuration file of the Client Access Server.</summary>
    public string ClientAccessServerConfiguration { get; set; } = "MailStoreClientAccessServer.json";

    internal string ConfigDirectory => InstallDirectory + @"\config";

    internal string DatabasePath => ConfigDirectory + @"\MailStoreManagementDatabase.json";

    internal string ConfigToolPath => InstallDirectory + @"\MailStoreInfrastructureConfig.exe";

    internal string ServiceName(ProductRole role) => role switch
    {
        ProductRole.ManagementServer => ManagementServerService + ServiceSuffix,
        ProductRole.InstanceHost => InstanceHostService + ServiceSuffix,
        _ => ClientAccessServerService + ServiceSuffix,
    };

    internal string RoleConfigurationPath(ProductRole role) => ConfigDirectory + @"\" + role switch
    {
        ProductRole.ManagementServer => ManagementServerConfiguration,
        ProductRole.InstanceHost => InstanceHostConfiguration,
        _ => ClientAccessServerConfiguration,
    };

    internal ProductRole? RoleOf(string serviceName)
    {
        foreach (var role in Enum.GetValues<ProductRole>())
        {
            if (string.Equals(ServiceName(role), serviceName, StringComparison.OrdinalIgnoreCase))
            {
                return role;
            }
        }

        return null;
    }
}

/// <summary>A role of the product.</summary>
public enum ProductRole
{
    /// <summary>Has the database, the console and the Management API.</summary>
    ManagementServer,

    /// <summary>Runs instances.</summary>
    InstanceHost,

    /// <summary>What end users talk to.</summary>
    ClientAccessServer,
}

/// <summary>The farms of the lab.</summary>
public enum LabFarmKind
{
    /// <summary>One server with everything on it, and an empty one.</summary>
    Single,

    /// <summary>Four servers in multi server mode, and an empty one for each role.</summary>
    Multi,

    /// <summary>Both, beside each other: two installations with a licence each.</summary>
    All,
}
