using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Machines;

namespace SpeElsa.Lab.Tests.Windows;

public abstract class ObservationScriptTests(Way way) : MachineSuite(way)
{
    private const string Install = @"C:\Program Files\MailStore Infrastructure";

    [Fact]
    public async Task GetServerFacts_EmptyServer_SaysWhoItIsAndThatNothingIsInstalled()
    {
        var facts = await Farm.InvokeAsync("spe-old", MachineScripts.GetServerFacts, new JsonObject { ["installDirectory"] = Install });

        Assert.Equal("SPE-OLD", facts.GetProperty("computerName").GetString());
        Assert.Equal("spe-old.lab.example", facts.GetProperty("fqdn").GetString());
        Assert.False(facts.GetProperty("installDirectoryExists").GetBoolean());
        Assert.Equal(JsonValueKind.Null, facts.GetProperty("productVersion").ValueKind);
        Assert.StartsWith("Microsoft Windows Server", facts.GetProperty("osVersion").GetString());
        var drive = Assert.Single(facts.GetProperty("drives").EnumerateArray());
        Assert.Equal(@"C:\", drive.GetProperty("root").GetString());
        Assert.Equal(100L << 30, drive.GetProperty("sizeBytes").GetInt64());
        Assert.InRange(facts.GetProperty("utcNow").GetDateTimeOffset(), TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task GetServerFacts_Installed_ReadsTheVersionOfTheTool()
    {
        var tool = Farm.Old.ToLocalPath(Install + @"\MailStoreInfrastructureConfig.exe");
        Directory.CreateDirectory(Path.GetDirectoryName(tool)!);
        File.Copy(typeof(LabFarm).Assembly.Location, tool);

        var facts = await Farm.InvokeAsync("spe-old", MachineScripts.GetServerFacts, new JsonObject { ["installDirectory"] = Install.ToUpperInvariant() });

        Assert.Equal(FileVersionInfo.GetVersionInfo(tool).FileVersion, facts.GetProperty("productVersion").GetString());
        Assert.True(facts.GetProperty("installDirectoryExists").GetBoolean());
    }

    [Fact]
    public async Task GetMailStoreServices_FindsThemByPath_AndTheirRoleByStem()
    {
        Farm.Old.AddService(new LabService { Name = "Spooler", PathName = @"C:\Windows\System32\spoolsv.exe", State = LabService.Running });
        Farm.Old.AddService(new LabService
        {
            Name = "MailStoreInstanceHost$1",
            DisplayName = "Instance Host",
            State = LabService.Running,
            PathName = $"\"{Install}\\Host.exe\" --service",
        });
        Farm.Old.AddService(new LabService { Name = "Helper", PathName = $@"{Install}\bin\helper.exe -x", StartMode = LabService.Disabled });

        var result = await Farm.InvokeAsync("spe-old", MachineScripts.GetMailStoreServices, new JsonObject
        {
            ["installDirectory"] = Install,
            ["stems"] = new JsonObject { ["managementServer"] = "MailStoreManagementServer", ["instanceHost"] = "mailstoreinstancehost" },
        });

        var services = result.GetProperty("services").EnumerateArray().ToList();
        Assert.Equal(2, services.Count);
        Assert.Equal("instanceHost", services[0].GetProperty("role").GetString());
        Assert.Equal("MailStoreInstanceHost$1", services[0].GetProperty("name").GetString());
        Assert.Equal(Install + @"\Host.exe", services[0].GetProperty("path").GetString());
        Assert.Equal("Running", services[0].GetProperty("state").GetString());
        Assert.Equal("Automatic", services[0].GetProperty("startMode").GetString());
        Assert.Equal(JsonValueKind.Null, services[1].GetProperty("role").ValueKind);
        Assert.Equal(Install + @"\bin\helper.exe", services[1].GetProperty("path").GetString());
        Assert.Equal("Disabled", services[1].GetProperty("startMode").GetString());
    }

    [Fact]
    public async Task GetPathFacts_TellsFilesFoldersJunctionsAndNothing()
    {
        TestFarm.Write(Farm.Old, @"C:\Data\File.txt", "four");
        Farm.Old.CreateJunction(@"C:\Data\Debug Log", @"C:\Windows\Temp");

        var result = await Farm.InvokeAsync("spe-old", MachineScripts.GetPathFacts, new JsonObject
        {
            ["paths"] = new JsonArray(@"c:\data\FILE.TXT", @"C:\Data", @"C:\Data\Debug Log", @"C:\Nothing", @"D:\", @"\\spe-old\c$\data\file.txt"),
        });

        var facts = result.GetProperty("paths").EnumerateArray().Select(fact => (
            Exists: fact.GetProperty("exists").GetBoolean(),
            Directory: fact.GetProperty("isDirectory").GetBoolean(),
            Junction: fact.GetProperty("isJunction").GetBoolean(),
            Length: fact.GetProperty("length").ValueKind == JsonValueKind.Null ? -1 : fact.GetProperty("length").GetInt64())).ToList();
        Assert.Equal((true, false, false, 4), facts[0]);
        Assert.Equal((true, true, false, -1), facts[1]);
        Assert.Equal((true, true, true, -1), facts[2]);
        Assert.Equal((false, false, false, -1), facts[3]);
        Assert.Equal((false, false, false, -1), facts[4]);
        Assert.Equal((true, false, false, 4), facts[5]);
    }

    [Theory]
    [InlineData("spe-new", 445, true)]
    [InlineData("SPE-NEW.lab.example", 8470, true)]
    [InlineData("spe-new", 8472, false)]
    [InlineData("no-such-server", 445, false)]
    public async Task TestTcpPort_SeesTheServersOfTheFarm(string host, int port, bool open)
    {
        Farm.New.SetPort(8470, true);

        var result = await Farm.InvokeAsync("spe-old", MachineScripts.TestTcpPort, new JsonObject { ["hostName"] = host, ["port"] = port });

        Assert.Equal(open, result.GetProperty("open").GetBoolean());
    }

    [Fact]
    public async Task TestTcpPort_Loopback_IsReal()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var input = new JsonObject { ["hostName"] = "127.0.0.1", ["port"] = ((IPEndPoint)listener.LocalEndpoint).Port };

        Assert.True((await Farm.InvokeAsync("spe-old", MachineScripts.TestTcpPort, input)).GetProperty("open").GetBoolean());
        listener.Stop();
        Assert.False((await Farm.InvokeAsync("spe-old", MachineScripts.TestTcpPort, input)).GetProperty("open").GetBoolean());
    }
}
