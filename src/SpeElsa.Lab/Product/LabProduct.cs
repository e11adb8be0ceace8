using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SpeElsa.Lab;

/// <summary>
/// The simulated product on the servers of a farm: seeds an empty farm, lets the roles work while their services run, and offers what a
/// person does by hand. Start it once; stopping it closes the Management APIs and leaves the servers as they are.
/// </summary>
public sealed partial class LabProduct : IAsyncDisposable
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(250);
    private readonly LabFarm _farm;
    private readonly LabProductOptions _options;
    private readonly ILogger _logger;
    private readonly ProductSetup _setup;
    private readonly LabSeed _seed;
    private readonly CopySeed _copySeed;
    private readonly RoleSimulation _simulation;
    private readonly Dashboard _dashboard;
    private readonly Fingerprints _fingerprints;
    private readonly ApiFunctions _functions;
    private readonly LabPorts _ports = new();
    private readonly ManagementApis _apis;
    private readonly ClientAccessPorts _clientAccess;
    private readonly ConcurrentQueue<(LabServer Server, LabService Service)> _events = new();
    private readonly SemaphoreSlim _signal = new(0);
    private readonly SemaphoreSlim _settling = new(1);
    private readonly CancellationTokenSource _stop = new();
    private IReadOnlyList<LabSecrets> _secrets = [];
    private Task _pump = Task.CompletedTask;
    private bool _started;

    /// <summary>Makes the product of a farm; nothing happens before it is started.</summary>
    public LabProduct(LabFarm farm, LabProductOptions? options, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(farm);
        _farm = farm;
        _options = options ?? new LabProductOptions();
        _logger = loggers.CreateLogger<LabProduct>();
        _setup = new ProductSetup(_options, time);
        _seed = new LabSeed(farm, _options, _setup, time);
        _copySeed = new CopySeed(farm, _options, _setup);
        _simulation = new RoleSimulation(farm, _options, _setup, time, _logger);
        _dashboard = new Dashboard(_simulation);
        _fingerprints = new Fingerprints(farm, _options.Names, _simulation);
        _functions = new ApiFunctions(farm, _options, _simulation, _dashboard);
        _apis = new ManagementApis(farm, _ports, _functions, _simulation, _options, _logger);
        _clientAccess = new ClientAccessPorts(farm, _ports, _simulation, _logger);
    }

    /// <summary>
    /// The secrets, when this farm was seeded by this start or with fixed ones. Null otherwise: the farm does not know them.
    /// </summary>
    public LabSecrets? Secrets => SecretsOf(_options.Farm == LabFarmKind.Multi ? LabFarmKind.Multi : LabFarmKind.Single);

    /// <summary>The names of a farm's servers, which a host may want to know before there is a farm.</summary>
    /// <param name="kind">The farm.</param>
    /// <returns>The names.</returns>
    public static IReadOnlyList<string> ServersOf(LabFarmKind kind) => kind switch
    {
        LabFarmKind.Single => LabSeed.SingleServers,
        LabFarmKind.Multi => LabSeed.MultiServers,
        _ => [.. LabSeed.SingleServers, .. LabSeed.MultiServers],
    };

    /// <summary>The secrets of one farm, as <see cref="Secrets"/>.</summary>
    /// <param name="kind">The farm.</param>
    /// <returns>The secrets; null when the farm does not know them.</returns>
    public LabSecrets? SecretsOf(LabFarmKind kind) =>
        _secrets.FirstOrDefault(secrets => secrets.Farm == kind) ?? (_options.FixedSecrets is { } known ? known with { Farm = kind } : null);

    /// <summary>What a host has to know of the servers. Complete after <see cref="StartAsync"/>.</summary>
    public LabFleetInfo Fleet => new(
        [.. _farm.Servers.Select(server => new LabFleetMachine(
            server.Name,
            server.FullName,
            ManagementApis.Address(server),
            ThumbprintOf(server),
            _options.Copy?.Installation.ServiceAdministrator ?? LabSeed.ServiceAdministrator,
            FarmFacts.KindOf(server),
            ClientAccessPorts.HttpsPort(server),
            ClientAccessPorts.ImapPort(server)))],
        _options.Names.InstallDirectory);

    /// <summary>What happened that must never happen.</summary>
    public IReadOnlyList<LabViolation> Violations => SplitBrain.Read(_farm);

    /// <summary>Where the licence of the single server is bound to.</summary>
    public string? LicensedServer => FarmFacts.LicensedServer(_farm, LabFarmKind.Single);

    /// <summary>The licences and the machines they are bound to, one for each farm.</summary>
    public IReadOnlyList<LabLicence> Licences => FarmFacts.Licences(_farm);

    /// <summary>Seeds an empty farm, brings the roles of running services up and returns when they have done what they can.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_started)
        {
            return;
        }

        _started = true;
        _secrets = _options.Copy is { } copy ? _copySeed.Run(copy) : _seed.Run();
        if (_secrets.Count > 0)
        {
            _logger.Seeded(_farm.Options.Directory, _farm.Servers.Count);
        }

        foreach (var server in _farm.Servers)
        {
            _ports.Ensure(server, ManagementApis.PortName, ClientAccessPorts.HttpsName, ClientAccessPorts.ImapName);
            server.Installer = RunInstallerAsync;
            server.ServiceChanged += OnServiceChanged;
        }

        _simulation.Begin();
        await SettleAsync(cancellationToken);
        _pump = PumpAsync(_stop.Token);
    }

    /// <summary>Closes the Management APIs; services and instances stay as they are, as if only our view of them ended.</summary>
    public async Task StopAsync()
    {
        if (!_started || _stop.IsCancellationRequested)
        {
            return;
        }

        foreach (var server in _farm.Servers)
        {
            server.ServiceChanged -= OnServiceChanged;
        }

        await _stop.CancelAsync();
        await _pump;
        await _apis.DisposeAsync();
        await _clientAccess.DisposeAsync();
        _ports.Dispose();
    }

    /// <summary>Waits until the roles have taken notice of everything that happened so far.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        await _settling.WaitAsync(cancellationToken);
        try
        {
            while (_events.TryDequeue(out var happened))
            {
                _simulation.Apply(happened.Server, happened.Service);
            }

            _simulation.Settle();
            await _apis.UpdateAsync();
            await _clientAccess.UpdateAsync();
        }
        finally
        {
            _settling.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        _signal.Dispose();
        _settling.Dispose();
    }

    private void OnServiceChanged(LabServer server, LabService service)
    {
        _events.Enqueue((server, service));
        _signal.Release();
    }

    private async Task PumpAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await _signal.WaitAsync(RetryEvery, cancellationToken);
                await SettleAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The edge of the loop: a role that cannot settle now, for whatever reason, is tried again and must not end the others.
                _logger.SettleFailed(exception);
            }
        }
    }

    private Task<int> RunInstallerAsync(LabInstallation installation, CancellationToken cancellationToken)
    {
        _setup.InstallPrograms(installation.Server, _setup.VersionOf(installation));
        return Task.FromResult(0);
    }

    private string? ThumbprintOf(LabServer server) =>
        RoleConfiguration.TryRead(server, _options.Names, ProductRole.ManagementServer)?.Thumbprint
        ?? (FarmFacts.KindOf(server) == LabFarmKind.Single ? (string?)FarmFacts.Of(_farm, LabFarmKind.Single)["seededThumbprint"] : null);
}
