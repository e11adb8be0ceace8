namespace SpeElsa.Server.Tests.Cli;

/// <summary>The simulated farm from a terminal.</summary>
[Collection(nameof(SpeCommandsOfServer))]
public sealed class LabCommandTests(SpeBench bench)
{
    [Fact]
    public async Task A_person_does_on_the_farm_what_a_move_asks_for()
    {
        var spe = bench.Spe;

        Assert.Contains("MailStoreManagementServer (running)", await spe.OutputAsync("lab", "servers"), StringComparison.Ordinal);
        Assert.Contains("MailStore Service Provider Edition", await spe.OutputAsync("lab", "dashboard", "spe-old"), StringComparison.Ordinal);
        var before = (string?)(await spe.JsonAsync("lab", "fingerprint", "spe-old"))["hash"];
        await spe.OutputAsync("lab", "mfa", "spe-old", "admin", "off");
        Assert.NotEqual(before, (string?)(await spe.JsonAsync("lab", "fingerprint", "spe-old"))["hash"]);
        await spe.OutputAsync("lab", "mfa", "spe-old", "admin", "on");
        Assert.Equal(before, (string?)(await spe.JsonAsync("lab", "fingerprint", "spe-old"))["hash"]);
        await spe.OutputAsync("lab", "smtp", "spe-old", "--password-file", Path.Combine(bench.Host.DataDirectory, "lab-smtp-password.txt"));
        await spe.OutputAsync("lab", "reboot", "spe-old");
        Assert.Contains("reboot", await spe.OutputAsync("lab", "effects", "spe-old"), StringComparison.Ordinal);
        Assert.Contains("--last", await spe.OutputAsync("lab", "effects", "spe-old", "--last", "2"), StringComparison.Ordinal);
        await spe.OutputAsync("lab", "dns", "archive.lab.example", "spe-new");
        Assert.Contains("MailStoreInstanceHost", await spe.OutputAsync("lab", "certificates", "spe-old"), StringComparison.Ordinal);

        await spe.FailsAsync(4, "The lab has no server 'nope'", "lab", "reboot", "nope");
        await spe.FailsAsync(4, "There is no system administrator 'nobody'", "lab", "mfa", "spe-old", "nobody", "off");
        await spe.FailsAsync(2, "'on' 'off'", "lab", "mfa", "spe-old", "admin", "perhaps");
        await spe.FailsAsync(2, "--password-file", "lab", "smtp", "spe-old");
    }

    [Fact]
    public async Task Roles_are_set_up_and_taken_away()
    {
        var spe = bench.Spe;

        await spe.OutputAsync("lab", "install", "spe-new", "--mode", "multi");
        Assert.Contains("It has no role.", await spe.OutputAsync("lab", "roles", "spe-new"), StringComparison.Ordinal);
        await spe.OutputAsync("lab", "add-role", "spe-new", "instanceHost");
        await spe.OutputAsync("lab", "pair", "spe-new", "instanceHost", "spe-old");
        await spe.OutputAsync("lab", "configure-role", "spe-new", "instanceHost", "spe-old");
        await spe.OutputAsync("lab", "rename-role", "spe-new", "instanceHost", "spe-alpha");
        Assert.Contains("spe-alpha", await spe.OutputAsync("lab", "roles", "spe-new"), StringComparison.Ordinal);
        await spe.OutputAsync("lab", "add-role", "spe-new", "clientAccessServer");
        var chosen = (string)(await spe.JsonAsync("lab", "certificates", "spe-new"))[0]!["thumbprint"]!;
        await spe.OutputAsync("lab", "certificates", "spe-new", "--http", chosen);
        Assert.Contains((await spe.JsonAsync("lab", "roles", "spe-new")).AsArray(), role => (string?)role!["httpThumbprint"] == chosen);
        await spe.OutputAsync("lab", "remove-role", "spe-new", "clientAccessServer");
        await spe.OutputAsync("lab", "remove-role", "spe-new", "instanceHost");
        Assert.Contains("It has no role.", await spe.OutputAsync("lab", "roles", "spe-new"), StringComparison.Ordinal);
        await spe.OutputAsync("lab", "licence", "spe-new");
        Assert.Contains("is bound to spe-new.", await spe.OutputAsync("lab", "servers"), StringComparison.Ordinal);
        await spe.OutputAsync("lab", "licence", "spe-old");
        await spe.OutputAsync("lab", "rename", "spe-new", "spe-beta");
        Assert.Contains("computer-rename", await spe.OutputAsync("lab", "effects", "spe-new"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_is_set_shown_and_cleared()
    {
        var spe = bench.Spe;

        await spe.OutputAsync("lab", "fault", "set", "spe-new", "Delay", "--script", "Copy-Directory", "--run", "2", "--time", "00:00:05");
        var fault = Assert.Single((await spe.JsonAsync("lab", "fault", "list", "spe-new")).AsArray())!;
        await spe.OutputAsync("lab", "fault", "clear", "spe-new");

        Assert.Equal(("Delay", "Copy-Directory", 2, "00:00:05"), ((string)fault["kind"]!, (string)fault["script"]!, (int)fault["occurrence"]!, (string)fault["time"]!));
        Assert.Contains("Nothing is to go wrong there.", await spe.OutputAsync("lab", "fault", "list", "spe-new"), StringComparison.Ordinal);
    }
}
