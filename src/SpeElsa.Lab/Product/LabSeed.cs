using System.Text.Json.Nodes;

namespace SpeElsa.Lab;

/// <summary>
/// Fills an empty farm: spe-old with everything on it, spe-new with nothing; and, where it is asked for, a second installation in multi server
/// mode. What is made is made again if a kill interrupted it, because only the last step marks a farm as seeded; so are the secrets, which
/// is why they are handed out before anything is stored.
/// </summary>
internal sealed partial class LabSeed(LabFarm farm, LabProductOptions options, ProductSetup setup, TimeProvider time)
{
    public const string OldServer = "spe-old";
    public const string NewServer = "spe-new";
    public const string ServiceAdministrator = "speelsa";
    public static readonly string[] MfaAdministrators = ["admin", "m.berger"];
    private const string SeededFact = "seeded";
    private const string DebugLogs = @"C:\ProgramData\MailStore Infrastructure\Debug Log";
    private const string ArchiveDirectory = @"C:\MailStoreData";
    private const long DiskBytes = 512L << 30;

    private static readonly SeededInstance[] SingleInstances =
    [
        new("acme", "Acme GmbH", OldServer, @"C:\MailStoreData\acme", 0.5),
        new("globex", "Globex AG", OldServer, @"C:\MailStoreData\globex", 0.3),
        new("initech", "Initech KG", OldServer, @"C:\Archive\initech", 0.2),
    ];

    private LabProductNames Names => options.Names;

    /// <returns>The secrets of each farm that was seeded now.</returns>
    public IReadOnlyList<LabSecrets> Run()
    {
        // Looked at before the first is seeded: servers that are neither's were put there by somebody who wants no seed.
        var isForeign = farm.Servers.Count > 0 && SingleServers.Concat(MultiServers).All(name => farm.Find(name) is null);
        List<LabSecrets> seeded = [];
        foreach (var kind in new[] { LabFarmKind.Single, LabFarmKind.Multi })
        {
            if (options.Farm != LabFarmKind.All && options.Farm != kind)
            {
                continue;
            }

            if (!isForeign && (bool?)FarmFacts.Of(farm, kind)[SeededFact] != true)
            {
                seeded.Add(Seed(kind));
            }
        }

        return seeded;
    }

    private LabSecrets Seed(LabFarmKind kind)
    {
        var secrets = (options.FixedSecrets ?? LabSecrets.CreateRandom()) with { Farm = kind };
        options.SecretsCreated?.Invoke(secrets);
        var (licensed, licensee) = kind == LabFarmKind.Single ? SeedSingle(secrets) : SeedMulti(secrets);
        var thumbprint = RoleConfiguration.TryRead(licensed, Names, ProductRole.ManagementServer)!.Thumbprint;
        farm.UpdateFacts(facts =>
        {
            FarmFacts.SetLicence(facts, kind, FarmFacts.LicenseeId(kind), licensed.Name);
            var own = FarmFacts.Of(facts, kind);
            own["licence"]!["licenseeName"] = licensee;
            own["mailAccount"] =
                new JsonObject { ["userName"] = "spe@lab.example", ["passwordHash"] = PasswordHash.Create(secrets.SmtpPassword) };
            own["seededThumbprint"] = thumbprint;
            own["seededAt"] = time.GetUtcNow().ToString("O");
            own[SeededFact] = true;
        });
        return secrets;
    }

    private (LabServer Licensed, string Licensee) SeedSingle(LabSecrets secrets)
    {
        var old = EmptyServer(OldServer, LabFarmKind.Single, DiskBytes);
        EmptyServer(NewServer, LabFarmKind.Single, 2 * DiskBytes);
        setup.InstallPrograms(old, options.Version);
        var database = setup.SetUpSingleServer(old, secrets.AdministratorPasswords[MfaAdministrators[0]]);
        Fill(database, old, secrets, "Lab Service Provider", SingleInstances);
        database.Write(old, Names);
        AddArchives(SingleInstances, options.Seed);
        AddStartupScript(old, ProductRole.InstanceHost);
        AddBranding(old);
        AddForeignCertificates(old);
        foreach (var role in Enum.GetValues<ProductRole>())
        {
            old.StartService(Names.ServiceName(role));
        }

        return (old, database.LicenseeName);
    }

    private LabServer EmptyServer(string name, LabFarmKind kind, long diskBytes)
    {
        var server = farm.Find(name) ?? farm.AddServer(name, diskBytes);
        FarmFacts.SetKind(server, kind);
        foreach (var certificate in server.Certificates())
        {
            server.RemoveCertificate(certificate.Thumbprint);
        }

        return server;
    }

    private void Fill(
        ManagementDatabase database, LabServer server, LabSecrets secrets, string licensee, IReadOnlyList<SeededInstance> instances)
    {
        database.LicenseeId = FarmFacts.LicenseeId(secrets.Farm);
        database.LicenseeName = licensee;
        database.SystemAdministrators =
        [
            .. MfaAdministrators.Select(name => new DatabaseAdministrator
            {
                UserName = name,
                FullName = name == "admin" ? "Administrator" : "Martina Berger",
                EmailAddress = $"{name}@lab.example",
                PasswordHash = PasswordHash.Create(secrets.AdministratorPasswords[name]),
                ApiPasswordHash = PasswordHash.Create(secrets.ApiPasswords[name]),
                MfaSecret = MachineKey.Protect(server, LabSecrets.Random()),
            }),
            new()
            {
                UserName = ServiceAdministrator,
                FullName = "SpeElsa",
                EmailAddress = "speelsa@lab.example",
                PasswordHash = PasswordHash.Create(secrets.ServiceAdministratorPassword),
            },
        ];
        database.SystemSmtpConfiguration = new JsonObject
        {
            ["hostname"] = "mail.lab.example",
            ["port"] = 587,
            ["protocol"] = "SMTP-TLS",
            ["authenticationRequired"] = true,
            ["username"] = "spe@lab.example",
            ["fromEmailAddress"] = "spe@lab.example",
            ["fromDisplayName"] = "MailStore SPE",
            ["recipientEmailAddress"] = "operations@lab.example",
        };
        database.SystemSmtpPassword = MachineKey.Protect(server, secrets.SmtpPassword);
        database.Instances = [.. instances.Select(instance => new DatabaseInstance
        {
            InstanceId = instance.Id,
            Alias = instance.Id,
            DisplayName = instance.DisplayName,
            InstanceHost = instance.Host,
            BaseDirectory = instance.BaseDirectory,
            ArchiveAdminEnabled = options.ServiceProviderAccess,
        })];
    }

    private void AddArchives(IReadOnlyList<SeededInstance> instances, int seed)
    {
        for (var index = 0; index < instances.Count; index++)
        {
            var (id, _, host, baseDirectory, share) = instances[index];
            var server = farm.Find(host)!;
            SampleArchive.Create(
                server.ToLocalPath(baseDirectory),
                seed + index,
                (int)(options.ArchiveFiles * share),
                (long)(options.ArchiveBytes * share));
            LinkDebugLog(server, id, baseDirectory);
            File.WriteAllText(Path.Combine(server.ToLocalPath(@$"{DebugLogs}\{id}"), "debug.log"), "Instance started\r\n");
        }
    }

    private void AddStartupScript(LabServer server, ProductRole role) => Write(
        server,
        $"MailStore{role}Startup.cmd",
        $"@echo off\r\nrem Runs before the role {role} starts.\r\nnet use Z: \\\\nas.lab.example\\archive\r\n");

    private void AddBranding(LabServer server)
    {
        Write(server, @"Branding\branding.json", """{"productName":"Lab Mail Archive","accentColor":"#1e6091"}""");
        Write(
            server,
            @"Branding\logo.svg",
            """<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32"><circle cx="16" cy="16" r="14"/></svg>""");
    }

    // What an export of everything in the store would take along, or stumble over.
    private void AddForeignCertificates(LabServer server)
    {
        setup.CreateCertificates(server, exportable: false, years: 1, server.FullName);
        setup.CreateCertificates(server, exportable: true, years: 3, "Backup Agent");
    }

    /// <summary>Makes the link from an instance's directory to its debug log, as the product does when the instance starts.</summary>
    public static void LinkDebugLog(LabServer server, string instanceId, string baseDirectory)
    {
        var target = $@"{DebugLogs}\{instanceId}";
        var link = $@"{baseDirectory}\Debug Log";
        Directory.CreateDirectory(server.ToLocalPath(target));
        if (!Path.Exists(server.ToLocalPath(link)))
        {
            server.CreateJunction(link, target);
        }
    }

    private void Write(LabServer server, string file, string text)
    {
        var path = server.ToLocalPath($@"{Names.ConfigDirectory}\{file}");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private sealed record SeededInstance(string Id, string DisplayName, string Host, string BaseDirectory, double Share);
}
