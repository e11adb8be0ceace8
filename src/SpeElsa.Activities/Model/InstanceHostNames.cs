using SpeElsa.MailStore;

namespace SpeElsa.Activities;

/// <summary>Under which name the Management Server knows the Instance Host of a machine.</summary>
internal static class InstanceHostNames
{
    /// <summary>Looks for an entry that has one of the names of the machine.</summary>
    /// <returns>Its name there; null when there is none.</returns>
    public static async Task<string?> FindAsync(StepContext step, IManagementApi api, string machine)
    {
        var settings = step.Settings(machine);
        var hosts = await api.GetInstanceHostsAsync(null, step.CancellationToken);
        if (hosts.FirstOrDefault(host => AreSame(host.ServerName, settings.HostName) || AreSame(host.ServerName, machine)) is { } known)
        {
            return known.ServerName;
        }

        var facts = await step.ServerFactsAsync(machine, settings.InstallDirectory);
        return hosts.FirstOrDefault(host => AreSame(host.ServerName, facts.ComputerName) || AreSame(host.ServerName, facts.Fqdn))?.ServerName;
    }

    public static bool AreSame(string? left, string? right) => left is not null && string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
