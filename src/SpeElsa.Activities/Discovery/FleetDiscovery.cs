using System.Text.Json.Nodes;
using SpeElsa.Machines;
using SpeElsa.MailStore;

namespace SpeElsa.Activities;

/// <summary>
/// Looks at the machines of a plan and at the installation on them with the questions of the pre-flight and the baseline, and changes nothing. What a machine does
/// not tell becomes a note; without the Management Server there is nothing to tell.
/// </summary>
/// <param name="fleet">The machines.</param>
/// <param name="timeProvider">The time.</param>
public sealed class FleetDiscovery(IFleet fleet, TimeProvider timeProvider)
{
    private readonly List<string> _notes = [];

    /// <summary>Looks.</summary>
    /// <param name="managementServer">The machine whose Management API is asked.</param>
    /// <param name="machines">The machines of the plan.</param>
    /// <param name="clientAccessName">The name by which end users come in; null where the plan has none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="ManagementApiException">The Management Server can not be asked.</exception>
    public async Task<DiscoveredFleet> RunAsync(string managementServer, IReadOnlyList<string> machines, string? clientAccessName, CancellationToken cancellationToken)
    {
        _notes.Clear();
        var found = new List<DiscoveredMachine>();
        foreach (var name in machines.Append(managementServer).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            found.Add(await MachineAsync(name, clientAccessName, cancellationToken));
        }

        using var api = await fleet.ManagementApiAsync(managementServer, cancellationToken);
        var hosts = await api.GetInstanceHostsAsync(null, cancellationToken);
        var access = await api.GetClientAccessServersAsync(null, withServiceStatus: false, cancellationToken);
        foreach (var name in hosts.Select(host => host.ServerName).Concat(access.Select(server => server.ServerName)).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (MachineOf(name, found) is null && FleetName(name) is { } other)
            {
                found.Add(await MachineAsync(other, clientAccessName, cancellationToken));
            }
        }

        return new DiscoveredFleet(found, await InstallationAsync(api, managementServer, hosts, access, found, cancellationToken), [.. _notes]);
    }

    private async Task<DiscoveredInstallation> InstallationAsync(
        IManagementApi api,
        string managementServer,
        IReadOnlyList<InstanceHost> hosts,
        IReadOnlyList<ClientAccessServer> access,
        IReadOnlyList<DiscoveredMachine> machines,
        CancellationToken cancellationToken)
    {
        var environment = await api.GetEnvironmentInfoAsync(cancellationToken);
        var administrators = await api.GetSystemAdministratorsAsync(fleet.Settings(managementServer).MfaField, cancellationToken);
        var smtp = await api.GetSystemSmtpConfigurationAsync(cancellationToken);
        var metadata = await api.GetMetadataAsync(cancellationToken);
        return new DiscoveredInstallation
        {
            ManagementServer = managementServer,
            Version = environment.Version,
            LicenseeName = environment.LicenseeName ?? "",
            InstanceHosts = [.. hosts.Select(host => new DiscoveredEntry(host.ServerName, MachineOf(host.ServerName, machines), host.Port, host.ServerCertificate?.Thumbprint, host.BaseDirectory))],
            ClientAccessServers = [.. access.Select(server => new DiscoveredEntry(server.ServerName, MachineOf(server.ServerName, machines), server.Port, server.ServerCertificate?.Thumbprint))],
            Instances = await InstancesAsync(api, cancellationToken),
            Administrators = [.. administrators.Select(administrator => new DiscoveredAdministrator(administrator.UserName, administrator.FullName ?? "", administrator.MfaEnabled))],
            SmtpConfiguration = smtp.Any(setting => setting.Value is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0) ? WithoutPassword(smtp) : null,
            MissingFunctions = [.. ApiNeed.OfAnyMove.Where(need => !metadata.Can(need.Function, need.Arguments).IsAvailable).Select(need => need.Function).Distinct(StringComparer.Ordinal)],
        };
    }

    private static async Task<IReadOnlyList<DiscoveredInstance>> InstancesAsync(IManagementApi api, CancellationToken cancellationToken)
    {
        var instances = new List<DiscoveredInstance>();
        foreach (var instance in await DashboardReader.InstancesAsync(api, cancellationToken))
        {
            var configuration = await api.GetInstanceConfigurationAsync(instance.Id, cancellationToken);
            var bytes = Math.Max((long)(instance.Megabytes * 1024 * 1024), instance.Stores.Sum(store => store.Bytes));
            instances.Add(new DiscoveredInstance(
                instance.Id,
                DashboardReader.Text(configuration, "alias") ?? instance.Id,
                instance.DisplayName ?? instance.Id,
                instance.InstanceHost ?? "",
                instance.BaseDirectory,
                instance.StartMode ?? "automatic",
                instance.WasRunning,
                bytes > 0 ? bytes : null,
                instance.Stores.Where(store => store.Path is { Length: > 0 }).GroupBy(store => store.Name ?? $"{store.Id}").ToDictionary(stores => stores.Key, stores => stores.First().Path!)));
        }

        return instances;
    }

    private async Task<DiscoveredMachine> MachineAsync(string name, string? clientAccessName, CancellationToken cancellationToken)
    {
        var settings = fleet.Settings(name);
        var facts = await AskAsync(name, "its name, version and drives", () => new MachineLook(fleet, timeProvider).RunAsync(name, cancellationToken));
        if (facts is null)
        {
            return new DiscoveredMachine { Name = name, ComputerName = settings.HostName.Split('.')[0] };
        }

        _notes.AddRange(facts.Notes);
        return new DiscoveredMachine
        {
            Name = name,
            ComputerName = facts.ComputerName,
            FullName = facts.FullName,
            ProductVersion = facts.ProductVersion,
            FreeBytes = facts.Drives.ToDictionary(drive => drive.Root, drive => drive.FreeBytes, StringComparer.OrdinalIgnoreCase),
            Services = facts.Services,
            Certificates = facts.Certificates,
            OpenPorts = await OpenPortsAsync(name, settings, cancellationToken),
            ConfigurationFiles = await FilesAsync(name, settings.InstallDirectory.TrimEnd('\\'), cancellationToken),
            HttpThumbprint = facts.HttpThumbprint,
            ImapThumbprint = facts.ImapThumbprint,
            IsEndUserName = await LeadsHereAsync(name, settings, clientAccessName, cancellationToken),
        };
    }

    private async Task<IReadOnlyList<int>> OpenPortsAsync(string name, MachineSettings settings, CancellationToken cancellationToken)
    {
        var ports = new JsonArray([.. PreFlightPlan.AllPortsOn(settings).Distinct().Select(port => (JsonNode)port)]);
        var rules = await AskAsync(
            name, "its firewall", () => fleet.AskAsync<FirewallRules>(name, MachineScripts.GetFirewallRules, new JsonObject { ["ports"] = ports }, cancellationToken));
        return [.. rules?.Ports.Where(port => port.Allowed).Select(port => port.Port) ?? []];
    }

    private async Task<IReadOnlyDictionary<string, long>> FilesAsync(string name, string directory, CancellationToken cancellationToken)
    {
        var files = await AskAsync(name, "the files of its configuration", () => fleet.FilesAsync(name, ReplaceConfigDirectory.Config(directory), cancellationToken));
        return files?.ToDictionary(file => file.Path, file => file.Length, StringComparer.OrdinalIgnoreCase) ?? [];
    }

    private async Task<bool> LeadsHereAsync(string machine, MachineSettings settings, string? clientAccessName, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(clientAccessName))
        {
            return false;
        }

        var wanted = await ResolveAsync(clientAccessName.Trim());
        var own = await ResolveAsync(settings.HostName);
        return wanted is not null && own is not null && wanted.Addresses.Intersect(own.Addresses, StringComparer.OrdinalIgnoreCase).Any();

        Task<NameAnswer?> ResolveAsync(string name) => AskAsync(
            machine, $"where {name} leads", () => fleet.AskAsync<NameAnswer>(machine, MachineScripts.ResolveHostName, new JsonObject { ["name"] = name }, cancellationToken));
    }

    private async Task<T?> AskAsync<T>(string machine, string what, Func<Task<T>> ask)
        where T : class
    {
        try
        {
            return await ask();
        }
        catch (Exception exception) when (exception is MachineScriptException or MachineTransportException or TimeoutException)
        {
            _notes.Add($"{machine} does not tell {what}: {exception.Message}");
            return null;
        }
    }

    private static string? MachineOf(string serverName, IReadOnlyList<DiscoveredMachine> machines) => machines.FirstOrDefault(
        machine => ServerNames.AreOne(serverName, machine.ComputerName) || ServerNames.AreOne(serverName, machine.FullName) || ServerNames.AreOne(serverName, machine.Name))?.Name;

    private string? FleetName(string serverName) =>
        fleet.Names.FirstOrDefault(name => ServerNames.AreOne(serverName, name) || ServerNames.AreOne(serverName, fleet.Settings(name).HostName));

    private static JsonObject WithoutPassword(JsonObject smtp)
    {
        var copy = smtp.DeepClone().AsObject();
        foreach (var name in copy.Select(setting => setting.Key).Where(name => name.Contains("password", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            copy.Remove(name);
        }

        return copy;
    }
}
