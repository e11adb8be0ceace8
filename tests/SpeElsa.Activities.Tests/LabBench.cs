using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Lab;
using SpeElsa.Machines;
using SpeElsa.MailStore;
using SpeElsa.Testing;

namespace SpeElsa.Activities.Tests;

/// <summary>
/// A farm of its own in a temporary directory, with the product on it and the steps on top. spe-old serves, spe-new is empty.
/// </summary>
internal sealed class LabBench : IAsyncDisposable
{
    public const string Old = "spe-old";
    public const string New = "spe-new";
    private static readonly LabSecrets Known = new(
        "canary-service-administrator",
        new Dictionary<string, string> { ["admin"] = "canary-admin", ["m.berger"] = "canary-berger" },
        new Dictionary<string, string> { ["admin"] = "canary-api-admin", ["m.berger"] = "canary-api-berger" },
        "canary-smtp");

    private static readonly EnumerationOptions AllFiles = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
    private readonly string _directory;

    private LabBench(string directory, LabOptions options, LabFarm farm, LabProduct product)
    {
        (_directory, Options, Farm, Product) = (directory, options, farm, product);
        Fleet = new LabFleet(this);
    }

    public LabOptions Options { get; }

    public LabFarm Farm { get; }

    public LabProduct Product { get; }

    public LabFleet Fleet { get; }

    public MemorySecrets Secrets { get; } = new();

    public static string SmtpPassword => Known.SmtpPassword;

    public static Task<LabBench> OpenAsync(long archiveBytes = 256 * 1024, IReadOnlyList<string>? missingFunctions = null, TimeSpan slowStep = default) =>
        OpenAsync(Directory.CreateTempSubdirectory("spe-activities-").FullName, archiveBytes, missingFunctions, slowStep);

    /// <summary>On the farm with each role on a server of its own.</summary>
    public static Task<LabBench> OpenMultiAsync(long archiveBytes, IReadOnlyList<string>? missingFunctions = null) =>
        OpenAsync(Directory.CreateTempSubdirectory("spe-activities-").FullName, archiveBytes, missingFunctions, default, LabFarmKind.Multi);

    /// <summary>On one farm or the other.</summary>
    public static Task<LabBench> OpenAsync(LabFarmKind kind, long archiveBytes) => kind is LabFarmKind.Multi ? OpenMultiAsync(archiveBytes) : OpenAsync(archiveBytes);

    /// <summary>On a farm that is there already, such as a copy; it is deleted with the bench.</summary>
    public static Task<LabBench> OpenCopyAsync(string directory, LabFarmKind kind = LabFarmKind.Single) => OpenAsync(directory, 0, null, default, kind);

    /// <summary>Copies the farm as it is on disk now.</summary>
    public string Copy() => Eventually.GetAsync(() => Task.FromResult(TryCopy()), copy => copy is not null, _ => "the farm holds still for a copy").GetAwaiter().GetResult()!;

    /// <returns>Null where something has changed meanwhile: roles that run replace their files.</returns>
    private string? TryCopy()
    {
        var copy = Directory.CreateTempSubdirectory("spe-activities-").FullName;
        try
        {
            CopyTo(copy);
            return copy;
        }
        catch (IOException)
        {
            Directory.Delete(copy, recursive: true);
            return null;
        }
    }

    private void CopyTo(string copy)
    {
        foreach (var directory in Directory.EnumerateDirectories(_directory, "*", AllFiles))
        {
            Directory.CreateDirectory(Path.Combine(copy, Path.GetRelativePath(_directory, directory)));
        }

        foreach (var file in Directory.EnumerateFiles(_directory, "*", AllFiles))
        {
            File.Copy(file, Path.Combine(copy, Path.GetRelativePath(_directory, file)));
        }
    }

    private static async Task<LabBench> OpenAsync(string directory, long archiveBytes, IReadOnlyList<string>? missingFunctions, TimeSpan slowStep, LabFarmKind kind = LabFarmKind.Single)
    {
        var options = new LabOptions { Directory = directory, SlowStep = slowStep };
        var farm = LabFarm.Open(options, TimeProvider.System, NullLoggerFactory.Instance);
        var product = new LabProduct(
            farm,
            new LabProductOptions { Farm = kind, ArchiveBytes = archiveBytes, FixedSecrets = Known, KeyFolder = TestProcess.KeyFolder, MissingFunctions = missingFunctions ?? [] },
            TimeProvider.System,
            NullLoggerFactory.Instance);
        await product.StartAsync(TestContext.Current.CancellationToken);
        return new LabBench(directory, options, farm, product);
    }

    public LabServer Server(string name) => Farm.Find(name)!;

    public Task<StepHost> StartHostAsync(InMemoryStore? store = null, IFaultPoints? faultPoints = null) => StepHost.StartAsync(
        services =>
        {
            if (faultPoints is not null)
            {
                services.AddSingleton(faultPoints);
            }

            services.AddSingleton<IFleet>(Fleet);
            services.AddSingleton<ISecretStore>(Secrets);
        },
        store,
        new MoveStepOptions
        {
            FirstPoll = TimeSpan.FromMilliseconds(20),
            SlowestPoll = TimeSpan.FromMilliseconds(200),
            RetryDelays = [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(200)],
            SettleFor = TimeSpan.FromSeconds(20),
            ConnectFor = TimeSpan.FromMilliseconds(100),
            ServiceTimeout = TimeSpan.FromSeconds(20),
        });

    public int Effects(string server, string kind) => Server(server).Effects.Count(effect => effect.Kind == kind);

    /// <summary>Everything a running workflow has done to the servers so far.</summary>
    public IReadOnlyList<string> AllEffects() =>
        [.. Farm.Servers.SelectMany(server => server.Effects.Select(effect => $"{server.Name} {effect.Kind} {effect.Target}"))];

    /// <summary>How servers look from outside; the same when they are as they were.</summary>
    public async Task<string[]> FingerprintsAsync(params IReadOnlyList<string> servers)
    {
        var fingerprints = new List<string>();
        await Product.SettleAsync(TestContext.Current.CancellationToken);
        foreach (var server in servers)
        {
            fingerprints.Add(JsonSerializer.Serialize(await Product.GetFingerprintAsync(server, TestContext.Current.CancellationToken)));
        }

        return [.. fingerprints];
    }

    public async ValueTask DisposeAsync()
    {
        await Product.DisposeAsync();
        await Farm.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    internal sealed class LabFleet(LabBench bench) : IFleet
    {
        private readonly ConcurrentDictionary<string, IMachine> _machines = new(StringComparer.OrdinalIgnoreCase);

        public IReadOnlyList<string> Names => [.. bench.Farm.Servers.Select(server => server.Name)];

        public IMachine Machine(string name) => _machines.GetOrAdd(name, key => new ScriptedMachine(key, bench.Farm.Transport(key)));

        /// <summary>What is configured otherwise.</summary>
        public Func<MachineSettings, MachineSettings> Adjust { get; set; } = settings => settings;

        public MachineSettings Settings(string name) => Adjust(new()
        {
            Name = name,
            HostName = bench.Server(name).FullName,
            AdministrativeShare = $@"\\{name}\C$",
            ClientAccessAddress = "127.0.0.1",
            HttpsPort = bench.Product.Fleet.Machines.Single(machine => machine.Name == name).HttpsPort,
            ImapPort = bench.Product.Fleet.Machines.Single(machine => machine.Name == name).ImapPort,
        });

        public Task<IManagementApi> ManagementApiAsync(string machineName, CancellationToken cancellationToken)
        {
            var machine = bench.Product.Fleet.Machines.Single(candidate => candidate.Name == machineName);
            return Task.FromResult<IManagementApi>(new ManagementApiClient(new ManagementApiConnection(
                machine.ManagementApi,
                machine.UserName,
                _ => new ValueTask<string>(Known.ServiceAdministratorPassword),
                null,
                machine.Thumbprint)));
        }
    }

    internal sealed class MemorySecrets : ISecretStore
    {
        private readonly ConcurrentDictionary<string, string> _values = new(StringComparer.Ordinal);

        public bool IsEmpty => _values.IsEmpty;

        public ValueTask<string> PutAsync(string name, string value, CancellationToken cancellationToken)
        {
            _values[HumanTasks.SecretPrefix + name] = value;
            return new(HumanTasks.SecretPrefix + name);
        }

        public ValueTask<string?> GetAsync(string reference, CancellationToken cancellationToken) =>
            new(_values.GetValueOrDefault(reference));

        public ValueTask DeleteAsync(string reference, CancellationToken cancellationToken)
        {
            _values.TryRemove(reference, out _);
            return ValueTask.CompletedTask;
        }
    }
}
