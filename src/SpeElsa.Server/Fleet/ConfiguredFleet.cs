using SpeElsa.Activities;
using SpeElsa.Lab;
using SpeElsa.Machines;
using SpeElsa.MailStore;
using SpeElsa.Server.Configuration;

namespace SpeElsa.Server.Fleet;

/// <summary>The machines of the lab, with what the configuration says of them.</summary>
internal sealed class ConfiguredFleet(
    ServerOptions options,
    ISecretStore secrets,
    TimeProvider timeProvider,
    ILoggerFactory loggers,
    LabFarm? farm = null,
    LabProduct? product = null)
    : IFleet
{
    /// <summary>Where the password of the lab's service administrator is kept.</summary>
    public const string LabAdministratorSecret = "lab-management-api";

    public IReadOnlyList<string> Names => [.. farm?.Servers.Select(server => server.Name) ?? []];

    public IMachine Machine(string name)
    {
        var server = Find(name);
        return new ScriptedMachine(server.Name, farm!.Transport(server.Name), null, timeProvider, loggers.CreateLogger<ScriptedMachine>());
    }

    public MachineSettings Settings(string name)
    {
        var server = Find(name);
        var configured = options.Machines.FirstOrDefault(machine => string.Equals(machine.Name, server.Name, StringComparison.OrdinalIgnoreCase)) ?? new MachineOptions();
        var defaults = new MachineSettings
        {
            Name = server.Name,
            HostName = configured.HostName ?? server.FullName,
            AdministrativeShare = configured.AdministrativeShare ?? $@"\\{server.Name}\C$",
        };
        return defaults with
        {
            InstallDirectory = configured.InstallDirectory ?? defaults.InstallDirectory,
            CertificateNames = configured.CertificateNames?.ToArray() ?? defaults.CertificateNames,
            MfaField = configured.MfaField ?? defaults.MfaField,
            ServiceStems = new ServiceStems(
                configured.ManagementServerService ?? defaults.ServiceStems.ManagementServer,
                configured.InstanceHostService ?? defaults.ServiceStems.InstanceHost,
                configured.ClientAccessServerService ?? defaults.ServiceStems.ClientAccessServer),
        };
    }

    public Task<IManagementApi> ManagementApiAsync(string machineName, CancellationToken cancellationToken)
    {
        var server = Find(machineName);
        var known = product!.Fleet.Machines.Single(machine => machine.Name == server.Name);
        var connection = new ManagementApiConnection(
            known.ManagementApi,
            known.UserName,
            async token => await secrets.GetAsync(HumanTasks.SecretPrefix + LabAdministratorSecret, token)
                ?? throw new InvalidOperationException("The password of the lab's service administrator is not in the secret store. Remove the lab folder from the data directory to make a new farm."),
            Thumbprint: known.Thumbprint);
        return Task.FromResult<IManagementApi>(new ManagementApiClient(connection));
    }

    private LabServer Find(string name) => farm?.Find(name)
        ?? throw new ArgumentException($"There is no machine '{name}'. {(Names.Count > 0 ? $"Known are {string.Join(", ", Names)}." : "None is configured.")}", nameof(name));
}
