using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Machines;

namespace SpeElsa.Lab.Tests.Windows;

/// <summary>What the scripts see and set of Windows itself: each act is looked at before and after, and done once.</summary>
public sealed class SystemScriptTests : IAsyncDisposable
{
    private const string Archive = @"C:\MailStoreData";
    private readonly TestFarm _farm = new();

    public ValueTask DisposeAsync() => _farm.DisposeAsync();

    [Fact]
    public async Task A_service_account_is_given_the_key_once()
    {
        const string Account = @"NT SERVICE\MailStoreInstanceHost";
        var certificate = TestFarm.Certificate("MailStoreInstanceHost");
        _farm.New.AddCertificate(certificate);
        var input = new JsonObject { ["thumbprints"] = new JsonArray(certificate.Thumbprint.ToLowerInvariant()), ["account"] = Account };

        var first = await _farm.InvokeAsync("spe-new", MachineScripts.GrantCertificateAccess, input);
        var second = await _farm.InvokeAsync("spe-new", MachineScripts.GrantCertificateAccess, input);

        Assert.Equal([true, false], new[] { first, second }.Select(result => Assert.Single(result.GetProperty("granted").EnumerateArray()).GetProperty("changed").GetBoolean()));
        Assert.Equal([Account], _farm.New.KeyReaders(certificate.Thumbprint));
        Assert.Equal([certificate.Thumbprint], TestFarm.Targets(_farm.New, LabEffectKinds.CertificateAccess));
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000", "NT SERVICE\\A", ScriptErrorCodes.CertificateNotFound)]
    [InlineData("0000000000000000000000000000000000000000", "A:(F) /grant \"B", ScriptErrorCodes.InvalidInput)]
    public async Task No_key_is_given_by_mistake(string thumbprint, string account, string code)
    {
        var failure = await _farm.FailAsync(
            "spe-new", MachineScripts.GrantCertificateAccess, new JsonObject { ["thumbprints"] = new JsonArray(thumbprint), ["account"] = account });

        Assert.Equal(code, failure.Error.Code);
    }

    [Fact]
    public async Task Certificates_are_removed_by_name_or_thumbprint_and_only_those()
    {
        var http = TestFarm.Certificate("MailStoreClientAccessServerHttp");
        var imap = TestFarm.Certificate("mail.example.org", friendlyName: "MailStoreClientAccessServerImap");
        var other = TestFarm.Certificate("rdp.example.org");
        new[] { http, imap, other }.ToList().ForEach(certificate => _farm.New.AddCertificate(certificate));

        var byName = await RemoveAsync(new JsonObject { ["names"] = new JsonArray("MailStore*") });
        var again = await RemoveAsync(new JsonObject { ["names"] = new JsonArray("MailStore*"), ["thumbprints"] = new JsonArray(http.Thumbprint) });

        Assert.Equal([http.Thumbprint, imap.Thumbprint], Texts(byName, "removed"));
        Assert.Empty(Texts(again, "removed"));
        Assert.Equal([http.Thumbprint], Texts(again, "alreadyGone"));
        Assert.Equal([other.Thumbprint], _farm.New.Certificates().Select(certificate => certificate.Thumbprint));
    }

    [Fact]
    public async Task A_certificate_without_its_copy_is_not_removed()
    {
        var kept = TestFarm.Certificate("MailStoreManagementServer");
        var copied = TestFarm.Certificate("MailStoreInstanceHost");
        _farm.New.AddCertificate(copied);
        _farm.New.AddCertificate(kept);
        _farm.New.AddCertificate(copied, "SpeElsaBackup");

        var failure = await _farm.FailAsync(
            "spe-new", MachineScripts.RemoveCertificates, new JsonObject { ["names"] = new JsonArray("MailStore*"), ["copyInStore"] = "SpeElsaBackup" });

        Assert.Equal(ScriptErrorCodes.CertificateWithoutCopy, failure.Error.Code);
        Assert.Equal(2, _farm.New.Certificates().Count);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("??*")]
    [InlineData(" ")]
    public async Task A_name_that_means_every_certificate_removes_none(string name)
    {
        _farm.New.AddCertificate(TestFarm.Certificate("rdp.example.org"));

        var failure = await _farm.FailAsync("spe-new", MachineScripts.RemoveCertificates, new JsonObject { ["names"] = new JsonArray(name) });

        Assert.Equal(ScriptErrorCodes.InvalidInput, failure.Error.Code);
        Assert.Single(_farm.New.Certificates());
    }

    [Fact]
    public async Task A_share_that_asks_for_an_account_is_seen_while_it_is_connected_also_by_a_ticket()
    {
        TestFarm.Write(_farm.Old, @"C:\Data\file.dat", "data");
        _farm.Old.RequireShareAccount("mover", "canary-share");
        var copy = new JsonObject { ["source"] = @"\\spe-old\C$\Data", ["destination"] = @"C:\Data", ["mode"] = "seed" };
        JsonObject Account(string password) => new() { ["path"] = @"\\spe-old\C$", ["userName"] = "mover", ["password"] = password };

        var blind = await _farm.RunTicketAsync("spe-new", "blind", MachineScripts.CopyDirectory, (JsonObject)copy.DeepClone());
        var wrong = await _farm.FailAsync("spe-new", MachineScripts.ConnectShare, Account("wrong"));
        var first = await _farm.InvokeAsync("spe-new", MachineScripts.ConnectShare, Account("canary-share"));
        var second = await _farm.InvokeAsync("spe-new", MachineScripts.ConnectShare, Account("canary-share"));
        var seeing = await _farm.RunTicketAsync("spe-new", "seeing", MachineScripts.CopyDirectory, copy);
        var ended = await _farm.InvokeAsync("spe-new", MachineScripts.DisconnectShare, new JsonObject { ["path"] = @"\\spe-old\C$" });

        Assert.Equal(ScriptErrorCodes.PathNotFound, blind.Error?.Code);
        Assert.Equal(ScriptErrorCodes.ShareRefused, wrong.Error.Code);
        Assert.DoesNotContain("wrong", wrong.Error.Message, StringComparison.Ordinal);
        Assert.Equal([true, false, true], new[] { first, second, ended }.Select(result => result.GetProperty("changed").GetBoolean()));
        Assert.Equal(TicketState.Succeeded, seeing.State);
        Assert.Empty(_farm.New.ShareMappings);
        Assert.DoesNotContain(
            Directory.EnumerateFiles(_farm.Options.Directory, "*", SearchOption.AllDirectories),
            file => File.ReadAllText(file).Contains("canary-share", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Runtimes_are_read_from_the_registry()
    {
        var fresh = await _farm.InvokeAsync("spe-new", MachineScripts.GetRuntimes, []);
        _farm.New.SetRegistryValue(@"HKLM:\SOFTWARE\Microsoft\VisualStudio\14.0\VC\Runtimes\x64", "Installed", 1);
        _farm.New.SetRegistryValue(@"HKLM:\SOFTWARE\Microsoft\VisualStudio\14.0\VC\Runtimes\x64", "Version", "v14.38.33130.00");
        var installed = await _farm.InvokeAsync("spe-new", MachineScripts.GetRuntimes, []);

        Assert.Equal(528449, fresh.GetProperty("dotNetRelease").GetInt32());
        Assert.Equal("4.8.04161", fresh.GetProperty("dotNetVersion").GetString());
        Assert.Equal(JsonValueKind.Null, fresh.GetProperty("visualC").GetProperty("x64").ValueKind);
        Assert.Equal("14.38.33130.00", installed.GetProperty("visualC").GetProperty("x64").GetString());
    }

    [Fact]
    public async Task A_pending_restart_is_told_with_its_reasons()
    {
        var none = await _farm.InvokeAsync("spe-new", MachineScripts.GetPendingReboot, []);
        _farm.New.SetRegistryValue(@"HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired", "", null);
        _farm.New.SetRegistryValue(@"HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager", "PendingFileRenameOperations", @"\??\C:\x");
        _farm.New.SetRegistryValue(@"HKLM:\SYSTEM\CurrentControlSet\Control\ComputerName\ActiveComputerName", "ComputerName", "SPE-NEW");
        _farm.New.SetRegistryValue(@"HKLM:\SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName", "ComputerName", "SPE-OLD");
        var some = await _farm.InvokeAsync("spe-new", MachineScripts.GetPendingReboot, []);

        Assert.False(none.GetProperty("pending").GetBoolean());
        Assert.Empty(Texts(none, "reasons"));
        Assert.True(some.GetProperty("pending").GetBoolean());
        Assert.Equal(["windows-update", "file-renames", "computer-name"], Texts(some, "reasons"));
    }

    [Fact]
    public async Task Firewall_rules_are_added_where_none_lets_in_and_only_ours_are_taken_back()
    {
        _farm.New.AddFirewallRule(new LabFirewallRule("Vendor", "Vendor", "8470-8472"));
        _farm.New.AddFirewallRule(new LabFirewallRule("Off", "Off", "Any", Enabled: false));
        JsonObject Ports() => new() { ["ports"] = new JsonArray(8471, 8474) };

        var before = await _farm.InvokeAsync("spe-new", MachineScripts.GetFirewallRules, Ports());
        var added = await _farm.InvokeAsync("spe-new", MachineScripts.AddFirewallRules, Ports());
        var again = await _farm.InvokeAsync("spe-new", MachineScripts.AddFirewallRules, Ports());
        var after = await _farm.InvokeAsync("spe-new", MachineScripts.GetFirewallRules, Ports());
        var removed = await _farm.InvokeAsync("spe-new", MachineScripts.RemoveFirewallRules, Ports());

        Assert.Equal([true, false], Allowed(before));
        Assert.Equal([8474], Numbers(added, "added"));
        Assert.Equal([8471, 8474], Numbers(again, "alreadyOpen"));
        Assert.Equal([true, true], Allowed(after));
        Assert.Equal([8474], Numbers(removed, "removed"));
        Assert.Equal(["Vendor", "Off"], _farm.New.FirewallRules.Select(rule => rule.Name));

        static IEnumerable<bool> Allowed(JsonElement result) => result.GetProperty("ports").EnumerateArray().Select(port => port.GetProperty("allowed").GetBoolean());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("70000")]
    [InlineData("8474; Remove-Item C:")]
    public async Task What_is_no_port_opens_nothing(string port)
    {
        var failure = await _farm.FailAsync("spe-new", MachineScripts.AddFirewallRules, new JsonObject { ["ports"] = new JsonArray(port) });

        Assert.Equal(ScriptErrorCodes.InvalidInput, failure.Error.Code);
        Assert.Empty(_farm.New.FirewallRules);
    }

    [Fact]
    public async Task A_port_in_use_names_its_program()
    {
        _farm.New.Listen(8474, "OtherProduct");

        var result = await _farm.InvokeAsync("spe-new", MachineScripts.GetPortsInUse, new JsonObject { ["ports"] = new JsonArray(8474, 445, 8470) });

        var ports = result.GetProperty("ports").EnumerateArray().ToList();
        Assert.Equal([true, true, false], ports.Select(port => port.GetProperty("inUse").GetBoolean()));
        Assert.Equal("OtherProduct", ports[0].GetProperty("owners")[0].GetProperty("process").GetString());
        Assert.Equal("System", ports[1].GetProperty("owners")[0].GetProperty("process").GetString());
    }

    [Fact]
    public async Task A_name_is_resolved_with_its_time_to_live()
    {
        _farm.Farm.Dns.Set("archive.lab.example", "spe-old.lab.example", TimeSpan.FromMinutes(5));

        var alias = await _farm.InvokeAsync("spe-new", MachineScripts.ResolveHostName, new JsonObject { ["name"] = "archive.lab.example" });
        var nothing = await _farm.InvokeAsync("spe-new", MachineScripts.ResolveHostName, new JsonObject { ["name"] = "nobody.lab.example" });

        Assert.Equal(["192.0.2.11"], Texts(alias, "addresses"));
        Assert.Equal(3600, alias.GetProperty("timeToLiveSeconds").GetInt64());
        Assert.Equal(["CNAME 300", "A 3600"], alias.GetProperty("records").EnumerateArray()
            .Select(record => $"{record.GetProperty("type").GetString()} {record.GetProperty("timeToLiveSeconds").GetInt64()}"));
        Assert.False(nothing.GetProperty("exists").GetBoolean());
        Assert.Equal(JsonValueKind.Null, nothing.GetProperty("timeToLiveSeconds").ValueKind);
    }

    [Fact]
    public async Task The_clock_of_a_machine_is_its_own()
    {
        _farm.New.ClockOffset = TimeSpan.FromMinutes(7);

        var facts = await _farm.InvokeAsync("spe-new", MachineScripts.GetServerFacts, new JsonObject { ["installDirectory"] = @"C:\Nothing" });

        var now = TimeProvider.System.GetUtcNow();
        Assert.InRange(facts.GetProperty("utcNow").GetDateTimeOffset(), now.AddMinutes(6), now.AddMinutes(8));
    }

    [Fact]
    public async Task The_scanner_leaves_a_folder_out_once_and_reads_it_again()
    {
        JsonObject Paths() => new() { ["paths"] = new JsonArray(Archive + @"\") };

        var before = await _farm.InvokeAsync("spe-new", MachineScripts.GetAntivirusExclusions, Paths());
        var added = await _farm.InvokeAsync("spe-new", MachineScripts.AddAntivirusExclusions, Paths());
        var again = await _farm.InvokeAsync("spe-new", MachineScripts.AddAntivirusExclusions, Paths());
        var removed = await _farm.InvokeAsync("spe-new", MachineScripts.RemoveAntivirusExclusions, Paths());

        Assert.Equal([Archive], Texts(before, "missing"));
        Assert.Equal([Archive], Texts(added, "added"));
        Assert.Empty(Texts(again, "added"));
        Assert.Equal([Archive], Texts(removed, "removed"));
        Assert.Empty(_farm.New.AntivirusExclusions);
        Assert.Equal(2, TestFarm.Targets(_farm.New, LabEffectKinds.AntivirusExclusion).Count);
    }

    [Fact]
    public async Task Another_scanner_has_to_be_told_by_hand()
    {
        _farm.New.HasAntivirus = false;
        JsonObject Paths() => new() { ["paths"] = new JsonArray(Archive) };

        var seen = await _farm.InvokeAsync("spe-new", MachineScripts.GetAntivirusExclusions, Paths());
        var failure = await _farm.FailAsync("spe-new", MachineScripts.AddAntivirusExclusions, Paths());

        Assert.False(seen.GetProperty("available").GetBoolean());
        Assert.Equal(ScriptErrorCodes.AntivirusNotAvailable, failure.Error.Code);
    }

    [Fact]
    public async Task A_snapshot_is_made_once_under_its_key_and_removed_once()
    {
        var input = new JsonObject { ["drive"] = @"C:\", ["key"] = "move-1" };

        var first = await _farm.InvokeAsync("spe-old", MachineScripts.NewVolumeSnapshot, input);
        var second = await _farm.InvokeAsync("spe-old", MachineScripts.NewVolumeSnapshot, input);
        var other = await _farm.InvokeAsync("spe-old", MachineScripts.NewVolumeSnapshot, new JsonObject { ["drive"] = @"C:\", ["key"] = "move-2" });
        var listed = await _farm.InvokeAsync("spe-old", MachineScripts.GetVolumeSnapshots, []);
        var removed = await _farm.InvokeAsync("spe-old", MachineScripts.RemoveVolumeSnapshot, input);
        var again = await _farm.InvokeAsync("spe-old", MachineScripts.RemoveVolumeSnapshot, input);

        Assert.Equal([true, false, true], new[] { first, second, other }.Select(result => result.GetProperty("changed").GetBoolean()));
        Assert.Equal(first.GetProperty("id").GetString(), second.GetProperty("id").GetString());
        Assert.Equal(2, listed.GetProperty("snapshots").GetArrayLength());
        Assert.Equal(first.GetProperty("id").GetString(), removed.GetProperty("removed").GetString());
        Assert.Equal(JsonValueKind.Null, again.GetProperty("removed").ValueKind);
        Assert.Equal(other.GetProperty("id").GetString(), Assert.Single(_farm.Old.Snapshots).Id);
    }

    [Fact]
    public async Task A_snapshot_whose_maker_was_killed_is_found_again()
    {
        await _farm.ReopenAsync(options => (options.HoldScript, options.HoldAt) = ("New-VolumeSnapshot", "middle"));
        var input = new JsonObject { ["drive"] = @"C:\", ["key"] = "move-1" };
        var killed = _farm.InvokeAsync("spe-old", MachineScripts.NewVolumeSnapshot, input);
        await TestFarm.UntilAsync(() => File.Exists(Path.Combine(_farm.Options.Directory, "hold.reached")));

        await _farm.ReopenAsync(options => options.HoldScript = null);
        await Assert.ThrowsAsync<MachineScriptException>(() => killed);
        var again = await _farm.InvokeAsync("spe-old", MachineScripts.NewVolumeSnapshot, input);

        Assert.False(again.GetProperty("changed").GetBoolean());
        Assert.Equal(Assert.Single(_farm.Old.Snapshots).Id, again.GetProperty("id").GetString());
    }

    [Fact]
    public async Task The_installer_is_run_with_its_arguments_as_one_text()
    {
        var seen = new List<string>();
        _farm.New.Installer = (installation, _) =>
        {
            seen.Add($"{installation.CommandLine}|{installation.Arguments}");
            return Task.FromResult(3010);
        };

        var status = await _farm.RunTicketAsync("spe-new", "install", MachineScripts.InstallMailStore, new JsonObject
        {
            ["commandLine"] = @"C:\Setup\setup.exe",
            ["arguments"] = "/quiet /dir=\"C:\\Program Files\\X\"",
            ["installDirectory"] = @"C:\Program Files\X",
        });

        Assert.Equal(3010, status.Result!.Value.GetProperty("exitCode").GetInt32());
        Assert.Equal(["C:\\Setup\\setup.exe|/quiet /dir=\"C:\\Program Files\\X\""], seen);
    }

    private Task<JsonElement> RemoveAsync(JsonObject input) => _farm.InvokeAsync("spe-new", MachineScripts.RemoveCertificates, input);

    private static IEnumerable<string?> Texts(JsonElement result, string name) => result.GetProperty(name).EnumerateArray().Select(item => item.GetString());

    private static IEnumerable<int> Numbers(JsonElement result, string name) => result.GetProperty(name).EnumerateArray().Select(item => item.GetInt32());
}
