using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace SpeElsa.Lab;

/// <summary>
/// The two halves of an installation: the installer puts the programs on the disk, the configuration tool sets a mode up: certificates,
/// configuration and an empty database, services.
/// </summary>
internal sealed partial class ProductSetup(LabProductOptions options, TimeProvider time)
{
    private static readonly (ProductRole Role, string Folder, string DisplayName)[] Roles =
    [
        (ProductRole.ManagementServer, "Management Server", "MailStore SPE Management Server"),
        (ProductRole.InstanceHost, "Instance Host", "MailStore SPE Instance Host"),
        (ProductRole.ClientAccessServer, "Client Access Server", "MailStore SPE Client Access Server"),
    ];

    private readonly KeySource _keys = new(options.KeyFolder);

    private LabProductNames Names => options.Names;

    public string? InstalledVersion(LabServer server) => ProductExecutables.VersionOf(server.ToLocalPath(Names.ConfigToolPath));

    public bool IsSetUp(LabServer server) => server.Services.Any(service => Names.RoleOf(service.Name) is not null);

    public bool Has(LabServer server, ProductRole role) => server.Services.Any(service => Names.RoleOf(service.Name) == role);

    public string ServiceExecutable(ProductRole role) =>
        $@"{Names.InstallDirectory}\{Roles.First(item => item.Role == role).Folder}\{role}.exe";

    /// <summary>What the installer does. Repeating it puts the same files there again.</summary>
    public void InstallPrograms(LabServer server, string version)
    {
        if (!Version.TryParse(version, out _))
        {
            throw new LabProductException($"'{version}' is not a version.");
        }

        Directory.CreateDirectory(server.ToLocalPath(Names.InstallDirectory));
        ProductExecutables.Write(server.ToLocalPath(Names.ConfigToolPath), "MailStore Infrastructure Configuration", version);
        foreach (var (role, _, displayName) in Roles)
        {
            var path = server.ToLocalPath(ServiceExecutable(role));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            ProductExecutables.Write(path, displayName, version);
        }
    }

    /// <summary>The version an installer brings: its file name says it, otherwise it is the default.</summary>
    public string VersionOf(LabInstallation installation) =>
        VersionPattern().Match(installation.CommandLine) is { Success: true } match ? match.Value : options.Version;

    /// <summary>
    /// What the configuration tool does for a single server, but for starting the services. Returns the database it made.
    /// </summary>
    public ManagementDatabase SetUpSingleServer(LabServer server, string administratorPassword)
    {
        var version = InstalledVersion(server) ?? throw new LabProductException($"The product is not installed on {server.Name}.");
        string[] certificates =
        [
            Names.ManagementServerCertificate,
            Names.InstanceHostCertificate,
            Names.HttpCertificate,
            Names.ImapCertificate,
            Names.TcpCertificate,
        ];
        if (CreateCertificates(server, certificates) is not [var management, var host, var http, var imap, var tcp])
        {
            throw new InvalidOperationException("There is not a certificate for each name.");
        }

        var managementServer = Role(8471, management);
        Directory.CreateDirectory(server.ToLocalPath(Names.ConfigDirectory));
        managementServer.Write(server, Names, ProductRole.ManagementServer);
        Role(8472, host).Write(server, Names, ProductRole.InstanceHost);
        (Role(8473, tcp) with { OtherThumbprints = [http, imap] }).Write(server, Names, ProductRole.ClientAccessServer);
        var database = new ManagementDatabase
        {
            ProductVersion = version,
            SystemAdministrators =
            [
                new() { UserName = "admin", FullName = "Administrator", PasswordHash = PasswordHash.Create(administratorPassword) },
            ],
            InstanceHosts = [Entry(8472, host, @"C:\MailStoreData")],
            ClientAccessServers = [Entry(8473, tcp, null)],
        };
        database.Write(server, Names);
        foreach (var (role, _, _) in Roles)
        {
            AddService(server, role);
        }

        return database;

        RoleConfiguration Role(int port, string thumbprint) =>
            new() { ServerName = server.ComputerName, Port = port, Thumbprint = thumbprint, ManagementServerThumbprint = management };

        DatabaseServer Entry(int port, string thumbprint, string? baseDirectory) => new()
        {
            ServerName = server.ComputerName,
            Port = port,
            ServerCertificate = new() { Thumbprint = thumbprint },
            BaseDirectory = baseDirectory,
        };
    }

    /// <summary>
    /// What the configuration tool does when a role is added in multi server mode: new certificates, a configuration that knows no
    /// Management Server, a stopped service. A Management Server gets an empty database, unless there is one.
    /// </summary>
    public RoleConfiguration AddRole(LabServer server, ProductRole role, string administratorPassword)
    {
        var version = InstalledVersion(server) ?? throw new LabProductException($"The product is not installed on {server.Name}. Install it first.");
        string[] certificates = role switch
        {
            ProductRole.ManagementServer => [Names.ManagementServerCertificate],
            ProductRole.InstanceHost => [Names.InstanceHostCertificate],
            _ => [Names.TcpCertificate, Names.HttpCertificate, Names.ImapCertificate],
        };
        var thumbprints = CreateCertificates(server, certificates);
        var isManager = role == ProductRole.ManagementServer;
        var configuration = new RoleConfiguration
        {
            ServerName = server.ComputerName,
            Port = PortOf(role),
            Thumbprint = thumbprints[0],
            OtherThumbprints = [.. thumbprints.Skip(1)],
            ManagementServer = isManager ? "localhost" : "",
            ManagementServerThumbprint = isManager ? thumbprints[0] : "",
        };
        Directory.CreateDirectory(server.ToLocalPath(Names.ConfigDirectory));
        configuration.Write(server, Names, role);
        if (isManager && !File.Exists(server.ToLocalPath(Names.DatabasePath)))
        {
            var administrator = new DatabaseAdministrator
            {
                UserName = "admin",
                FullName = "Administrator",
                PasswordHash = PasswordHash.Create(administratorPassword),
            };
            new ManagementDatabase { ProductVersion = version, SystemAdministrators = [administrator] }.Write(server, Names);
        }

        AddService(server, role);
        return configuration;
    }

    public static int PortOf(ProductRole role) => role switch
    {
        ProductRole.ManagementServer => 8471,
        ProductRole.InstanceHost => 8472,
        _ => 8473,
    };

    private void AddService(LabServer server, ProductRole role) =>
        AddService(server, role, LabService.Automatic, Roles.First(item => item.Role == role).DisplayName, LabService.Stopped);

    /// <summary>Registers the service of a role.</summary>
    public void AddService(LabServer server, ProductRole role, string startMode, string displayName, string state) => server.AddService(new LabService
    {
        Name = Names.ServiceName(role),
        DisplayName = displayName,
        PathName = $"\"{ServiceExecutable(role)}\" --service",
        StartMode = startMode,
        State = state,
    });

    /// <summary>Puts certificates of the same names into the personal store, each with a key of its own.</summary>
    /// <returns>Their thumbprints, by those of the originals.</returns>
    public Dictionary<string, string> CopyCertificates(LabServer server, IReadOnlyList<LabCertificateCopy> originals)
    {
        var thumbprints = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (original, key) in originals.Zip(_keys.Take(originals.Count)))
        {
            using (key)
            using (var made = SelfSign(server, new X500DistinguishedName(original.Subject), key, original.NotAfter))
            using (var shown = X509CertificateLoader.LoadCertificate(made.RawData))
            {
                var certificate = LabCertificate.From(original.HasPrivateKey ? made : shown, original.FriendlyName, original.Exportable);
                server.AddCertificate(certificate);
                thumbprints[original.Thumbprint] = certificate.Thumbprint;
            }
        }

        return thumbprints;
    }

    /// <summary>Puts self-signed certificates into the personal store. Returns their thumbprints, in the order of the names.</summary>
    public IReadOnlyList<string> CreateCertificates(LabServer server, params string[] names) =>
        CreateCertificates(server, exportable: true, years: 10, names);

    public IReadOnlyList<string> CreateCertificates(LabServer server, bool exportable, int years, params string[] names)
    {
        var thumbprints = new List<string>();
        foreach (var (name, key) in names.Zip(_keys.Take(names.Length)))
        {
            using (key)
            {
                var certificate = Create(server, name, key, exportable, years);
                server.AddCertificate(certificate);
                thumbprints.Add(certificate.Thumbprint);
            }
        }

        return thumbprints;
    }

    private LabCertificate Create(LabServer server, string name, RSA key, bool exportable, int years)
    {
        using var certificate = SelfSign(server, new X500DistinguishedName($"CN={name}"), key, time.GetUtcNow().AddYears(years));
        return LabCertificate.From(certificate, name, exportable);
    }

    private X509Certificate2 SelfSign(LabServer server, X500DistinguishedName subject, RSA key, DateTimeOffset notAfter)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(server.FullName);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());

        // One that has expired is to have expired; it only has to have begun before.
        var begun = time.GetUtcNow().AddDays(-1);
        return request.CreateSelfSigned(notAfter > begun ? begun : notAfter.AddDays(-1), notAfter);
    }

    [GeneratedRegex(@"\d+\.\d+\.\d+(\.\d+)?")]
    private static partial Regex VersionPattern();
}
