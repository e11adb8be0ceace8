using System.Text.Json.Nodes;

namespace SpeElsa.Lab;

/// <summary>
/// Fills an empty farm: spe-old with everything on it, spe-new with nothing. What is made is made again if a kill interrupted it, because
/// only the last step marks the farm as seeded; so are the secrets, which is why they are handed out before anything is stored.
/// </summary>
internal sealed class LabSeed(LabFarm farm, LabProductOptions options, ProductSetup setup, TimeProvider time)
{
    public const string OldServer = "spe-old";
    public const string NewServer = "spe-new";
    public const string ServiceAdministrator = "speelsa";
    public static readonly string[] MfaAdministrators = ["admin", "m.berger"];
    private const string SeededFact = "seeded";
    private const string DebugLogs = @"C:\ProgramData\MailStore Infrastructure\Debug Log";
    private const long DiskBytes = 512L << 30;

    private static readonly (string Id, string DisplayName, string BaseDirectory, double Share)[] Instances =
    [
        ("acme", "Acme GmbH", @"C:\MailStoreData\acme", 0.5),
        ("globex", "Globex AG", @"C:\MailStoreData\globex", 0.3),
        ("initech", "Initech KG", @"C:\Archive\initech", 0.2),
    ];

    private LabProductNames Names => options.Names;

    /// <returns>The secrets when the farm was seeded now; null when it had been.</returns>
    public LabSecrets? Run()
    {
        if ((bool?)farm.Facts()[SeededFact] == true || (farm.Servers.Count > 0 && farm.Find(OldServer) is null))
        {
            return null;
        }

        var secrets = options.FixedSecrets ?? LabSecrets.CreateRandom();
        options.SecretsCreated?.Invoke(secrets);
        var old = farm.Find(OldServer) ?? farm.AddServer(OldServer, DiskBytes);
        _ = farm.Find(NewServer) ?? farm.AddServer(NewServer, 2 * DiskBytes);
        foreach (var certificate in old.Certificates())
        {
            old.RemoveCertificate(certificate.Thumbprint);
        }

        setup.InstallPrograms(old, options.Version);
        var database = setup.SetUpSingleServer(old, secrets.AdministratorPasswords[MfaAdministrators[0]]);
        Fill(database, old, secrets);
        database.Write(old, Names);
        AddFiles(old);
        setup.CreateCertificates(old, exportable: false, years: 1, old.FullName);
        setup.CreateCertificates(old, exportable: true, years: 3, "Backup Agent");
        var thumbprint = old.Certificates().First(certificate => certificate.FriendlyName == Names.ManagementServerCertificate).Thumbprint;
        foreach (var role in Enum.GetValues<ProductRole>())
        {
            old.StartService(Names.ServiceName(role));
        }

        farm.UpdateFacts(facts =>
        {
            facts["licence"] = new JsonObject { ["serverName"] = OldServer, ["licenseeName"] = database.LicenseeName };
            facts["mailAccount"] =
                new JsonObject { ["userName"] = "spe@lab.example", ["passwordHash"] = PasswordHash.Create(secrets.SmtpPassword) };
            facts["seededThumbprint"] = thumbprint;
            facts["seededAt"] = time.GetUtcNow().ToString("O");
            facts[SeededFact] = true;
        });
        return secrets;
    }

    private void Fill(ManagementDatabase database, LabServer server, LabSecrets secrets)
    {
        database.LicenseeId = "LAB-0001";
        database.LicenseeName = "Lab Service Provider";
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
        database.Instances = [.. Instances.Select(instance => new DatabaseInstance
        {
            InstanceId = instance.Id,
            Alias = instance.Id,
            DisplayName = instance.DisplayName,
            InstanceHost = server.Name,
            BaseDirectory = instance.BaseDirectory,
            ArchiveAdminEnabled = options.ServiceProviderAccess,
        })];
    }

    private void AddFiles(LabServer server)
    {
        for (var index = 0; index < Instances.Length; index++)
        {
            var (id, _, baseDirectory, share) = Instances[index];
            SampleArchive.Create(
                server.ToLocalPath(baseDirectory),
                options.Seed + index,
                (int)(options.ArchiveFiles * share),
                (long)(options.ArchiveBytes * share));
            LinkDebugLog(server, id, baseDirectory);
            File.WriteAllText(Path.Combine(server.ToLocalPath(@$"{DebugLogs}\{id}"), "debug.log"), "Instance started\r\n");
        }

        Write(
            server,
            "MailStoreInstanceHostStartup.cmd",
            "@echo off\r\nrem Runs before the Instance Host starts.\r\nnet use Z: \\\\nas.lab.example\\archive\r\n");
        Write(server, @"Branding\branding.json", """{"productName":"Lab Mail Archive","accentColor":"#1e6091"}""");
        Write(
            server,
            @"Branding\logo.svg",
            """<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32"><circle cx="16" cy="16" r="14"/></svg>""");
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
}
