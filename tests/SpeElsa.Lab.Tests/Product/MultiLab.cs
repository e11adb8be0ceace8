using SpeElsa.MailStore;

namespace SpeElsa.Lab.Tests.Product;

/// <summary>The farm in multi server mode, and the acts of the vendor's page "Moving Roles" by hand.</summary>
internal static class MultiLab
{
    public const string ManagementService = "MailStoreManagementServer";
    public const string HostService = "MailStoreInstanceHost";
    public const string AccessService = "MailStoreClientAccessServer";
    private const string Database = "MailStoreManagementDatabase.json";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<ProductLab> OpenAsync(string? directory = null) =>
        ProductLab.OpenAsync(directory, configure: options => options.Farm = LabFarmKind.Multi);

    public static LabServer Server(this ProductLab lab, string name) => lab.Farm.Find(name)!;

    public static LabCertificate Certificate(this ProductLab lab, string server, string name) =>
        lab.Server(server).Certificates().Single(certificate => certificate.FriendlyName == name);

    public static LabRole Role(this ProductLab lab, string server) => Assert.Single(lab.Product.RolesOf(server));

    public static async Task<IReadOnlyList<string>> MessagesAsync(this ProductLab lab, string server) =>
        [.. (await lab.Product.GetDashboardAsync(server, Token)).Where(message => message.IsError).Select(message => message.Text)];

    /// <summary>MFA off, stop, licence, install, add the role, bring the database.</summary>
    public static async Task BringManagementServerAsync(this ProductLab lab, bool stopOld = true, bool mfaOff = true)
    {
        foreach (var administrator in mfaOff ? ["admin", "m.berger"] : Array.Empty<string>())
        {
            await lab.Product.SetMfaAsync("spe-mgmt", administrator, enabled: false, Token);
        }

        if (stopOld)
        {
            await lab.StopAsync(lab.Server("spe-mgmt"), ManagementService);
        }

        await lab.Product.TransferLicenceAsync("spe-mgmt-new", Token);
        await lab.Product.InstallProgramsAsync("spe-mgmt-new", null, Token);
        await lab.Product.AddRoleAsync("spe-mgmt-new", ProductRole.ManagementServer, null, Token);
        File.Copy(
            ProductLab.ConfigFile(lab.Server("spe-mgmt"), Database),
            ProductLab.ConfigFile(lab.Server("spe-mgmt-new"), Database),
            overwrite: true);
        await lab.StartAsync(lab.Server("spe-mgmt-new"), ManagementService);
    }

    /// <summary>Install, add the role, pair, start.</summary>
    public static async Task AddServerAsync(this ProductLab lab, string server, ProductRole role)
    {
        await lab.Product.InstallProgramsAsync(server, null, Token);
        await lab.Product.AddRoleAsync(server, role, null, Token);
        await lab.Product.PairAsync(server, role, "spe-mgmt", null, Token);
        await lab.StartAsync(lab.Server(server), role == ProductRole.InstanceHost ? HostService : AccessService);
    }

    /// <summary>Stop, copy, other host in the configuration, start.</summary>
    public static async Task MoveInstanceAsync(
        this ProductLab lab, ManagementApiClient client, string instance, string from, string to, params string[] directories)
    {
        await client.StopInstanceAsync(instance, Token);
        foreach (var directory in directories)
        {
            HandMove.Copy(lab.Server(from).ToLocalPath(directory), lab.Server(to).ToLocalPath(directory));
        }

        var configuration = await client.GetInstanceConfigurationAsync(instance, Token);
        configuration["instanceHost"] = to;
        await client.SetInstanceConfigurationAsync(configuration, Token);
        await client.StartInstanceAsync(instance, Token);
    }
}
