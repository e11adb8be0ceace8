using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using SpeElsa.Testing;

namespace SpeElsa.Lab.Tests.Product;

/// <summary>A farm that is a copy of an installation elsewhere, beside another farm of the same names.</summary>
public sealed class CopyTests
{
    private const string Manager = "spe-old";
    private const string Host = "ih-far";
    private static readonly DateTimeOffset Expired = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_copy_is_as_it_was_ordered_and_stays_so_when_it_is_opened_again()
    {
        var (first, hash) = await OpenAsync(ProductLab.NewDirectory(), expectSeed: true);
        var (again, hashAgain) = await OpenAsync(first, expectSeed: false);
        Assert.Equal((first, hash), (again, hashAgain));
        Directory.Delete(first, recursive: true);
    }

    [Fact]
    public async Task Names_lead_to_one_farm_and_the_scripts_of_one_to_no_other()
    {
        await using var own = await ProductLab.OpenAsync();
        await using var farm = LabFarm.Open(new LabOptions { Directory = ProductLab.NewDirectory(), Domain = "corp.example" }, TimeProvider.System, NullLoggerFactory.Instance);
        await using var product = new LabProduct(farm, Options(), TimeProvider.System, NullLoggerFactory.Instance);
        await product.StartAsync(Token);
        var sites = new LabSites(new LabSite("", own.Farm, own.Product));
        sites.Add(new LabSite("7f39fed65b98", farm, product));

        Assert.Same(own.Farm.Find(Manager), sites.Find("SPE-OLD")!.Value.Server);
        Assert.Same(farm.Find(Manager), sites.Find("spe-old~7f39fed65b98")!.Value.Server);
        Assert.Same(farm.Find(Host), sites.Find("ih-far.corp.example~7f39fed65b98")!.Value.Server);
        Assert.Null(sites.Find(Host));
        Assert.Null(sites.Find("spe-new~7f39fed65b98"));
        Assert.Throws<DirectoryNotFoundException>(() => farm.Find(Manager)!.ToLocalPath(@"\\spe-new\C$\Windows"));
        Assert.Equal(farm.Find(Host)!.DriveRoot, farm.Find(Manager)!.ToLocalPath(@"\\ih-far.corp.example\C$"));
        Assert.Equal("spe-old", own.Product.LicensedServer);
        Assert.Empty(own.Product.Violations.Concat(product.Violations));

        Assert.Same(product, sites.Remove("7f39fed65b98")!.Product);
        Assert.Null(sites.Find("spe-old~7f39fed65b98"));
    }

    private static async Task<(string Directory, string Hash)> OpenAsync(string directory, bool expectSeed)
    {
        await using var farm = LabFarm.Open(new LabOptions { Directory = directory, Domain = "corp.example" }, TimeProvider.System, NullLoggerFactory.Instance);
        var options = Options();
        var created = 0;
        options.SecretsCreated = _ => created++;
        await using var product = new LabProduct(farm, options, TimeProvider.System, NullLoggerFactory.Instance);
        await product.StartAsync(Token);

        Assert.Equal(expectSeed ? 1 : 0, created);
        Assert.DoesNotContain(await product.GetDashboardAsync(Manager, Token), message => message.IsError);
        var (manager, host) = (farm.Find(Manager)!, farm.Find(Host)!);
        Assert.Equal(["MailStoreManagementServer:Running:Automatic", "MailStoreClientAccessServer:Stopped:Disabled"], manager.Services.Select(service => $"{service.Name}:{service.State}:{service.StartMode}"));
        var bought = Assert.Single(manager.Certificates(), certificate => certificate.FriendlyName == "Bought");
        Assert.Equal(("CN=archive.corp.example, O=Corp", Expired, false), (bought.Subject, bought.NotAfter, bought.HasPrivateKey));
        Assert.Equal(4096, new FileInfo(manager.ToLocalPath(@"C:\Program Files\MailStore Infrastructure\config\Branding\logo.svg")).Length);
        var fingerprint = (await product.GetFingerprintAsync(Manager, Token)).Facts.Product!;
        Assert.Equal(["running:big", "stopped:small"], fingerprint.Instances.Select(instance => $"{instance.Status}:{instance.Id}"));
        Assert.Equal(["admin:on", "robot:off"], fingerprint.Administrators.Select(administrator => $"{administrator.UserName}:{administrator.Mfa}"));
        Assert.True(Directory.Exists(host.ToLocalPath(@"C:\Old\2020")));
        Assert.Equal("robot", product.Fleet.Machines[0].UserName);
        return (directory, (await product.GetFingerprintAsync(Host, Token)).Hash);
    }

    private static LabProductOptions Options() => new() { Copy = Order(), KeyFolder = TestProcess.KeyFolder, Version = "25.3.1.0" };

    private static LabCopy Order() => new(
        [
            new LabServerCopy(
                Manager,
                1L << 40,
                "25.3.1.0",
                [
                    new(ProductRole.ManagementServer, "Management", IsRunning: true, LabService.Automatic),
                    new(ProductRole.ClientAccessServer, "Access", IsRunning: false, LabService.Disabled),
                ],
                [
                    new("11", "CN=MailStoreManagementServer", "MailStoreManagementServer", new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), HasPrivateKey: true, Exportable: true),
                    new("22", "CN=archive.corp.example, O=Corp", "Bought", Expired, HasPrivateKey: false, Exportable: false),
                ],
                [],
                new Dictionary<string, long> { [@"Branding\logo.svg"] = 4096 }),
            new LabServerCopy(Host, 1L << 40, "25.3.1.0", [new(ProductRole.InstanceHost, "Host", IsRunning: true, LabService.Automatic)], [], [], new Dictionary<string, long>()),
        ],
        new LabInstallationCopy(
            Manager,
            "11",
            "Corp",
            [new("ih-far.corp.example", Host, 8472, "")],
            [],
            [
                new("big", "big", "Big", "ih-far.corp.example", @"C:\Mail\big", "automatic", IsRunning: true, 300_000, new Dictionary<string, string> { ["2020"] = @"C:\Old\2020" }),
                new("small", "small", "Small", "ih-far.corp.example", @"C:\Mail\small", "automatic", IsRunning: false, 100_000, new Dictionary<string, string>()),
            ],
            [new("admin", "Administrator", HasMfa: true)],
            "robot",
            new JsonObject { ["hostname"] = "mail.corp.example", ["username"] = "spe@corp.example" }),
        new Dictionary<string, string> { ["archive.corp.example"] = Manager });
}
