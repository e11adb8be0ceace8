using SpeElsa.Activities;
using SpeElsa.Lab;
using SpeElsa.Machines;
using SpeElsa.Machines.Ssh;
using SpeElsa.Server.Configuration;
using SpeElsa.Server.Secrets;

namespace SpeElsa.Server.Fleet;

/// <summary>
/// The ways to the machines: those of the settings, the lab's for the rest of its servers, and those to the copies of rehearsals. One transport a machine for the life of the
/// server, because it holds the machine's concurrency.
/// </summary>
internal sealed class MachineConnections(ServerOptions options, ISecretStore secrets, HostKeys hostKeys, LabSites sites) : IDisposable
{
    public const string Ssh = "ssh";
    public const string Local = "local";
    public const string Lab = "lab";

    private readonly Dictionary<string, IMachineTransport> _transports = options.Machines
        .Where(machine => machine.Ssh is not null || machine.Local)
        .ToDictionary(machine => machine.Name, machine => Open(machine, secrets, hostKeys), StringComparer.OrdinalIgnoreCase);

    /// <summary>All machines: those of the settings that are real, then those of the lab. Copies are found by their names, and not offered.</summary>
    public IReadOnlyList<string> Names =>
        [.. _transports.Keys.Concat(sites.Own?.Farm.Servers.Select(server => server.Name) ?? []).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The name as the fleet writes it; null when there is no such machine.</summary>
    public string? Find(string name) => Names.FirstOrDefault(known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase))
        ?? (sites.Find(name) is var (site, server) ? site.NameOf(server.Name) : null);

    /// <summary>What the settings say of a machine; null when they have no entry for it.</summary>
    public MachineOptions? Options(string name) => options.Machines.FirstOrDefault(machine => string.Equals(machine.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>ssh, local or lab.</summary>
    public string WayOf(string name) => Options(name) switch { { Ssh: not null } => Ssh, { Local: true } => Local, _ => Lab };

    public IMachineTransport Transport(string name) => _transports.TryGetValue(name, out var transport) ? transport : LabTransport(name);

    private IMachineTransport LabTransport(string name) => sites.Find(name) is var (site, server)
        ? site.Farm.Transport(server.Name)
        : throw new ArgumentException($"The lab has no server '{name}'.", nameof(name));

    public void Dispose()
    {
        foreach (var transport in _transports.Values.OfType<IDisposable>())
        {
            transport.Dispose();
        }
    }

    private static IMachineTransport Open(MachineOptions machine, ISecretStore secrets, HostKeys hostKeys) => machine.Ssh is { } ssh
        ? new SshTransport(ssh, (name, token) => secrets.GetAsync(MachineSecrets.Reference(name), token), place => hostKeys.Find(place)?.Fingerprint)
        : new LocalTransport();
}
