using System.Text.Json.Nodes;
using SpeElsa.Machines;

namespace SpeElsa.Lab.Tests.Windows;

/// <summary>One use of a script on servers that are ready for it.</summary>
/// <param name="Script">The script.</param>
/// <param name="Server">Where it runs.</param>
/// <param name="Input">Its input.</param>
/// <param name="ByTicket">Whether it runs as a task.</param>
/// <param name="DoneAt">A path that is there when it is done; null where the script looks itself.</param>
internal sealed record FaultScenario(MachineScript Script, LabServer Server, Func<JsonObject> Input, bool ByTicket = false, string? DoneAt = null)
{
    public const string Archive = @"C:\Data\Archive";
    private const string Password = "canary-7f3a";
    private const string Share = @"\\spe-old\C$";
    private const string Install = @"C:\Program Files\MailStore Infrastructure";

    private static readonly Dictionary<string, Func<TestFarm, MachineScript, FaultScenario>> Uses = new(StringComparer.Ordinal)
    {
        ["Get-ServerFacts"] = (farm, script) => new(script, farm.Old, () => new JsonObject { ["installDirectory"] = Install }),
        ["Get-MailStoreServices"] = (farm, script) => new(script, farm.Old, () => new JsonObject { ["installDirectory"] = Install, ["stems"] = new JsonObject() }),
        ["Stop-WindowsService"] = (farm, script) => WithService(farm, script, LabService.Running, LabService.Manual, new JsonObject { ["name"] = "Role" }),
        ["Start-WindowsService"] = (farm, script) => WithService(farm, script, LabService.Stopped, LabService.Automatic, new JsonObject { ["name"] = "Role" }),
        ["Set-WindowsServiceStartMode"] = (farm, script) =>
            WithService(farm, script, LabService.Stopped, LabService.Manual, new JsonObject { ["name"] = "Role", ["startMode"] = "Disabled" }),
        ["Get-Certificates"] = (farm, script) => WithCertificates(farm, script, _ => []),
        ["Move-CertificatesAside"] = (farm, script) => WithCertificates(farm, script, thumbprints => new JsonObject { ["thumbprints"] = thumbprints, ["backupStore"] = "SpeElsaBackup" }),
        ["Export-Certificates"] = (farm, script) => WithCertificates(farm, script, thumbprints => new JsonObject { ["thumbprints"] = thumbprints, ["password"] = Password }),
        ["Import-Certificates"] = WithFiles,
        ["Find-TransferLeftovers"] = (farm, script) =>
        {
            TestFarm.Write(farm.Old, @"C:\ProgramData\SpeElsa\Transfer\left.pfx", "left");
            return new(script, farm.Old, () => new JsonObject { ["remove"] = true });
        },
        ["Get-DirectoryManifest"] = (farm, script) => WithArchive(farm, new(script, farm.Old, () => new JsonObject
        {
            ["path"] = Archive,
            ["manifestFile"] = @"C:\ProgramData\SpeElsa\Manifests\one.jsonl",
        }, ByTicket: true)),
        ["Copy-Directory"] = (farm, script) => WithArchive(farm, new(script, farm.New, () => new JsonObject
        {
            ["source"] = @"\\spe-old\C$\Data\Archive",
            ["destination"] = Archive,
            ["mode"] = "final",
        }, ByTicket: true)),
        ["Copy-File"] = (farm, script) =>
        {
            TestFarm.Write(farm.New, Archive + @"\Master.fdb", "its own");
            return WithArchive(farm, new(script, farm.New, () => new JsonObject
            {
                ["source"] = @"\\spe-old\C$\Data\Archive\Master.fdb",
                ["destination"] = Archive + @"\Master.fdb",
                ["asidePath"] = Archive + @"\Master.fdb.before",
            }, ByTicket: true));
        },
        ["Move-Aside"] = (farm, script) => WithArchive(farm, new(script, farm.Old, () => new JsonObject { ["path"] = Archive, ["asidePath"] = @"C:\Aside\Archive" })),
        ["Get-PathFacts"] = (farm, script) => new(script, farm.Old, () => new JsonObject { ["paths"] = new JsonArray(@"C:\Windows") }),
        ["Test-TcpPort"] = (farm, script) => new(script, farm.Old, () => new JsonObject { ["hostName"] = "spe-new", ["port"] = 445 }),
        ["Grant-CertificateAccess"] = (farm, script) =>
            WithCertificates(farm, script, thumbprints => new JsonObject { ["thumbprints"] = thumbprints, ["account"] = @"NT SERVICE\MailStoreInstanceHost" }),
        ["Remove-Certificates"] = (farm, script) => WithCertificates(farm, script, thumbprints => new JsonObject { ["thumbprints"] = thumbprints }),
        ["Get-FileOwners"] = (farm, script) =>
            WithArchive(farm, new(script, farm.Old, () => new JsonObject { ["paths"] = new JsonArray(Archive + @"\Master.fdb") })),
        ["Find-LongPaths"] = (farm, script) => WithArchive(farm, new(script, farm.Old, () => new JsonObject { ["path"] = Archive }, ByTicket: true)),
        ["Connect-Share"] = WithShare,
        ["Disconnect-Share"] = (farm, script) =>
        {
            Before(WithShare(farm, MachineScripts.ConnectShare), farm);
            return new(script, farm.New, () => new JsonObject { ["path"] = Share });
        },
        ["Get-Runtimes"] = (farm, script) => new(script, farm.New, () => []),
        ["Get-PendingReboot"] = (farm, script) => new(script, farm.New, () => []),
        ["Get-FirewallRules"] = WithPorts,
        ["Add-FirewallRules"] = WithPorts,
        ["Remove-FirewallRules"] = (farm, script) => Before(WithPorts(farm, MachineScripts.AddFirewallRules), farm) with { Script = script },
        ["Get-PortsInUse"] = WithPorts,
        ["Resolve-HostName"] = (farm, script) =>
        {
            farm.Farm.Dns.Set("archive.lab.example", "spe-old.lab.example", TimeSpan.FromMinutes(5));
            return new(script, farm.New, () => new JsonObject { ["name"] = "archive.lab.example" });
        },
        ["Get-AntivirusExclusions"] = WithFolders,
        ["Add-AntivirusExclusions"] = WithFolders,
        ["Remove-AntivirusExclusions"] = (farm, script) => Before(WithFolders(farm, MachineScripts.AddAntivirusExclusions), farm) with { Script = script },
        ["Get-VolumeSnapshots"] = (farm, script) => Before(WithSnapshot(farm, MachineScripts.NewVolumeSnapshot), farm) with { Script = script, Input = () => [] },
        ["New-VolumeSnapshot"] = WithSnapshot,
        ["Remove-VolumeSnapshot"] = (farm, script) => Before(WithSnapshot(farm, MachineScripts.NewVolumeSnapshot), farm) with { Script = script },
        ["Install-MailStore"] = (farm, script) =>
        {
            farm.New.Installer = (installation, _) =>
            {
                Directory.CreateDirectory(installation.Server.ToLocalPath(Install));
                return Task.FromResult(0);
            };
            return new(script, farm.New, () => new JsonObject { ["commandLine"] = @"C:\Setup\setup.exe", ["installDirectory"] = Install }, ByTicket: true, DoneAt: Install);
        },
        ["Invoke-OwnScript"] = (farm, script) =>
        {
            farm.Old.AddService(new LabService { Name = "Agent", State = LabService.Running, StartMode = LabService.Manual });
            return new(script, farm.Old, () => new JsonObject { ["script"] = "$agent = Get-Service -Name 'Agent'; if ($agent.Status -eq 'Running') { $agent.Stop() }" }, ByTicket: true);
        },
    };

    public static FaultScenario Prepare(TestFarm farm, MachineScript script) => Uses.TryGetValue(script.Name, out var use)
        ? use(farm, script)
        : throw new InvalidOperationException($"The script {script.Name} is new: say here how it is used, so that it is tried with every fault.");

    /// <summary>Looks whether what the script is for is there already.</summary>
    public async Task<bool> IsDoneAsync(IMachine machine)
    {
        if (DoneAt is null)
        {
            return false;
        }

        var facts = await machine.InvokeAsync(MachineScripts.GetPathFacts, new JsonObject { ["paths"] = new JsonArray(DoneAt) }, TestFarm.Cancelled);
        return facts.GetProperty("paths")[0].GetProperty("exists").GetBoolean();
    }

    private static FaultScenario WithShare(TestFarm farm, MachineScript script)
    {
        farm.Old.RequireShareAccount("mover", Password);
        return new(script, farm.New, () => new JsonObject { ["path"] = Share, ["userName"] = "mover", ["password"] = Password });
    }

    private static FaultScenario WithPorts(TestFarm farm, MachineScript script) => new(script, farm.New, () => new JsonObject { ["ports"] = new JsonArray(8470, 8474) });

    private static FaultScenario WithFolders(TestFarm farm, MachineScript script) => new(script, farm.New, () => new JsonObject { ["paths"] = new JsonArray(Archive) });

    private static FaultScenario WithSnapshot(TestFarm farm, MachineScript script) =>
        new(script, farm.Old, () => new JsonObject { ["drive"] = @"C:\", ["key"] = "move-1" });

    /// <summary>Does what another script takes back or looks at.</summary>
    private static FaultScenario Before(FaultScenario use, TestFarm farm)
    {
        // Not on xunit's own few threads, which would wait for themselves.
        var machine = new ScriptedMachine(use.Server.Name, farm.Farm.Transport(use.Server.Name));
        Task.Run(() => machine.InvokeAsync(use.Script, use.Input(), TestFarm.Cancelled)).GetAwaiter().GetResult();
        return use;
    }

    private static FaultScenario WithService(TestFarm farm, MachineScript script, string state, string mode, JsonObject input)
    {
        farm.Old.AddService(new LabService { Name = "Role", State = state, StartMode = mode });
        return new(script, farm.Old, () => (JsonObject)input.DeepClone());
    }

    private static FaultScenario WithCertificates(TestFarm farm, MachineScript script, Func<JsonArray, JsonObject> input)
    {
        LabCertificate[] certificates = [TestFarm.Certificate("MailStoreOne"), TestFarm.Certificate("MailStoreTwo")];
        foreach (var certificate in certificates)
        {
            farm.Old.AddCertificate(certificate);
        }

        return new(script, farm.Old, () => input([.. certificates.Select(certificate => (JsonNode)certificate.Thumbprint)]));
    }

    private static FaultScenario WithFiles(TestFarm farm, MachineScript script)
    {
        var items = new[] { "MailStoreOne", "MailStoreTwo" }.Select(name => TestFarm.Certificate(name))
            .Select(certificate => (certificate.Thumbprint, Pfx: Convert.ToBase64String(SpeElsa.Lab.Windows.Pfx.Write(certificate, Password)))).ToList();
        return new(script, farm.New, () => new JsonObject
        {
            ["password"] = Password,
            ["certificates"] = new JsonArray([.. items.Select(item => (JsonNode)new JsonObject { ["thumbprint"] = item.Thumbprint, ["pfx"] = item.Pfx })]),
        });
    }

    private static FaultScenario WithArchive(TestFarm farm, FaultScenario use)
    {
        TestFarm.Write(farm.Old, Archive + @"\Master.fdb", "database");
        TestFarm.Write(farm.Old, Archive + @"\Store\data.dat", "mail");
        return use;
    }
}
