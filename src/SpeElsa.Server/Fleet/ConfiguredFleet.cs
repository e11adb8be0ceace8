using System.Net;
using SpeElsa.Activities;
using SpeElsa.Lab;
using SpeElsa.Machines;
using SpeElsa.MailStore;
using SpeElsa.Server.Configuration;
using SpeElsa.Server.Moves.Rehearsals;
using SpeElsa.Server.Secrets;

namespace SpeElsa.Server.Fleet;

/// <summary>The machines of the settings, of the lab, and the copies of rehearsals.</summary>
internal sealed class ConfiguredFleet(
    MachineConnections connections,
    ISecretStore secrets,
    TimeProvider timeProvider,
    ILoggerFactory loggers,
    LabSites sites,
    CopiedMachines copies)
    : IFleet
{
    /// <summary>Where the password of the lab's service administrator is kept.</summary>
    public const string LabAdministratorSecret = "lab-management-api";

    /// <summary>Where the password of the service administrator of the lab's multi server farm is kept.</summary>
    public const string LabMultiAdministratorSecret = "lab-multi-management-api";

    public IReadOnlyList<string> Names => connections.Names;

    public IMachine Machine(string name)
    {
        var known = Find(name);
        return new ScriptedMachine(known, connections.Transport(known), null, timeProvider, loggers.CreateLogger<ScriptedMachine>());
    }

    public MachineSettings Settings(string name)
    {
        var known = Find(name);
        if (sites.Find(known) is var (copy, server) && copy.Name.Length > 0)
        {
            return CopySettings(known, copy, server);
        }

        var configured = connections.Options(known) ?? new MachineOptions();
        var lab = connections.WayOf(known) == MachineConnections.Lab ? LabMachine(known)?.Machine : null;
        var defaults = new MachineSettings
        {
            Name = known,
            HostName = configured.HostName ?? sites.Own?.Farm.Find(known)?.FullName ?? known,
            AdministrativeShare = configured.AdministrativeShare ?? (connections.WayOf(known) == MachineConnections.Lab ? $@"\\{known}\C$" : null),
        };
        return defaults with
        {
            InstallDirectory = configured.InstallDirectory ?? defaults.InstallDirectory,
            CertificateNames = configured.CertificateNames?.ToArray() ?? defaults.CertificateNames,
            HttpCertificateName = configured.HttpCertificateName ?? defaults.HttpCertificateName,
            ImapCertificateName = configured.ImapCertificateName ?? defaults.ImapCertificateName,
            ManagementApiPort = configured.ManagementApi?.Port ?? defaults.ManagementApiPort,
            MfaField = configured.MfaField ?? defaults.MfaField,
            ClientAccessAddress = configured.ClientAccessAddress ?? (lab is null ? null : IPAddress.Loopback.ToString()),
            HttpsPort = configured.HttpsPort ?? lab?.HttpsPort ?? defaults.HttpsPort,
            ImapPort = configured.ImapPort ?? lab?.ImapPort ?? defaults.ImapPort,
            ServiceStems = new ServiceStems(
                configured.ManagementServerService ?? defaults.ServiceStems.ManagementServer,
                configured.InstanceHostService ?? defaults.ServiceStems.InstanceHost,
                configured.ClientAccessServerService ?? defaults.ServiceStems.ClientAccessServer),
        };
    }

    public Task<IManagementApi> ManagementApiAsync(string machineName, CancellationToken cancellationToken)
    {
        var name = Find(machineName);
        if (connections.Options(name)?.ManagementApi is { } api)
        {
            var settings = Settings(name);
            return Task.FromResult<IManagementApi>(new ManagementApiClient(new ManagementApiConnection(
                new UriBuilder(Uri.UriSchemeHttps, settings.HostName, api.Port).Uri,
                api.UserName,
                async token => await SecretAsync(api.PasswordSecret, token),
                string.IsNullOrWhiteSpace(api.ApiPasswordSecret) ? null : async token => await SecretAsync(api.ApiPasswordSecret, token),
                api.Thumbprint)));
        }

        var (known, secret) = LabMachine(name)
            ?? throw new InvalidOperationException($"The settings do not say how the Management API of {name} is called. Give the machine a ManagementApi with UserName and PasswordSecret.");
        var connection = new ManagementApiConnection(
            known.ManagementApi,
            known.UserName,
            async token => await secrets.GetAsync(HumanTasks.SecretPrefix + secret, token)
                ?? throw new InvalidOperationException("The password of the lab's service administrator is not in the secret store. Remove the lab folder from the data directory to make a new farm."),
            Thumbprint: known.Thumbprint);
        return Task.FromResult<IManagementApi>(new ManagementApiClient(connection));
    }

    /// <inheritdoc />
    public IFleet For(string moveId) => RehearsalId.PlanOf(moveId) is { } plan ? new CopiesOnly(this, plan) : this;

    /// <summary>Where the password is kept by which the Management Server of a copy is asked.</summary>
    public static string CopySecret(string copy) => $"rehearsal-{copy}-management-api";

    private (LabFleetMachine Machine, string Secret)? LabMachine(string name) =>
        sites.Find(name) is var (site, server) && site.Product.Fleet.Machines.SingleOrDefault(machine => machine.Name == server.Name) is { } known
            ? (known, site.Name.Length == 0 ? LabSecret(known.Farm) : CopySecret(site.Name))
            : null;

    /// <summary>As the original is configured, but for where it is reached.</summary>
    private MachineSettings CopySettings(string name, LabSite site, LabServer server)
    {
        var machine = site.Product.Fleet.Machines.Single(known => known.Name == server.Name);
        var defaults = new MachineSettings { Name = name, HostName = server.FullName };
        var original = copies.OriginalOf(name) is { } known && connections.Find(known) is not null ? Settings(known) : defaults;
        return original with
        {
            Name = name,
            HostName = server.FullName,
            AdministrativeShare = $@"\\{server.Name}\C$",
            InstallDirectory = site.Product.Fleet.InstallDirectory,
            MfaField = defaults.MfaField,
            ClientAccessAddress = IPAddress.Loopback.ToString(),
            HttpsPort = machine.HttpsPort,
            ImapPort = machine.ImapPort,
        };
    }

    /// <summary>Where the password of the service administrator of one of the lab's farms is kept.</summary>
    public static string LabSecret(LabFarmKind farm) => farm == LabFarmKind.Multi ? LabMultiAdministratorSecret : LabAdministratorSecret;

    private async ValueTask<string> SecretAsync(string name, CancellationToken cancellationToken) => await secrets.GetAsync(MachineSecrets.Reference(name), cancellationToken)
        ?? throw new InvalidOperationException($"The secret {name} is not in the secret store. PUT /api/secrets/{name} stores it.");

    private string Find(string name) => connections.Find(name)
        ?? throw new ArgumentException($"There is no machine '{name}'. {(Names.Count > 0 ? $"Known are {string.Join(", ", Names)}." : "None is configured.")}", nameof(name));
}
