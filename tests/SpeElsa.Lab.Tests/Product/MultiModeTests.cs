using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SpeElsa.MailStore;

namespace SpeElsa.Lab.Tests.Product;

/// <summary>The procedures of multi server mode by hand: right, and wrong in the ways people do them wrong.</summary>
public sealed class MultiModeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_seeded_farm_serves_and_has_a_store_outside_a_base_directory()
    {
        await using var lab = await MultiLab.OpenAsync();
        using var client = lab.Client("spe-mgmt");

        Assert.Equal(
            ["spe-cas", "spe-cas-new", "spe-ih-new", "spe-ih1", "spe-ih2", "spe-mgmt", "spe-mgmt-new"],
            lab.Farm.Servers.Select(server => server.Name));
        Assert.Empty(await lab.MessagesAsync("spe-mgmt"));
        Assert.All(await client.GetInstancesAsync("*", Token), instance => Assert.True(instance.IsRunning));
        var stores = await client.GetStoresAsync("hooli", includeSize: true, Token);
        Assert.Contains(stores, store => store is { DatabasePath: @"C:\MoreStores\hooli\Messages 2023-01", Error: null });
        Assert.Equal([("multi", "spe-mgmt")], lab.Product.Licences.Select(licence => (licence.Farm, licence.ServerName!)));
    }

    [Fact]
    public async Task A_seeding_that_ended_after_its_first_server_is_done_again()
    {
        var directory = ProductLab.NewDirectory();
        await using (var farm = LabFarm.Open(new LabOptions { Directory = directory }, TimeProvider.System, NullLoggerFactory.Instance))
        {
            farm.AddServer("spe-mgmt-new", 1L << 30);
        }

        await using (var lab = await MultiLab.OpenAsync(directory))
        {
            Assert.Empty(await lab.MessagesAsync("spe-mgmt"));
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Both_farms_live_beside_each_other_with_a_licence_and_secrets_of_their_own()
    {
        List<LabSecrets> handed = [];
        await using var lab = await ProductLab.OpenAsync(configure: options =>
        {
            options.Farm = LabFarmKind.All;
            options.FixedSecrets = null;
            options.SecretsCreated = handed.Add;
        });

        Assert.Equal([LabFarmKind.Single, LabFarmKind.Multi], handed.Select(secrets => secrets.Farm));
        Assert.Empty(await lab.MessagesAsync("spe-old"));
        Assert.Empty(await lab.MessagesAsync("spe-mgmt"));
        Assert.Equal(["spe-old", "spe-mgmt"], lab.Product.Licences.Select(licence => licence.ServerName));
        using var foreign = lab.Client("spe-mgmt", password: handed[0].ServiceAdministratorPassword);
        await Assert.ThrowsAsync<ManagementApiException>(() => foreign.PingAsync(Token));
        await lab.Product.TransferLicenceAsync("spe-new", Token);
        Assert.Empty(await lab.MessagesAsync("spe-mgmt"));
        Assert.Empty(lab.Product.Violations);
    }

    [Fact]
    public async Task A_Management_Server_moves_and_each_other_role_follows_when_its_dialog_is_done()
    {
        await using var lab = await MultiLab.OpenAsync();

        await lab.BringManagementServerAsync();

        var messages = await lab.MessagesAsync("spe-mgmt-new");
        Assert.Equal(3, messages.Count);
        Assert.All(messages, message => Assert.Contains("another Management Server, 'spe-mgmt'", message, StringComparison.Ordinal));
        Assert.False(Directory.Exists(ProductLab.ConfigFile(lab.Server("spe-mgmt-new"), "Branding")));
        foreach (var (server, role, left) in new[]
        {
            ("spe-ih1", ProductRole.InstanceHost, 2), ("spe-ih2", ProductRole.InstanceHost, 1), ("spe-cas", ProductRole.ClientAccessServer, 0),
        })
        {
            await lab.Product.ConfigureManagementServerAsync(server, role, "spe-mgmt-new", Token);
            Assert.Equal(left, (await lab.MessagesAsync("spe-mgmt-new")).Count);
        }

        using var client = lab.Client("spe-mgmt-new");
        Assert.All(await client.GetInstancesAsync("*", Token), instance => Assert.True(instance.IsRunning));
        var failure = await Assert.ThrowsAsync<ManagementApiException>(() => client.TestSystemSmtpConfigurationAsync(Token));
        Assert.Contains("decrypted", failure.Message, StringComparison.Ordinal);
        await lab.Product.SetSmtpPasswordAsync("spe-mgmt-new", "canary-smtp-3", Token);
        await client.TestSystemSmtpConfigurationAsync(Token);
        Assert.True(await lab.Product.CanLogInAsync("spe-mgmt-new", "admin", "canary-normal-1", Token));
        Assert.Empty(lab.Product.Violations);
    }

    [Fact]
    public async Task A_Management_Server_that_moves_with_MFA_on_and_the_old_one_running_locks_people_out_and_is_split_brain()
    {
        await using var lab = await MultiLab.OpenAsync();

        await lab.BringManagementServerAsync(stopOld: false, mfaOff: false);

        Assert.False(await lab.Product.CanLogInAsync("spe-mgmt-new", "admin", "canary-normal-1", Token));
        var violation = Assert.Single(lab.Product.Violations);
        Assert.Equal(("ManagementServer", "spe-mgmt,spe-mgmt-new"), (violation.Role, string.Join(',', violation.Servers)));
        Assert.Contains(await lab.MessagesAsync("spe-mgmt"), message => message.Contains("licence is disabled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_Instance_Host_moves_by_moving_its_instances()
    {
        await using var lab = await MultiLab.OpenAsync();
        using var client = lab.Client("spe-mgmt");
        var before = await client.GetInstanceStatisticsAsync("hooli", Token);
        await lab.AddServerAsync("spe-ih-new", ProductRole.InstanceHost);
        Assert.Empty(await lab.MessagesAsync("spe-mgmt"));

        await lab.MoveInstanceAsync(client, "umbrella", "spe-ih1", "spe-ih-new", @"C:\MailStoreData\umbrella");
        await lab.MoveInstanceAsync(client, "vandelay", "spe-ih1", "spe-ih-new", @"C:\Archive\vandelay");
        await lab.MoveInstanceAsync(client, "hooli", "spe-ih1", "spe-ih-new", @"C:\MailStoreData\hooli");

        Assert.Contains(await client.GetStoresAsync("hooli", false, Token), store => store.Error is not null);
        HandMove.Copy(
            lab.Server("spe-ih1").ToLocalPath(@"C:\MoreStores\hooli\Messages 2023-01"),
            lab.Server("spe-ih-new").ToLocalPath(@"C:\Elsewhere\2023-01"));
        var outside = Assert.Single(await client.GetStoresAsync("hooli", false, Token), store => store.Error is not null);
        await client.InvokeAsync(
            "SetStorePath", new Dictionary<string, string?> { ["instanceID"] = "hooli", ["id"] = $"{outside.Id}", ["path"] = @"C:\Elsewhere\2023-01" }, Token);
        Assert.Equal(before, await client.GetInstanceStatisticsAsync("hooli", Token));
        await lab.Product.RemoveRoleAsync("spe-ih1", ProductRole.InstanceHost, Token);
        Assert.Single(await lab.MessagesAsync("spe-mgmt"));
        await client.InvokeAsync("DeleteInstanceHost", new Dictionary<string, string?> { ["serverName"] = "spe-ih1" }, Token);
        Assert.Empty(await lab.MessagesAsync("spe-mgmt"));
        Assert.Empty(lab.Server("spe-ih1").Services);
        Assert.Empty(lab.Product.Violations);
    }

    [Fact]
    public async Task An_entry_with_instances_cannot_be_deleted_and_an_instance_without_its_data_does_not_start()
    {
        await using var lab = await MultiLab.OpenAsync();
        using var client = lab.Client("spe-mgmt");
        await lab.AddServerAsync("spe-ih-new", ProductRole.InstanceHost);

        var refused = await Assert.ThrowsAsync<ManagementApiException>(() => client.InvokeAsync(
            "DeleteInstanceHost", new Dictionary<string, string?> { ["serverName"] = "spe-ih2" }, Token));
        var failed = await Assert.ThrowsAsync<ManagementApiException>(() =>
            lab.MoveInstanceAsync(client, "stark", "spe-ih2", "spe-ih-new"));

        Assert.Contains("There are instances", refused.Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", failed.Message, StringComparison.Ordinal);
        Assert.Equal(["instance:stark"], await lab.ErrorsAsync("spe-mgmt"));
    }

    [Fact]
    public async Task An_instance_that_two_hosts_run_is_recorded_and_two_hosts_beside_each_other_are_not()
    {
        await using var lab = await MultiLab.OpenAsync();
        using var client = lab.Client("spe-mgmt");
        await lab.AddServerAsync("spe-ih-new", ProductRole.InstanceHost);
        HandMove.Copy(lab.Server("spe-ih2").ToLocalPath(@"C:\MailStoreData"), lab.Server("spe-ih-new").ToLocalPath(@"C:\MailStoreData"));
        Assert.Empty(lab.Product.Violations);

        // The old host has lost its Management Server and goes on with what it runs.
        var certificate = lab.Certificate("spe-ih2", "MailStoreInstanceHost");
        lab.Server("spe-ih2").RemoveCertificate(certificate.Thumbprint);
        var configuration = await client.GetInstanceConfigurationAsync("stark", Token);
        configuration["instanceHost"] = "spe-ih-new";
        await client.SetInstanceConfigurationAsync(configuration, Token);
        await client.StartInstanceAsync("stark", Token);

        var violation = Assert.Single(lab.Product.Violations);
        Assert.Equal(("Instance stark", "spe-ih-new,spe-ih2"), (violation.Role, string.Join(',', violation.Servers)));
    }

    [Fact]
    public async Task A_Client_Access_Server_moves_and_shows_its_certificates_to_who_asks()
    {
        await using var lab = await MultiLab.OpenAsync();
        using var client = lab.Client("spe-mgmt");
        var http = lab.Certificate("spe-cas", "MailStoreClientAccessServerHttp");
        var imap = lab.Certificate("spe-cas", "MailStoreClientAccessServerImap");
        Assert.Equal((http.Thumbprint, imap.Thumbprint), await ShownAsync(lab, "spe-cas"));
        lab.Server("spe-cas-new").AddCertificate(http);
        lab.Server("spe-cas-new").AddCertificate(imap);
        await lab.StopAsync(lab.Server("spe-cas"), MultiLab.AccessService);
        await Assert.ThrowsAsync<SocketException>(() => ShownAsync(lab, "spe-cas"));

        await lab.AddServerAsync("spe-cas-new", ProductRole.ClientAccessServer);
        var (newHttp, newImap) = await ShownAsync(lab, "spe-cas-new");
        await lab.Product.ChooseCertificatesAsync("spe-cas-new", http.Thumbprint, imap.Thumbprint, Token);

        Assert.NotEqual(http.Thumbprint, newHttp);
        Assert.NotEqual(imap.Thumbprint, newImap);
        Assert.Equal((http.Thumbprint, imap.Thumbprint), await ShownAsync(lab, "spe-cas-new"));
        Assert.Equal(["clientAccessServer:spe-cas"], await lab.ErrorsAsync("spe-mgmt"));
        await lab.Product.RemoveRoleAsync("spe-cas", ProductRole.ClientAccessServer, Token);
        await client.InvokeAsync("DeleteClientAccessServer", new Dictionary<string, string?> { ["serverName"] = "spe-cas" }, Token);
        Assert.Empty(await lab.ErrorsAsync("spe-mgmt"));
    }

    [Fact]
    public async Task A_role_that_is_started_before_it_is_paired_is_nobody_to_the_Management_Server()
    {
        await using var lab = await MultiLab.OpenAsync();
        using var client = lab.Client("spe-mgmt");
        await lab.Product.InstallProgramsAsync("spe-cas-new", null, Token);
        await lab.Product.AddRoleAsync("spe-cas-new", ProductRole.ClientAccessServer, null, Token);
        var role = lab.Role("spe-cas-new");
        await lab.StartAsync(lab.Server("spe-cas-new"), MultiLab.AccessService);

        // The Management Server's half of the pairing alone, as the API can do it.
        await client.InvokeAsync("PairWithManagementServer", new Dictionary<string, string?>
        {
            ["serverType"] = "clientAccessServer",
            ["serverName"] = "spe-cas-new",
            ["port"] = "8473",
            ["thumbprint"] = role.Thumbprint,
        }, Token);
        var half = await lab.MessagesAsync("spe-mgmt");
        await Assert.ThrowsAsync<LabProductException>(() =>
            lab.Product.PairAsync("spe-cas-new", ProductRole.ClientAccessServer, "spe-mgmt", role.Thumbprint, Token));
        await lab.Product.PairAsync(
            "spe-cas-new", ProductRole.ClientAccessServer, "spe-mgmt", lab.Machine("spe-mgmt").Thumbprint, Token);

        Assert.Contains("is not paired", Assert.Single(half), StringComparison.Ordinal);
        Assert.Empty(await lab.MessagesAsync("spe-mgmt"));
    }

    [Fact]
    public async Task A_server_is_renamed_as_the_vendors_page_says()
    {
        await using var lab = await ProductLab.OpenAsync();
        await HandMove.RunAsync(lab, Acts.All);
        using var client = lab.Client("spe-new");
        Assert.Contains((await client.GetServiceStatusAsync(Token)).Messages, message => message.Tag == "managementServer");

        foreach (var role in Enum.GetValues<ProductRole>())
        {
            await lab.Product.RenameServerAsync("spe-new", role, "spe-new", Token);
        }

        Assert.Equal(["instanceHost:spe-old", "clientAccessServer:spe-old"], await lab.ErrorsAsync("spe-new"));
        await lab.Product.PairAsync("spe-new", ProductRole.InstanceHost, "spe-new", null, Token);
        await lab.Product.PairAsync("spe-new", ProductRole.ClientAccessServer, "spe-new", null, Token);
        foreach (var instance in await client.GetInstancesAsync("*", Token))
        {
            var configuration = await client.GetInstanceConfigurationAsync(instance.InstanceId, Token);
            configuration["instanceHost"] = "spe-new";
            await client.SetInstanceConfigurationAsync(configuration, Token);
            await client.StartInstanceAsync(instance.InstanceId, Token);
        }

        await client.InvokeAsync("DeleteInstanceHost", new Dictionary<string, string?> { ["serverName"] = "spe-old" }, Token);
        await client.InvokeAsync("DeleteClientAccessServer", new Dictionary<string, string?> { ["serverName"] = "spe-old" }, Token);
        Assert.DoesNotContain(await lab.Product.GetDashboardAsync("spe-new", Token), message => message.Type != "information");
    }

    /// <summary>Windows has another name after its restart; what does not start by itself stays off, and the licence is of the old name.</summary>
    [Fact]
    public async Task A_computer_is_renamed_and_found_by_both_names()
    {
        await using var lab = await ProductLab.OpenAsync();
        using var client = lab.Client("spe-old");
        lab.Old.SetStartMode(ProductLab.Names.ServiceName(ProductRole.ClientAccessServer), LabService.Disabled);
        await Assert.ThrowsAsync<LabProductException>(() => lab.Product.RenameComputerAsync("spe-old", "spe-new", Token));
        await lab.Product.RenameComputerAsync("spe-old", "spe-alpha", Token);

        Assert.Equal("spe-alpha", (await client.GetEnvironmentInfoAsync(Token)).ServerName);
        Assert.Equal(lab.Old, lab.Farm.Find("SPE-ALPHA.lab.example"));
        Assert.Equal(2, lab.Old.Services.Count(service => service.IsRunning));
        Assert.Contains("licence", await lab.ErrorsAsync("spe-old"));
        await lab.Product.TransferLicenceAsync("spe-alpha", Token);
        Assert.DoesNotContain("licence", await lab.ErrorsAsync("spe-old"));
        await lab.Product.RenameComputerAsync("spe-alpha", "spe-old", Token);
        Assert.Contains("licence", await lab.ErrorsAsync("spe-old"));
        Assert.Equal(2, lab.Old.Effects.Count(effect => effect.Kind == LabEffectKinds.ComputerRename));
    }

    private static async Task<(string Http, string Imap)> ShownAsync(ProductLab lab, string server)
    {
        var machine = lab.Machine(server);
        using var http = new TcpClient();
        await http.ConnectAsync("127.0.0.1", machine.HttpsPort, Token);
        var page = http.GetStream();
        using var imap = new TcpClient();
        await imap.ConnectAsync("127.0.0.1", machine.ImapPort, Token);
        var mail = imap.GetStream();
        using var reader = new StreamReader(mail, Encoding.ASCII, false, 1, leaveOpen: true);
        Assert.StartsWith("* OK", await reader.ReadLineAsync(Token), StringComparison.Ordinal);
        await mail.WriteAsync("a STARTTLS\r\n"u8.ToArray(), Token);
        Assert.StartsWith("a OK", await reader.ReadLineAsync(Token), StringComparison.Ordinal);
        return (await HandshakeAsync(page), await HandshakeAsync(mail));
    }

    private static async Task<string> HandshakeAsync(Stream stream)
    {
        await using var tls = new SslStream(stream);
        string? shown = null;
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    (shown = (certificate as X509Certificate2)?.Thumbprint) is not null,
            },
            Token);
        return shown!;
    }
}
