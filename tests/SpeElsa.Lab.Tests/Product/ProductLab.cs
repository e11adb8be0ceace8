using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SpeElsa.MailStore;
using SpeElsa.Testing;

namespace SpeElsa.Lab.Tests.Product;

/// <summary>A seeded farm in a directory of its own, with the product at work.</summary>
internal sealed class ProductLab : IAsyncDisposable
{
    public static readonly LabSecrets Secrets = new(
        "canary-service-0",
        new Dictionary<string, string> { ["admin"] = "canary-normal-1", ["m.berger"] = "canary-normal-2" },
        new Dictionary<string, string> { ["admin"] = "canary-api-1", ["m.berger"] = "canary-api-2" },
        "canary-smtp-3");

    private readonly bool _ownsDirectory;

    private ProductLab(string directory, LabFarm farm, LabProduct product, bool ownsDirectory) =>
        (Path, Farm, Product, _ownsDirectory) = (directory, farm, product, ownsDirectory);

    public string Path { get; }

    public LabFarm Farm { get; }

    public LabProduct Product { get; }

    public LabServer Old => Farm.Find("spe-old")!;

    public LabServer New => Farm.Find("spe-new")!;

    public static LabProductNames Names { get; } = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Opens a small farm; in a directory that is given, it leaves that directory behind.</summary>
    public static async Task<ProductLab> OpenAsync(
        string? directory = null, TimeSpan slowStep = default, Action<LabProductOptions>? configure = null)
    {
        var path = directory ?? NewDirectory();
        var options = new LabProductOptions { FixedSecrets = Secrets, ArchiveBytes = 512 * 1024, ArchiveFiles = 60, KeyFolder = TestProcess.KeyFolder };
        configure?.Invoke(options);
        var farm = LabFarm.Open(new LabOptions { Directory = path, SlowStep = slowStep }, TimeProvider.System, NullLoggerFactory.Instance);
        var product = new LabProduct(farm, options, TimeProvider.System, NullLoggerFactory.Instance);
        await product.StartAsync(Token);
        return new ProductLab(path, farm, product, ownsDirectory: directory is null);
    }

    public static string NewDirectory() => Directory.CreateTempSubdirectory("speelsa-lab-").FullName;

    public LabFleetMachine Machine(string name) => Product.Fleet.Machines.Single(machine => machine.Name == name);

    public ManagementApiClient Client(
        string server = "spe-old", string user = "speelsa", string? password = null, string? apiPassword = null)
    {
        var machine = Machine(server);
        return new ManagementApiClient(
            new ManagementApiConnection(
                machine.ManagementApi,
                user,
                _ => new(password ?? Secrets.ServiceAdministratorPassword),
                apiPassword is null ? null : _ => new(apiPassword),
                machine.Thumbprint),
            timeouts: new ManagementApiTimeouts
            {
                StatusWait = TimeSpan.FromMilliseconds(
                50),
                StatusInterval = TimeSpan.FromMilliseconds(5)
            });
    }

    /// <summary>For plain HTTP to the old server's Management API, whose certificate is known.</summary>
    public HttpClientHandler Handler()
    {
        var thumbprint = Machine("spe-old").Thumbprint;
        return new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (
            _, certificate, _, _) => certificate?.Thumbprint == thumbprint
        };
    }

    public async Task<IReadOnlyList<string>> ErrorsAsync(string server) =>
        [.. (await Product.GetDashboardAsync(server, Token)).Where(message => message.IsError).Select(message => message.Tag!)];

    /// <summary>Starts roles and waits for what follows from it.</summary>
    public async Task StartAsync(LabServer server, params string[] services)
    {
        foreach (var service in services)
        {
            server.StartService(service);
        }

        await Product.SettleAsync(Token);
    }

    public async Task StopAsync(LabServer server, params string[] services)
    {
        foreach (var service in services)
        {
            server.StopService(service);
        }

        await Product.SettleAsync(Token);
    }

    public static string ConfigFile(LabServer server, string name) =>
        server.ToLocalPath($@"C:\Program Files\MailStore Infrastructure\config\{name}");

    /// <summary>Whether a text stands anywhere in the farm's directory, in a file or a name.</summary>
    public bool Mentions(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories)
            .Any(file => file.Contains(text, StringComparison.Ordinal) || File.ReadAllBytes(file).AsSpan().IndexOf(bytes) >= 0);
    }

    public async ValueTask DisposeAsync()
    {
        await Product.DisposeAsync();
        await Farm.DisposeAsync();
        if (_ownsDirectory)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
