using SpeElsa.MailStore;

namespace SpeElsa.Lab.Tests.Product;

/// <summary>A fingerprint is the same as long as a server is, and another after every act that matters.</summary>
public sealed class FingerprintTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_farm_that_is_closed_and_opened_again_is_as_it_was()
    {
        var directory = ProductLab.NewDirectory();
        IReadOnlyList<string> before;
        await using (var lab = await MultiLab.OpenAsync(directory))
        {
            before = await TakeAsync(lab);
        }

        await using (var again = await MultiLab.OpenAsync(directory))
        {
            Assert.Equal(before, await TakeAsync(again));
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Every_kind_of_act_changes_it_and_taking_the_act_back_brings_it_back()
    {
        await using var lab = await MultiLab.OpenAsync();
        using var client = lab.Client("spe-mgmt");
        var manager = lab.Server("spe-mgmt");
        var host = lab.Server("spe-ih1");
        var access = lab.Server("spe-cas");
        var certificate = lab.Certificate("spe-cas", "MailStoreClientAccessServerHttp");
        var startup = ProductLab.ConfigFile(host, "MailStoreInstanceHostStartup.cmd");
        var startupText = await File.ReadAllTextAsync(startup, Token);
        var archive = Directory.EnumerateFiles(host.ToLocalPath(@"C:\MoreStores\hooli"), "*.dat", SearchOption.AllDirectories).First();
        var content = await File.ReadAllBytesAsync(archive, Token);
        (string Name, string Server, Func<Task> Act, Func<Task> Back)[] acts =
        [
            ("service", "spe-ih2", () => lab.StopAsync(lab.Server("spe-ih2"), MultiLab.HostService), () => lab.StartAsync(lab.Server("spe-ih2"), MultiLab.HostService)),
            ("start mode", "spe-cas", Done(() => access.SetStartMode(MultiLab.AccessService, LabService.Manual)), Done(() => access.SetStartMode(MultiLab.AccessService, LabService.Automatic))),
            ("certificate", "spe-cas", Done(() => access.RemoveCertificate(certificate.Thumbprint)), Done(() => access.AddCertificate(certificate))),
            ("configuration file", "spe-ih1", () => File.WriteAllTextAsync(startup, "rem", Token), () => File.WriteAllTextAsync(startup, startupText, Token)),
            ("data", "spe-ih1", () => File.WriteAllBytesAsync(archive, content[1..], Token), () => File.WriteAllBytesAsync(archive, content, Token)),
            ("instance", "spe-ih1", () => client.StopInstanceAsync("vandelay", Token), () => client.StartInstanceAsync("vandelay", Token)),
            ("instance on its manager", "spe-mgmt", () => client.StopInstanceAsync("wayne", Token), () => client.StartInstanceAsync("wayne", Token)),
            ("start mode of an instance", "spe-mgmt", () => SetStartModeAsync(client, "manual"), () => SetStartModeAsync(client, "automatic")),
            ("MFA", "spe-mgmt", () => lab.Product.SetMfaAsync("spe-mgmt", "admin", false, Token), () => lab.Product.SetMfaAsync("spe-mgmt", "admin", true, Token)),
            ("licence", "spe-ih1", () => lab.Product.TransferLicenceAsync("spe-mgmt-new", Token), () => lab.Product.TransferLicenceAsync("spe-mgmt", Token)),
            ("server name", "spe-cas", () => lab.Product.RenameServerAsync("spe-cas", ProductRole.ClientAccessServer, "other", Token), () => lab.Product.RenameServerAsync("spe-cas", ProductRole.ClientAccessServer, "spe-cas", Token)),
            ("entry", "spe-mgmt", () => CreateHostAsync(client), () => client.InvokeAsync("DeleteInstanceHost", new Dictionary<string, string?> { ["serverName"] = "far" }, Token)),
            ("role", "spe-ih-new", () => AddRoleAsync(lab), () => RemoveRoleAsync(lab)),
        ];

        foreach (var (name, server, act, back) in acts)
        {
            var before = await TakeAsync(lab, server);
            await act();
            Assert.True(before != await TakeAsync(lab, server), $"{name} is not in the fingerprint of {server}");
            await back();
            Assert.True(before == await TakeAsync(lab, server), $"{name} taken back leaves a trace on {server}");
        }

        Assert.Equal(LabService.Running, manager.Services.Single().State);
    }

    [Fact]
    public async Task A_copied_database_shows_what_cannot_be_read_there()
    {
        await using var lab = await MultiLab.OpenAsync();
        Assert.Equal("readable", (await lab.Product.GetFingerprintAsync("spe-mgmt", Token)).Facts.Product!.SmtpPassword);

        await lab.BringManagementServerAsync(mfaOff: false);

        var product = (await lab.Product.GetFingerprintAsync("spe-mgmt-new", Token)).Facts.Product!;
        Assert.Equal("unreadable", product.SmtpPassword);
        Assert.Equal(
            ["admin unreadable", "m.berger unreadable", "speelsa off"],
            product.Administrators.Select(administrator => $"{administrator.UserName} {administrator.Mfa}"));
        Assert.All(product.Instances, instance => Assert.Equal("notConnected", instance.Status));
    }

    private static Func<Task> Done(Action act) => () =>
    {
        act();
        return Task.CompletedTask;
    };

    private static async Task SetStartModeAsync(ManagementApiClient client, string mode)
    {
        var configuration = await client.GetInstanceConfigurationAsync("stark", Token);
        configuration["startMode"] = mode;
        await client.SetInstanceConfigurationAsync(configuration, Token);
    }

    private static Task<System.Text.Json.JsonElement> CreateHostAsync(ManagementApiClient client) => client.InvokeAsync(
        "CreateInstanceHost",
        new Dictionary<string, string?>
        {
            ["config"] = $$$"""{"serverName":"far","port":8472,"serverCertificate":{"thumbprint":"{{{new string('A', 40)}}}"}}""",
        },
        Token);

    private static async Task AddRoleAsync(ProductLab lab)
    {
        await lab.Product.InstallProgramsAsync("spe-ih-new", null, Token);
        await lab.Product.AddRoleAsync("spe-ih-new", ProductRole.InstanceHost, null, Token);
    }

    private static async Task RemoveRoleAsync(ProductLab lab)
    {
        await lab.Product.RemoveRoleAsync("spe-ih-new", ProductRole.InstanceHost, Token);
        var left = Assert.Single(lab.Server("spe-ih-new").Certificates());
        lab.Server("spe-ih-new").RemoveCertificate(left.Thumbprint);
    }

    private static async Task<IReadOnlyList<string>> TakeAsync(ProductLab lab)
    {
        var hashes = new List<string>();
        foreach (var server in lab.Farm.Servers)
        {
            hashes.Add(await TakeAsync(lab, server.Name));
        }

        return hashes;
    }

    private static async Task<string> TakeAsync(ProductLab lab, string server) =>
        (await lab.Product.GetFingerprintAsync(server, Token)).Hash;
}
