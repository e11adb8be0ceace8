using Microsoft.Extensions.Logging;

namespace SpeElsa.Lab;

/// <summary>
/// The roles at work. A role lives while its service runs; what it read when it started stays in its memory until it stops. Whether roles
/// are connected is not stored but follows, at any moment, from services, certificates, configuration and licence; so a role that was
/// started too early finds its Management Server by itself, and one whose certificate is taken away loses it.
/// </summary>
internal sealed class RoleSimulation(LabFarm farm, LabProductOptions options, ProductSetup setup, TimeProvider time, ILogger logger)
{
    private readonly Dictionary<(string Server, ProductRole Role), RunningRole> _running = [];

    /// <summary>Held while roles or a database are read or changed; never while waiting.</summary>
    public Lock Gate { get; } = new();

    private LabProductNames Names => options.Names;

    /// <summary>Takes over what a service did. Called in the order it happened.</summary>
    public void Apply(LabServer server, LabService service)
    {
        if (Names.RoleOf(service.Name) is not { } role)
        {
            return;
        }

        lock (Gate)
        {
            if (!service.IsRunning)
            {
                Stop(server, role);
            }
            else if (!_running.ContainsKey((server.Name, role)))
            {
                var started = RunningRole.Start(server, role, Names);
                _running.Add((server.Name, role), started);
                SplitBrain.Check(farm, time, started, _running.Values);
            }
        }
    }

    /// <summary>Begins with the roles whose services run already, for example because the lab was closed and is opened again.</summary>
    public void Begin()
    {
        foreach (var server in farm.Servers)
        {
            foreach (var service in server.Services)
            {
                Apply(server, service);
            }

            if (Find(server.Name, ProductRole.InstanceHost) is null)
            {
                InstanceStates.Clear(server);
            }
        }
    }

    /// <summary>Lets the roles do what they can do by now: load, connect, start instances. Repeating it changes nothing.</summary>
    public void Settle()
    {
        lock (Gate)
        {
            foreach (var role in _running.Values.Where(role => role.Role == ProductRole.ManagementServer && role.Database is null))
            {
                Load(role);
            }

            foreach (var role in _running.Values.Where(role => role.Role != ProductRole.ManagementServer))
            {
                role.Configuration ??= RoleConfiguration.TryRead(role.Server, Names, role.Role);
            }

            foreach (var host in _running.Values.Where(role => role.Role == ProductRole.InstanceHost))
            {
                StartInstances(host);
            }
        }
    }

    /// <summary>The Management Server of a machine, if it runs and is up.</summary>
    public RunningRole? Manager(string server)
    {
        lock (Gate)
        {
            var role = _running.GetValueOrDefault((server, ProductRole.ManagementServer));
            return role?.Database is not null && HasCertificates(role) ? role : null;
        }
    }

    public IReadOnlyList<RunningRole> Managers()
    {
        lock (Gate)
        {
            return [.. farm.Servers.Select(server => Manager(server.Name)).OfType<RunningRole>()];
        }
    }

    public RunningRole? Find(string server, ProductRole role)
    {
        lock (Gate)
        {
            return _running.GetValueOrDefault((server, role));
        }
    }

    /// <summary>
    /// The running role that an entry of the database stands for and that is connected; with the reason when there is none.
    /// </summary>
    public (RunningRole? Role, string? Problem) Connected(RunningRole manager, DatabaseServer entry, ProductRole kind)
    {
        lock (Gate)
        {
            var problem = "its service does not run";
            foreach (var role in _running.Values.Where(role => role.Role == kind && role.Configuration?.ServerName == entry.ServerName))
            {
                problem = WhyNotConnected(manager, entry, role);
                if (problem is null)
                {
                    return (role, null);
                }
            }

            return (null, problem);
        }
    }

    /// <summary>Whether a licence is bound to the machine: the installation's own or, when it is a new one without any, the farm's.</summary>
    public bool IsLicensed(RunningRole manager) => FarmFacts.Licences(farm).Any(licence =>
        string.Equals(licence.ServerName, manager.Server.ComputerName, StringComparison.OrdinalIgnoreCase)
        && (manager.Database!.LicenseeId.Length == 0 || manager.Database.LicenseeId == licence.LicenseeId));

    /// <summary>The machine the licence of a Management Server's farm is bound to.</summary>
    public string? LicensedName(RunningRole manager) => FarmFacts.LicensedServer(farm, FarmFacts.KindOf(manager.Server));

    /// <summary>Starts an instance on a host, if it can be, and keeps what came of it.</summary>
    public InstanceState StartInstance(RunningRole manager, RunningRole host, DatabaseInstance instance, string? effectKind = null)
    {
        lock (Gate)
        {
            var state = InstanceStates.Start(host.Server, instance, manager.Database!.DatabaseId);
            InstanceStates.Set(host.Server, instance.InstanceId, state, state.IsRunning ? effectKind : null);
            if (state.IsRunning)
            {
                SplitBrain.Check(farm, time, host, instance.InstanceId, _running.Values);
            }

            return state;
        }
    }

    /// <summary>The Instance Host on which an instance is, if it is connected.</summary>
    public RunningRole? HostOf(RunningRole manager, DatabaseInstance instance)
    {
        lock (Gate)
        {
            var entry = manager.Database!.InstanceHosts.Find(host => host.ServerName == instance.InstanceHost);
            return entry is null ? null : Connected(manager, entry, ProductRole.InstanceHost).Role;
        }
    }

    private string? WhyNotConnected(RunningRole manager, DatabaseServer entry, RunningRole role)
    {
        var configuration = role.Configuration!;
        var target = configuration.ManagementServer == "localhost" ? role.Server : farm.Find(configuration.ManagementServer);
        if (target != manager.Server)
        {
            return configuration.ManagementServer.Length == 0
                ? "it is not paired with a Management Server"
                : $"it is paired with another Management Server, '{configuration.ManagementServer}'";
        }

        if (!HasCertificates(role))
        {
            return "a certificate of the role is missing on its server";
        }

        return !IsLicensed(manager) ? "the licence is disabled"
            : configuration.Thumbprint != entry.ServerCertificate.Thumbprint ? "its certificate is not the one it was paired with"
            : configuration.ManagementServerThumbprint != manager.Configuration!.Thumbprint
                ? "it was paired with another certificate of the Management Server"
            : null;
    }

    private static bool HasCertificates(RunningRole role) =>
        role.Configuration is { } configuration && configuration.OtherThumbprints.Append(configuration.Thumbprint).All(thumbprint =>
            role.Server.Certificates().Any(certificate => certificate.Thumbprint == thumbprint && certificate.HasPrivateKey));

    private void Load(RunningRole role)
    {
        try
        {
            role.Configuration ??= RoleConfiguration.TryRead(role.Server, Names, role.Role);
            var version = setup.InstalledVersion(role.Server);
            if (role.Configuration is null || version is null || !HasCertificates(role))
            {
                return;
            }

            var database = ManagementDatabase.Read(role.Server, Names);
            var upgrade = Version.Parse(database.ProductVersion).CompareTo(Version.Parse(version));
            if (upgrade > 0)
            {
                if (role.Version != version)
                {
                    role.Version = version;
                    logger.DatabaseTooNew(role.Server.Name, database.ProductVersion, version);
                }

                return;
            }

            if (upgrade < 0)
            {
                database.ProductVersion = version;
                database.Write(role.Server, Names);
            }

            role.Version = version;
            role.Database = database;
            logger.ManagementServerUp(role.Server.Name, version);
        }
        catch (Exception exception) when (
            exception is IOException or System.Text.Json.JsonException or InvalidDataException or FormatException)
        {
            // The database is not there or half copied. The service runs, the role does not; it tries again.
            role.Database = null;
        }
    }

    private void StartInstances(RunningRole host)
    {
        foreach (var manager in Managers())
        {
            foreach (var instance in manager.Database!.Instances)
            {
                if (HostOf(manager, instance) == host && InstanceStates.Get(host.Server, instance.InstanceId) is null)
                {
                    if (instance.StartMode == DatabaseInstance.Automatic)
                    {
                        StartInstance(manager, host, instance);
                    }
                    else
                    {
                        InstanceStates.Set(host.Server, instance.InstanceId, InstanceState.Stopped);
                    }
                }
            }
        }
    }

    private void Stop(LabServer server, ProductRole role)
    {
        if (_running.Remove((server.Name, role), out var stopped))
        {
            stopped.Dispose();
        }

        if (role == ProductRole.InstanceHost)
        {
            InstanceStates.Clear(server);
        }
    }
}
