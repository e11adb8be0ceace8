using SpeElsa.MailStore;

namespace SpeElsa.Activities;

/// <summary>The entries by which the Management Server knows Instance Hosts and Client Access Servers.</summary>
internal static class RoleEntries
{
    /// <summary>The names of all entries of a role.</summary>
    public static async Task<IReadOnlyList<string>> NamesAsync(IManagementApi api, string role, CancellationToken cancellationToken) =>
        role == Roles.ClientAccessServer
            ? [.. (await api.GetClientAccessServersAsync(null, withServiceStatus: false, cancellationToken)).Select(server => server.ServerName)]
            : [.. (await api.GetInstanceHostsAsync(null, cancellationToken)).Select(host => host.ServerName)];

    /// <summary>Looks for an entry that has one of the names of the machine.</summary>
    /// <returns>Its name there; null when there is none.</returns>
    public static async Task<string?> FindAsync(StepContext step, IManagementApi api, string role, string machine)
    {
        var settings = step.Settings(machine);
        var names = await NamesAsync(api, role, step.CancellationToken);
        if (names.FirstOrDefault(name => AreSame(name, settings.HostName) || AreSame(name, machine)) is { } known)
        {
            return known;
        }

        var facts = await step.ServerFactsAsync(machine, settings.InstallDirectory);
        return names.FirstOrDefault(name => AreSame(name, facts.ComputerName) || AreSame(name, facts.Fqdn));
    }

    public static bool AreSame(string? left, string? right) => left is not null && string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
