using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using SpeElsa.Lab;
using SpeElsa.Lab.Tests.Ssh;
using SpeElsa.Server.Tests.Harness;
using SpeElsa.Server.Tests.Moves;

namespace SpeElsa.Server.Tests.Fleet;

/// <summary>Real machines in the settings: how they are reached, whom they trust, and settings that cannot be used.</summary>
public sealed class MachineTests
{
    private static readonly string Wrong = "SHA256:" + new string('A', 43);

    [Fact]
    public async Task A_machine_over_ssh_is_used_once_its_key_was_accepted_and_again_after_its_key_changed()
    {
        var folder = Directory.CreateTempSubdirectory("speelsa-far-");
        await using var farm = LabFarm.Open(new LabOptions { Directory = folder.FullName }, TimeProvider.System, NullLoggerFactory.Instance);
        farm.AddServer("spe-far", 1L << 30);
        await using var ssh = LabSshServer.Start(() => farm.Transport("spe-far"));
        await using var server = await ServerProcess.StartAsync(Settings(ssh));

        Assert.Contains("is not in the secret store", (await TestAsync(server))["fault"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        using (var stored = await server.Client.PutAsJsonAsync("/api/secrets/far-key", new { value = ssh.PrivateKey }))
        {
            Assert.Equal(HttpStatusCode.NoContent, stored.StatusCode);
        }

        // First contact: it shows the key and runs nothing.
        var first = await TestAsync(server);
        AssertFault(first, "machine.not-trusted");
        Assert.Equal(ssh.HostKey, first["hostKey"]!.GetValue<string>());
        Assert.Empty(ssh.Commands);

        // Exactly the key that was accepted counts.
        await AcceptAsync(server, Wrong);
        AssertFault(await TestAsync(server), "machine.host-key-changed");
        var accepted = await AcceptAsync(server, ssh.HostKey);
        Assert.NotEmpty(accepted["hostKey"]!["acceptedBy"]!.GetValue<string>());
        Assert.Equal(ssh.HostKey, accepted["hostKey"]!["fingerprint"]!.GetValue<string>());
        var found = await TestAsync(server);
        Assert.True(found["usable"]!.GetValue<bool>(), found.ToJsonString());
        Assert.True(found["administrator"]!.GetValue<bool>());
        Assert.StartsWith("Microsoft Windows Server", found["operatingSystem"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.NotEmpty(found["powerShell"]!.GetValue<string>());

        // It is kept.
        await server.StopAsync();
        await server.StartAsync();
        Assert.True((await TestAsync(server))["usable"]!.GetValue<bool>());

        await ssh.ChangeHostKeyAsync();
        var ran = ssh.Commands.Count;
        var changed = await TestAsync(server);
        AssertFault(changed, "machine.host-key-changed");
        Assert.Equal(ssh.HostKey, changed["hostKey"]!.GetValue<string>());
        Assert.Equal(ran, ssh.Commands.Count);
        await AcceptAsync(server, ssh.HostKey);
        Assert.True((await TestAsync(server))["usable"]!.GetValue<bool>());

        // Behind a jump host the same address may be another computer: its key is asked for all the same.
        AssertFault(await TestAsync(server, "spe-behind"), "machine.not-trusted");
        var behind = await AcceptAsync(server, ssh.HostKey, "spe-behind");
        Assert.Equal(ssh.HostKey, behind["jumpHost"]!["hostKey"]!["fingerprint"]!.GetValue<string>());
        Assert.True((await TestAsync(server, "spe-behind"))["usable"]!.GetValue<bool>());

        // A key that is trusted is shown also when something else is wrong.
        ssh.InPlaceOfPowerShell = ("powershell.exe: not found", 127);
        var without = await TestAsync(server);
        AssertFault(without, "machine.powershell-missing");
        Assert.Equal(ssh.HostKey, without["hostKey"]!.GetValue<string>());

        Assert.Contains("was accepted by", server.Output, StringComparison.Ordinal);
        await server.StopAsync();
        foreach (var file in Directory.EnumerateFiles(server.DataDirectory, "*", SearchOption.AllDirectories))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream);
            Assert.DoesNotContain("OPENSSH PRIVATE KEY", await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_cannot_be_asked_of_a_machine_is_said_as_a_problem()
    {
        await using var server = await ServerProcess.StartAsync(
            ("Lab__ArchiveBytes", UndisturbedRun.FewBytes),
            ("Machines__0__Name", "spe-far"),
            ("Machines__0__Ssh__Host", "127.0.0.1"),
            ("Machines__0__Ssh__Port", "1"),
            ("Machines__0__Ssh__UserName", "speelsa"),
            ("Machines__0__Ssh__PasswordSecret", "far-password"),
            ("Machines__1__Name", "spe-pinned"),
            ("Machines__1__Ssh__Host", "127.0.0.1"),
            ("Machines__1__Ssh__UserName", "speelsa"),
            ("Machines__1__Ssh__PasswordSecret", "far-password"),
            ("Machines__1__Ssh__HostKey", Wrong));

        var machines = (await server.Client.GetFromJsonAsync<JsonArray>("/api/machines"))!;
        Assert.Equal(
            ["spe-far ssh", "spe-new lab", "spe-old lab", "spe-pinned ssh"],
            machines.Select(machine => $"{machine!["name"]} {machine["way"]}").Order(StringComparer.Ordinal));
        Assert.Equal("127.0.0.1:1", machines.Single(machine => machine!["name"]!.GetValue<string>() == "spe-far")!["place"]!.GetValue<string>());

        using (var stored = await server.Client.PutAsJsonAsync("/api/secrets/far-password", new { value = "p" }))
        {
            Assert.Equal(HttpStatusCode.NoContent, stored.StatusCode);
        }

        var refused = await TestAsync(server);
        AssertFault(refused, "machine.connection-refused");
        Assert.Contains("OpenSSH server runs", refused["fault"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        var lab = await TestAsync(server, "spe-old");
        Assert.True(lab["usable"]!.GetValue<bool>(), lab.ToJsonString());

        // What it told is kept, also across a restart.
        await server.StopAsync();
        await server.StartAsync();
        machines = (await server.Client.GetFromJsonAsync<JsonArray>("/api/machines"))!;
        Assert.Null(machines.Single(machine => machine!["name"]!.GetValue<string>() == "spe-new")!["facts"]);
        var facts = machines.Single(machine => machine!["name"]!.GetValue<string>() == "spe-old")!["facts"]!;
        Assert.Equal(
            ["clientAccessServer", "instanceHost", "managementServer"],
            facts["services"]!.AsArray().Where(service => service!["isRunning"]!.GetValue<bool>()).Select(service => (string)service!["role"]!).Order(StringComparer.Ordinal));
        Assert.NotNull(facts["productVersion"]);
        Assert.NotEmpty(facts["drives"]!.AsArray());
        Assert.All(facts["certificates"]!.AsArray(), certificate => Assert.NotNull(certificate!["notAfter"]));
        Assert.All(
            ["httpThumbprint", "imapThumbprint"],
            shown => Assert.Contains(facts["certificates"]!.AsArray(), certificate => (string)certificate!["thumbprint"]! == (string)facts[shown]!));

        await AssertAnswerAsync(server, "/api/machines/nobody/test", new { }, HttpStatusCode.NotFound);
        await AssertAnswerAsync(server, "/api/machines/nobody/host-key", new { fingerprint = Wrong }, HttpStatusCode.NotFound);
        await AssertAnswerAsync(server, "/api/machines/spe-old/host-key", new { fingerprint = Wrong }, HttpStatusCode.Conflict);
        await AssertAnswerAsync(server, "/api/machines/spe-far/host-key", new { fingerprint = Wrong, jumpHost = true }, HttpStatusCode.Conflict);
        await AssertAnswerAsync(server, "/api/machines/spe-pinned/host-key", new { fingerprint = Wrong }, HttpStatusCode.Conflict);
        await AssertAnswerAsync(server, "/api/machines/spe-far/host-key", new { fingerprint = "yes" }, HttpStatusCode.BadRequest);
        await AssertAnswerAsync(server, "/api/machines/spe-far/host-key", new { fingerprint = Wrong, force = true }, HttpStatusCode.BadRequest);
        await AnswerTests.AssertProblemAsync(await server.Client.PutAsJsonAsync("/api/secrets/no%20name", new { value = "p" }), HttpStatusCode.BadRequest);
        await AnswerTests.AssertProblemAsync(await server.Client.PutAsJsonAsync("/api/secrets/name", new { value = "" }), HttpStatusCode.BadRequest);
        using var stranger = new HttpClient { BaseAddress = server.Address };
        await AnswerTests.AssertProblemAsync(await stranger.PostAsJsonAsync("/api/machines/spe-far/host-key", new { fingerprint = Wrong }), HttpStatusCode.Unauthorized);
        await AnswerTests.AssertProblemAsync(await stranger.PutAsJsonAsync("/api/secrets/name", new { value = "p" }), HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("no-such-machine", "Name", "say with Ssh or Local", "x", "x")]
    [InlineData("spe-old", "Local", "not both", "Ssh__Host=h", "Local=true")]
    [InlineData("spe-old", "Ssh", "UserName is missing", "Ssh__Host=h", "Ssh__PasswordSecret=p")]
    [InlineData("spe-old", "Ssh", "either PrivateKeySecret or PasswordSecret", "Ssh__Host=h", "Ssh__UserName=u")]
    [InlineData("spe-old", "ManagementApi", "UserName and PasswordSecret", "ManagementApi__UserName=u", "x")]
    public async Task A_machine_that_cannot_be_meant_stops_the_start_with_one_line(string name, string option, string fault, string one, string two)
    {
        var data = Directory.CreateTempSubdirectory("speelsa-").FullName;
        await using var server = ServerProcess.On(data);
        server.Set("Machines__0__Name", name);
        foreach (var pair in new[] { one, two }.Select(setting => setting.Split('=')).Where(pair => pair.Length == 2))
        {
            server.Set($"Machines__0__{pair[0]}", pair[1]);
        }

        server.Launch();

        Assert.Equal(2, await server.WaitForExitAsync());
        var line = Assert.Single(server.Output.Split('\n'), line => line.StartsWith("speelsa:", StringComparison.Ordinal));
        Assert.Contains($"Machines:0:{option} of '{name}'", line, StringComparison.Ordinal);
        Assert.Contains(fault, line, StringComparison.Ordinal);
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task This_computer_cannot_be_a_machine_unless_it_is_windows()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows it can.");
        var data = Directory.CreateTempSubdirectory("speelsa-").FullName;
        await using var server = ServerProcess.On(data);
        server.Set("Machines__0__Name", "here");
        server.Set("Machines__0__Local", "true");

        server.Launch();

        Assert.Equal(2, await server.WaitForExitAsync());
        Assert.Contains("Machines:0:Local of 'here': this computer is not Windows", server.Output, StringComparison.Ordinal);
        Directory.Delete(data, recursive: true);
    }

    private static (string, string)[] Settings(LabSshServer ssh) =>
    [
        ("Lab__Enabled", "false"),
        ("Machines__0__Name", "spe-far"),
        .. SshSettings("Machines__0__Ssh", ssh),
        ("Machines__1__Name", "spe-behind"),
        .. SshSettings("Machines__1__Ssh", ssh),
        .. SshSettings("Machines__1__Ssh__JumpHost", ssh),
    ];

    private static (string, string)[] SshSettings(string section, LabSshServer ssh) =>
    [
        ($"{section}__Host", "127.0.0.1"),
        ($"{section}__Port", ssh.Port.ToString(CultureInfo.InvariantCulture)),
        ($"{section}__UserName", Environment.UserName),
        ($"{section}__PrivateKeySecret", "far-key"),
    ];

    private static async Task<JsonObject> TestAsync(ServerProcess server, string name = "spe-far")
    {
        using var answer = await server.Client.PostAsync(new Uri($"/api/machines/{name}/test", UriKind.Relative), null);
        var body = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.True(answer.StatusCode is HttpStatusCode.OK, body.ToJsonString());
        return body;
    }

    private static async Task<JsonObject> AcceptAsync(ServerProcess server, string fingerprint, string name = "spe-far")
    {
        using var answer = await server.Client.PostAsJsonAsync($"/api/machines/{name}/host-key", new { fingerprint });
        var body = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.True(answer.StatusCode is HttpStatusCode.OK, body.ToJsonString());
        return body;
    }

    private static void AssertFault(JsonObject test, string code)
    {
        Assert.False(test["usable"]!.GetValue<bool>(), test.ToJsonString());
        Assert.Equal(code, test["fault"]!["code"]!.GetValue<string>());
    }

    private static async Task AssertAnswerAsync(ServerProcess server, string path, object body, HttpStatusCode expected) =>
        await AnswerTests.AssertProblemAsync(await server.Client.PostAsJsonAsync(path, body), expected);
}
