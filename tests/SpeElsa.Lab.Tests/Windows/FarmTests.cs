using System.Text.Json.Nodes;
using SpeElsa.Lab.Windows;
using SpeElsa.Machines;

namespace SpeElsa.Lab.Tests.Windows;

public sealed class FarmTests : IAsyncDisposable
{
    private readonly TestFarm _farm = new();

    public ValueTask DisposeAsync() => _farm.DisposeAsync();

    [Fact]
    public async Task Everything_is_there_again_after_the_farm_is_reopened()
    {
        var certificate = TestFarm.Certificate("MailStoreManagementServer", exportable: false);
        _farm.Old.AddCertificate(certificate);
        _farm.Old.AddService(new LabService { Name = "Role", State = LabService.Running });
        _farm.Old.StopService("role");
        _farm.Old.SetStartMode("Role", LabService.Disabled);
        _farm.Old.UpdateState(state => state["dpapiKey"] = "k", "api:SetSomething", "x");
        _farm.Old.RecordEffect("api:StopInstances", "alpha");
        _farm.Farm.UpdateFacts(facts => facts["licence"] = "spe-old");
        var effects = _farm.Old.Effects;

        await _farm.ReopenAsync();

        Assert.Equal("spe-old", _farm.Farm.Facts()["licence"]!.GetValue<string>());
        Assert.Equal("k", _farm.Old.State()["dpapiKey"]!.GetValue<string>());
        Assert.Equal(effects, _farm.Old.Effects);
        Assert.Equal(
            ["certificate-import", "service-stop", "service-mode", "api:SetSomething", "api:StopInstances"],
            effects.Select(effect => effect.Kind));
        Assert.Equal(
            new LabService { Name = "Role", State = LabService.Stopped, StartMode = LabService.Disabled }, Assert.Single(_farm.Old.Services));
        var kept = Assert.Single(_farm.Old.Certificates("my"));
        Assert.Equal((certificate.Thumbprint, true, false), (kept.Thumbprint, kept.HasPrivateKey, kept.Exportable));
        Assert.Equal("spe-new.lab.example", _farm.New.FullName);
        Assert.Equal(200L << 30, _farm.New.DiskBytes);
    }

    [Fact]
    public void What_a_kill_left_between_announcement_and_rename_is_decided_by_the_disk()
    {
        var directory = Directory.CreateTempSubdirectory("speelsa-ledger-");
        var path = Path.Combine(directory.FullName, "effects.jsonl");
        var stillThere = Path.Combine(directory.FullName, "not-renamed");
        File.WriteAllText(stillThere, "");
        File.WriteAllText(path,
            Line("done", 1, "file-copy", "one", "gone") +
            Line("begin", 2, "file-copy", "two", "gone") + Line("done", 2, "file-copy", "two", "gone") +
            Line("begin", 3, "file-copy", "renamed", "gone") +
            Line("begin", 4, "file-copy", "not renamed", stillThere) +
            """{"op":"begin","seq""");

        for (var open = 0; open < 2; open++)
        {
            using var ledger = EffectLedger.Open(path, 0, TimeProvider.System);
            Assert.Equal(["one", "two", "renamed"], ledger.Effects.Select(effect => effect.Target));
            Assert.Equal(5, ledger.NextSequence());
        }

        directory.Delete(recursive: true);

        string Line(string op, int sequence, string kind, string target, string from) => new JsonObject
        {
            ["op"] = op,
            ["sequence"] = sequence,
            ["kind"] = kind,
            ["target"] = target,
            ["timestamp"] = "2026-01-01T00:00:00Z",
            ["renamedFrom"] = Path.Combine(directory.FullName, from),
        }.ToJsonString() + "\n";
    }

    [Theory]
    [InlineData(@"C:\Program Files\X", "Program Files/X")]
    [InlineData(@"c:/program FILES\x", "Program Files/x")]
    [InlineData(@"\\?\C:\ProgramData", "ProgramData")]
    [InlineData(@"\\SPE-OLD.lab.example\c$\ProgramData\", "ProgramData")]
    [InlineData(@"\\localhost\C$", "")]
    [InlineData(@"C:\..\..\..\etc\passwd", "etc/passwd")]
    public void ToLocalPath_StaysOnTheDrive_AndFindsWhatIsThereInAnyCase(string windows, string local) =>
        Assert.Equal(Path.Combine([_farm.Old.DriveRoot, .. local.Split('/', StringSplitOptions.RemoveEmptyEntries)]), _farm.Old.ToLocalPath(windows));

    [Theory]
    [InlineData(@"relative\path")]
    [InlineData(@"C:relative")]
    [InlineData(@"C:\a:stream")]
    [InlineData("/etc/passwd")]
    public void ToLocalPath_NoFullPath_IsRefused(string path) => Assert.Throws<ArgumentException>(() => _farm.Old.ToLocalPath(path));

    [Theory]
    [InlineData(@"D:\data")]
    [InlineData(@"\\nobody\C$\data")]
    [InlineData(@"\\spe-old\share\data")]
    public void ToLocalPath_NoSuchDrive_IsNotFound(string path) =>
        Assert.Throws<DirectoryNotFoundException>(() => _farm.Old.ToLocalPath(path));

    [Fact]
    public async Task Reboot_EndsScripts_AndStartsAutomaticServicesOnly()
    {
        _farm.Old.AddService(new LabService { Name = "A", State = LabService.Running });
        _farm.Old.AddService(new LabService { Name = "M", State = LabService.Running, StartMode = LabService.Manual });
        var told = new List<string>();
        _farm.Old.ServiceChanged += (_, service) => told.Add($"{service.Name} {service.State}");
        var sleeping = _farm.InvokeAsync("spe-old", new MachineScript("Sleep-On", "Write-SpeLog 'information' 'x'; Start-Sleep -Seconds 600"), []);
        await TestFarm.UntilAsync(() => _farm.Old.Shell.RunningScripts == 1);

        _farm.Old.Reboot();

        var failure = await Assert.ThrowsAsync<MachineScriptException>(() => sleeping);
        Assert.True(failure.CanRetry);
        Assert.Equal(["A Stopped", "M Stopped", "A Running"], told);
        Assert.Equal([LabEffectKinds.Reboot], _farm.Old.Effects.Select(effect => effect.Kind));
    }

    [Fact]
    public async Task A_caller_that_gives_up_ends_its_script()
    {
        using var giveUp = new CancellationTokenSource();
        var script = new MachineScript("Stop-Later", "Start-Sleep -Seconds 600; (Get-Service -Name 'A').Stop()");
        _farm.Old.AddService(new LabService { Name = "A", State = LabService.Running });
        var running = _farm.OldMachine.InvokeAsync(script, [], giveUp.Token);
        await TestFarm.UntilAsync(() => _farm.Old.Shell.RunningScripts == 1);

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Empty(_farm.Old.Effects);
    }

    [Theory]
    [InlineData("before", false)]
    [InlineData("middle", true)]
    [InlineData("after", true)]
    public async Task A_held_script_has_done_exactly_what_its_place_says_and_never_answers(string at, bool done)
    {
        await _farm.ReopenAsync(options => (options.HoldScript, options.HoldAt) = ("Stop-WindowsService", at));
        _farm.Old.AddService(new LabService { Name = "A", State = LabService.Running });

        var running = _farm.InvokeAsync("spe-old", MachineScripts.StopWindowsService, new JsonObject { ["name"] = "A" });
        await TestFarm.UntilAsync(() => File.Exists(Path.Combine(_farm.Options.Directory, "hold.reached")));

        Assert.False(running.IsCompleted);
        Assert.Equal(!done, Assert.Single(_farm.Old.Services).IsRunning);
        await _farm.ReopenAsync(options => options.HoldScript = null);
        await Assert.ThrowsAsync<MachineScriptException>(() => running);
        Assert.Equal(done ? 1 : 0, _farm.Old.Effects.Count);
    }

    [Theory]
    [InlineData("ls /")]
    [InlineData("/bin/ls")]
    [InlineData("$x = [string]$env:PATH; if ($x) { throw 'leak' }; Get-Location")]
    public async Task A_script_finds_no_program_and_no_command_of_the_host(string text)
    {
        var failure = await _farm.FailAsync("spe-old", new MachineScript("Reach-Out", text), []);

        Assert.True(failure.Message.Contains("is not recognized", StringComparison.Ordinal), failure.ToString());
    }

    [Fact]
    public void AddServer_TakenOrImpossibleName_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => _farm.Farm.AddServer("SPE-OLD", 1));
        Assert.Throws<ArgumentException>(() => _farm.Farm.AddServer("../x", 1));
        Assert.Throws<ArgumentException>(() => _farm.Farm.Transport("nobody"));
    }
}
