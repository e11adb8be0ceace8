using System.Text.Json.Nodes;

namespace SpeElsa.Lab;

/// <summary>
/// Fills an empty farm with a copy of an installation elsewhere: the same names, services, certificates and instances, with keys, passwords and
/// files of its own. It begins in an empty folder; only the last step marks the farm as filled.
/// </summary>
internal sealed class CopySeed(LabFarm farm, LabProductOptions options, ProductSetup setup)
{
    private const string FilledFact = "seeded";
    private const int MostFiles = 120;
    private const int FewestFiles = 6;
    private const int BytesOfAFile = 100_000;

    private LabProductNames Names => options.Names;

    /// <returns>The secrets of the farm when it was filled now; none when it was before.</returns>
    public IReadOnlyList<LabSecrets> Run(LabCopy copy)
    {
        if ((bool?)farm.Facts()[FilledFact] == true)
        {
            return [];
        }

        var secrets = Secrets(copy.Installation);
        options.SecretsCreated?.Invoke(secrets);
        var thumbprints = copy.Servers.ToDictionary(server => server.Name, AddServer, StringComparer.OrdinalIgnoreCase);
        var installation = copy.Installation;
        var manager = farm.Find(installation.ManagementServer)!;
        var shown = Certificate(manager, thumbprints, installation.Thumbprint, Names.ManagementServerCertificate);
        Directory.CreateDirectory(manager.ToLocalPath(Names.ConfigDirectory));
        new RoleConfiguration
        {
            ServerName = manager.ComputerName,
            Port = ProductSetup.PortOf(ProductRole.ManagementServer),
            Thumbprint = shown,
            ManagementServerThumbprint = shown,
        }.Write(manager, Names, ProductRole.ManagementServer);
        var database = Database(installation, manager, secrets);
        database.InstanceHosts = [.. installation.InstanceHosts.Select(entry => DatabaseServer.Of(Configure(entry, ProductRole.InstanceHost), entry.BaseDirectory))];
        database.ClientAccessServers = [.. installation.ClientAccessServers.Select(entry => DatabaseServer.Of(Configure(entry, ProductRole.ClientAccessServer), null))];
        database.Write(manager, Names);
        AddInstances(installation);
        AddServices(copy);
        foreach (var (name, server) in copy.DnsNames)
        {
            farm.Dns.Set(name, farm.Find(server)!.FullName, TimeSpan.FromMinutes(5));
        }

        farm.UpdateFacts(facts =>
        {
            FarmFacts.SetLicence(facts, LabFarmKind.Single, FarmFacts.LicenseeId(LabFarmKind.Single), manager.Name);
            facts["licence"]!["licenseeName"] = installation.LicenseeName;
            facts["mailAccount"] = new JsonObject
            {
                ["userName"] = (string?)installation.SmtpConfiguration?["username"],
                ["passwordHash"] = PasswordHash.Create(secrets.SmtpPassword),
            };
            facts["seededThumbprint"] = shown;
            facts[FilledFact] = true;
        });
        return [secrets];

        RoleConfiguration Configure(LabRoleCopy entry, ProductRole role)
        {
            var server = farm.Find(entry.Server)!;
            var isAccess = role == ProductRole.ClientAccessServer;
            var configuration = new RoleConfiguration
            {
                ServerName = entry.ServerName,
                Port = entry.Port,
                Thumbprint = Certificate(server, thumbprints, entry.Thumbprint, isAccess ? Names.TcpCertificate : Names.InstanceHostCertificate),
                OtherThumbprints = isAccess
                    ?
                    [
                        Certificate(server, thumbprints, entry.HttpThumbprint, Names.HttpCertificate),
                        Certificate(server, thumbprints, entry.ImapThumbprint, Names.ImapCertificate),
                    ]
                    : [],
                ManagementServer = server == manager ? "localhost" : manager.ComputerName,
                ManagementServerThumbprint = shown,
            };
            Directory.CreateDirectory(server.ToLocalPath(Names.ConfigDirectory));
            configuration.Write(server, Names, role);
            return configuration;
        }
    }

    private static LabSecrets Secrets(LabInstallationCopy installation)
    {
        Dictionary<string, string> Passwords() => installation.Administrators.Where(administrator => administrator.HasMfa)
            .ToDictionary(administrator => administrator.UserName, _ => LabSecrets.Random(), StringComparer.OrdinalIgnoreCase);
        return new LabSecrets(LabSecrets.Random(), Passwords(), Passwords(), LabSecrets.Random());
    }

    /// <returns>The thumbprints of its certificates, by those of the originals.</returns>
    private Dictionary<string, string> AddServer(LabServerCopy copy)
    {
        var server = farm.AddServer(copy.Name, copy.DiskBytes);
        foreach (var rule in copy.FirewallRules)
        {
            server.AddFirewallRule(rule);
        }

        if (copy.Version is { } version)
        {
            setup.InstallPrograms(server, version);
        }

        foreach (var (file, length) in copy.ConfigurationFiles)
        {
            var path = server.ToLocalPath($@"{Names.ConfigDirectory}\{file}");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, new byte[length]);
        }

        return setup.CopyCertificates(server, copy.Certificates);
    }

    private string Certificate(LabServer server, Dictionary<string, Dictionary<string, string>> known, string? original, string name)
    {
        if (original is not null && known[server.Name].TryGetValue(original, out var thumbprint))
        {
            return thumbprint;
        }

        return server.Certificates().FirstOrDefault(certificate => certificate.FriendlyName == name && certificate.HasPrivateKey)?.Thumbprint
            ?? setup.CreateCertificates(server, name)[0];
    }

    private ManagementDatabase Database(LabInstallationCopy installation, LabServer server, LabSecrets secrets)
    {
        var administrators = installation.Administrators.Select(administrator => new DatabaseAdministrator
        {
            UserName = administrator.UserName,
            FullName = administrator.FullName,
            PasswordHash = PasswordHash.Create(PasswordOf(administrator, installation, secrets)),
            ApiPasswordHash = administrator.HasMfa ? PasswordHash.Create(secrets.ApiPasswords[administrator.UserName]) : null,
            MfaSecret = administrator.HasMfa ? MachineKey.Protect(server, LabSecrets.Random()) : null,
        }).ToList();
        if (!administrators.Exists(administrator => IsSame(administrator.UserName, installation.ServiceAdministrator)))
        {
            administrators.Add(new() { UserName = installation.ServiceAdministrator, FullName = "SpeElsa", PasswordHash = PasswordHash.Create(secrets.ServiceAdministratorPassword) });
        }

        return new ManagementDatabase
        {
            ProductVersion = setup.InstalledVersion(server) ?? options.Version,
            LicenseeId = FarmFacts.LicenseeId(LabFarmKind.Single),
            LicenseeName = installation.LicenseeName,
            SystemAdministrators = administrators,
            SystemSmtpConfiguration = installation.SmtpConfiguration?.DeepClone().AsObject(),
            SystemSmtpPassword = installation.SmtpConfiguration is null ? null : MachineKey.Protect(server, secrets.SmtpPassword),
            Instances = [.. installation.Instances.Select(instance => new DatabaseInstance
            {
                InstanceId = instance.Id,
                Alias = instance.Alias,
                DisplayName = instance.DisplayName,
                InstanceHost = instance.InstanceHost,
                BaseDirectory = instance.BaseDirectory,
                StartMode = instance.StartMode,
                ArchiveAdminEnabled = options.ServiceProviderAccess,
            })],
        };
    }

    private static string PasswordOf(LabAdministratorCopy administrator, LabInstallationCopy installation, LabSecrets secrets) =>
        secrets.AdministratorPasswords.TryGetValue(administrator.UserName, out var password) ? password
        : IsSame(administrator.UserName, installation.ServiceAdministrator) ? secrets.ServiceAdministratorPassword
        : LabSecrets.Random();

    private void AddInstances(LabInstallationCopy installation)
    {
        for (var index = 0; index < installation.Instances.Count; index++)
        {
            var instance = installation.Instances[index];
            if (installation.InstanceHosts.FirstOrDefault(host => IsSame(host.ServerName, instance.InstanceHost)) is not { } host)
            {
                continue;
            }

            var server = farm.Find(host.Server)!;
            var directory = server.ToLocalPath(instance.BaseDirectory);
            SampleArchive.Create(directory, options.Seed + index, (int)Math.Clamp(instance.Bytes / BytesOfAFile, FewestFiles, MostFiles), instance.Bytes);
            LabSeed.LinkDebugLog(server, instance.Id, instance.BaseDirectory);
            foreach (var path in instance.OutsideStores.Values)
            {
                SampleArchive.CreateStore(server.ToLocalPath(path), options.Seed + index, FewestFiles, BytesOfAFile);
            }

            if (instance.OutsideStores.Count > 0)
            {
                OutsideStores.Write(directory, [.. instance.OutsideStores.Select(store => new OutsideStore(store.Key, store.Value))]);
            }

            if (!instance.IsRunning)
            {
                // Known as stopped, it is not started with its host.
                InstanceStates.Set(server, instance.Id, InstanceState.Stopped);
            }
        }
    }

    /// <summary>Last, so that nothing is at work that is not complete.</summary>
    private void AddServices(LabCopy copy)
    {
        foreach (var (server, service) in copy.Servers.SelectMany(server => server.Services.Select(service => (server, service))))
        {
            setup.AddService(farm.Find(server.Name)!, service.Role, service.StartMode, service.DisplayName, service.IsRunning ? LabService.Running : LabService.Stopped);
        }
    }

    private static bool IsSame(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
