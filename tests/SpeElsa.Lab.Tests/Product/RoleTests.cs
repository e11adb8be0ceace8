using System.Net;
using System.Net.Sockets;
using SpeElsa.MailStore;
using SpeElsa.Testing;

namespace SpeElsa.Lab.Tests.Product;

public sealed class RoleTests
{
    private const string Management = "MailStoreManagementServer";
    private const string Host = "MailStoreInstanceHost";
    private const string Access = "MailStoreClientAccessServer";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Roles_started_too_early_connect_when_the_Management_Server_is_up()
    {
        await using var lab = await ProductLab.OpenAsync();
        await lab.StopAsync(lab.Old, Access, Host, Management);

        await lab.StartAsync(lab.Old, Access, Host);
        Assert.Equal(["managementServer"], await lab.ErrorsAsync("spe-old"));
        await lab.StartAsync(lab.Old, Management);

        Assert.Empty(await lab.ErrorsAsync("spe-old"));
    }

    [Fact]
    public async Task A_role_that_does_not_run_is_an_error_and_takes_its_instances_with_it()
    {
        await using var lab = await ProductLab.OpenAsync();
        using var client = lab.Client();

        await lab.StopAsync(lab.Old, Host, Access);

        Assert.Equal(["instanceHost:spe-old", "clientAccessServer:spe-old"], await lab.ErrorsAsync("spe-old"));
        Assert.All(await client.GetInstancesAsync("*", Token), instance => Assert.Equal("notConnected", instance.Status));
        await Assert.ThrowsAsync<ManagementApiException>(() => client.StartInstanceAsync("acme", Token));
    }

    [Fact]
    public async Task An_instance_stopped_through_the_API_starts_again_with_its_host_only()
    {
        await using var lab = await ProductLab.OpenAsync();
        using var client = lab.Client();
        await client.StopInstanceAsync("acme", Token);

        await lab.StopAsync(lab.Old, Management);
        await lab.StartAsync(lab.Old, Management);
        var afterManagement = Assert.Single(await client.GetInstancesAsync("acme", Token));
        await lab.StopAsync(lab.Old, Host);
        await lab.StartAsync(lab.Old, Host);
        var afterHost = Assert.Single(await client.GetInstancesAsync("acme", Token));

        Assert.False(afterManagement.IsRunning);
        Assert.True(afterHost.IsRunning);
    }

    [Fact]
    public async Task An_instance_with_manual_start_stays_where_it_is_and_its_directory_can_be_changed_before_the_host_starts()
    {
        await using var lab = await ProductLab.OpenAsync();
        using var client = lab.Client();
        await lab.StopAsync(lab.Old, Host);
        Directory.CreateDirectory(lab.Old.ToLocalPath(@"C:\Elsewhere"));
        Directory.Move(lab.Old.ToLocalPath(@"C:\Archive\initech"), lab.Old.ToLocalPath(@"C:\Elsewhere\initech"));

        var moved = await client.GetInstanceConfigurationAsync("initech", Token);
        moved["baseDirectory"] = @"C:\Elsewhere\initech";
        await client.SetInstanceConfigurationAsync(moved, Token);
        var manual = await client.GetInstanceConfigurationAsync("acme", Token);
        manual["startMode"] = "manual";
        await client.SetInstanceConfigurationAsync(manual, Token);
        await lab.StartAsync(lab.Old, Host);

        var instances = await client.GetInstancesAsync("*", Token);
        Assert.Equal([("acme", false), ("globex", true), ("initech", true)], instances.Select(
            instance => (instance.InstanceId, instance.IsRunning)));
        Assert.Empty(await lab.ErrorsAsync("spe-old"));
    }

    [Fact]
    public async Task A_configuration_is_read_when_the_service_starts_not_while_it_runs()
    {
        await using var lab = await ProductLab.OpenAsync();
        var database = ProductLab.ConfigFile(lab.Old, "MailStoreManagementDatabase.json");
        File.WriteAllText(database, File.ReadAllText(database).Replace("Acme GmbH", "Acme SE", StringComparison.Ordinal));
        using var client = lab.Client();

        var running = (string?)(await client.GetInstanceConfigurationAsync("acme", Token))["displayName"];
        await lab.StopAsync(lab.Old, Management);
        await lab.StartAsync(lab.Old, Management);

        Assert.Equal("Acme GmbH", running);
        Assert.Equal("Acme SE", (string?)(await client.GetInstanceConfigurationAsync("acme", Token))["displayName"]);
    }

    [Fact]
    public async Task A_damaged_database_keeps_the_Management_Server_down_until_it_is_whole()
    {
        await using var lab = await ProductLab.OpenAsync();
        var database = ProductLab.ConfigFile(lab.Old, "MailStoreManagementDatabase.json");
        var whole = File.ReadAllText(database);
        await lab.StopAsync(lab.Old, Management);
        File.WriteAllText(database, whole[..(whole.Length / 2)]);

        await lab.StartAsync(lab.Old, Management);
        Assert.Equal(["managementServer"], await lab.ErrorsAsync("spe-old"));
        File.WriteAllText(database, whole);

        Assert.Empty(await lab.ErrorsAsync("spe-old"));
    }

    [Fact]
    public async Task An_older_product_refuses_a_database_that_a_newer_one_has_upgraded()
    {
        await using var lab = await ProductLab.OpenAsync(configure: options => options.Version = "25.3.1.0");
        await lab.StopAsync(lab.Old, Management);
        await InstallProgramsAsync(lab, "26.1.0.0");
        await lab.StartAsync(lab.Old, Management);
        using var client = lab.Client();
        Assert.Equal("26.1.0.0", (await client.GetEnvironmentInfoAsync(Token)).Version);

        await lab.StopAsync(lab.Old, Management);
        await InstallProgramsAsync(lab, "25.3.1.0");
        await lab.StartAsync(lab.Old, Management);

        Assert.Equal(["managementServer"], await lab.ErrorsAsync("spe-old"));
    }

    [Fact]
    public async Task An_installer_puts_programs_on_the_disk_and_a_person_sets_them_up()
    {
        await using var lab = await ProductLab.OpenAsync();

        var exitCode = await lab.New.Installer!(new LabInstallation(lab.New, @"C:\Install\spe-setup-25.4.0.1.exe", "/S"), Token);
        Assert.Equal(0, exitCode);
        Assert.Empty(lab.New.Services);
        await lab.Product.InstallAsync("spe-new", version: null, administratorPassword: "typed in", Token);

        using var admin = lab.Client("spe-new", "admin", "typed in");
        Assert.Equal("25.4.0.1", (await admin.GetEnvironmentInfoAsync(Token)).Version);
        Assert.All(lab.New.Services, service => Assert.True(service.IsRunning));
        Assert.Equal(5, lab.New.Certificates().Count);
        Assert.Empty(lab.Product.Violations);
        await Assert.ThrowsAsync<LabProductException>(() => lab.Product.InstallAsync("spe-new", null, null, Token));
    }

    [Fact]
    public async Task A_new_installation_beside_the_old_one_is_no_split_brain_but_has_no_licence()
    {
        await using var lab = await ProductLab.OpenAsync();

        await lab.Product.InstallAsync("spe-new", version: null, administratorPassword: null, Token);

        Assert.Empty(lab.Product.Violations);
        Assert.Contains("licence", await lab.ErrorsAsync("spe-new"));
        Assert.Empty(await lab.ErrorsAsync("spe-old"));
    }

    [Fact]
    public async Task A_person_can_switch_MFA_only_where_the_Management_Server_is_up()
    {
        await using var lab = await ProductLab.OpenAsync();
        await lab.StopAsync(lab.Old, Management);

        await Assert.ThrowsAsync<LabProductException>(() => lab.Product.SetMfaAsync("spe-old", "admin", enabled: false, Token));
        await Assert.ThrowsAsync<LabProductException>(() => lab.Product.SetMfaAsync("spe-new", "admin", enabled: false, Token));
        await lab.StartAsync(lab.Old, Management);
        await Assert.ThrowsAsync<LabProductException>(() => lab.Product.SetMfaAsync("spe-old", "nobody", enabled: false, Token));
        await lab.Product.SetMfaAsync("spe-old", "admin", enabled: false, Token);
        await lab.Product.SetMfaAsync("spe-old", "admin", enabled: false, Token);

        Assert.Single(lab.Old.Effects, effect => effect is { Kind: "console:mfa", Target: "admin:off" });
    }

    [Fact]
    public async Task A_farm_that_is_opened_again_goes_on_as_it_was()
    {
        var directory = ProductLab.NewDirectory();
        LabFleetInfo before;
        await using (var lab = await ProductLab.OpenAsync(directory))
        {
            before = lab.Product.Fleet;
            using var client = lab.Client();
            await client.StopInstanceAsync("acme", Token);
            lab.Old.StopService(Access);
        }

        await using (var again = await ProductLab.OpenAsync(directory))
        {
            using var client = again.Client();
            Assert.Equal(before.Machines.Select(WithoutPorts), again.Product.Fleet.Machines.Select(WithoutPorts));
            Assert.Equal(
                ["stopped", "running", "running"], (await client.GetInstancesAsync("*", Token)).Select(instance => instance.Status));
            Assert.Equal(["clientAccessServer:spe-old"], await again.ErrorsAsync("spe-old"));
            Assert.Single(again.Old.Effects, effect => effect.Kind == "api:StopInstances");
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_farm_that_is_opened_again_has_its_ports_again()
    {
        var directory = ProductLab.NewDirectory();
        async Task<IReadOnlyList<LabFleetMachine>> OpenAsync()
        {
            await using var lab = await ProductLab.OpenAsync(directory);
            return lab.Product.Fleet.Machines;
        }

        // While it is closed, a farm of another program may come to have one of them.
        var before = await OpenAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                var now = await OpenAsync();
                var same = before.SequenceEqual(now);
                before = now;
                return same;
            },
            "the ports are the same");
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Nobody_else_is_given_the_port_of_a_role_that_does_not_run()
    {
        await using var lab = await ProductLab.OpenAsync();
        await lab.StopAsync(lab.Old, Access, Management);
        var copy = ProductLab.NewDirectory();
        foreach (var file in Directory.EnumerateFiles(lab.Path, "*.json", SearchOption.AllDirectories))
        {
            var to = Path.Combine(copy, Path.GetRelativePath(lab.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        await using (var other = await ProductLab.OpenAsync(copy))
        {
            Assert.Equal(lab.Product.Fleet.Machines.Select(machine => machine.Name), other.Product.Fleet.Machines.Select(machine => machine.Name));
            Assert.Empty(lab.Product.Fleet.Machines.SelectMany(Ports).Intersect(other.Product.Fleet.Machines.SelectMany(Ports)));
        }

        Directory.Delete(copy, recursive: true);
    }

    [Fact]
    public async Task A_server_whose_ports_another_program_has_taken_serves_on_other_ports()
    {
        await using var lab = await ProductLab.OpenAsync();
        await lab.StopAsync(lab.Old, Access, Management);
        var before = lab.Machine("spe-old");
        using var api = new TcpListener(IPAddress.Loopback, before.ManagementApi.Port);
        using var imap = new TcpListener(IPAddress.Loopback, before.ImapPort);
        api.Start();
        imap.Start();

        await lab.StartAsync(lab.Old, Management, Access);

        await Eventually.TrueAsync(
            async () =>
            {
                var now = lab.Machine("spe-old");
                using var client = lab.Client();
                return now.ManagementApi != before.ManagementApi && now.ImapPort != before.ImapPort && await IsUpAsync(client) && await GreetsAsync(now.ImapPort);
            },
            "both answer on another port");
        Assert.Equal(before.HttpsPort, lab.Machine("spe-old").HttpsPort);
    }

    [Fact]
    public async Task Roles_take_notice_by_themselves()
    {
        await using var lab = await ProductLab.OpenAsync();
        using var client = lab.Client();
        using var every = new PeriodicTimer(TimeSpan.FromMilliseconds(20));

        lab.Old.StopService(Management);
        while (await IsUpAsync(client))
        {
            await every.WaitForNextTickAsync(Token);
        }

        lab.Old.StartService(Management);
        while (!await IsUpAsync(client))
        {
            await every.WaitForNextTickAsync(Token);
        }
    }

    private static async Task<bool> IsUpAsync(ManagementApiClient client)
    {
        try
        {
            await client.PingAsync(Token);
            return true;
        }
        catch (ManagementApiException)
        {
            return false;
        }
    }

    private static async Task<bool> GreetsAsync(int imapPort)
    {
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, imapPort, Token);
            using var reader = new StreamReader(socket.GetStream());
            return await reader.ReadLineAsync(Token) is ['*', ' ', 'O', 'K', ..];
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static Task<int> InstallProgramsAsync(ProductLab lab, string version) =>
        lab.Old.Installer!(new LabInstallation(lab.Old, $@"C:\Install\spe-{version}.exe", ""), Token);

    private static int[] Ports(LabFleetMachine machine) => [machine.ManagementApi.Port, machine.HttpsPort, machine.ImapPort];

    private static LabFleetMachine WithoutPorts(LabFleetMachine machine) => machine with { ManagementApi = new Uri("https://127.0.0.1/"), HttpsPort = 0, ImapPort = 0 };
}
