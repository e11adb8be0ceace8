using SpeElsa.Lab;

namespace SpeElsa.Server.Configuration;

/// <summary>Says what is wrong with the machines of the settings, before anything is opened.</summary>
internal static class MachineChecks
{
    /// <returns>The faults; each names the option and what it has to be.</returns>
    public static IEnumerable<string> Faults(ServerOptions options)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < options.Machines.Count; i++)
        {
            var machine = options.Machines[i];
            if (!seen.Add(machine.Name))
            {
                yield return $"Machines:{i}:Name: there is a machine '{machine.Name}' already; each needs a name of its own.";
            }

            foreach (var fault in Faults(machine, options.Lab.Enabled ? LabProduct.ServersOf(options.Lab.Farm) : []))
            {
                yield return $"Machines:{i}:{fault.Option} of '{machine.Name}': {fault.Fault}";
            }
        }
    }

    private static IEnumerable<(string Option, string Fault)> Faults(MachineOptions machine, IReadOnlyList<string> labServers)
    {
        if (machine.Name.Contains(LabSites.Separator, StringComparison.Ordinal))
        {
            yield return ("Name", $"'{LabSites.Separator}' is in the names of copies only, on which plans are rehearsed.");
        }

        if (machine.Ssh is not null && machine.Local)
        {
            yield return ("Local", "a machine is reached over Ssh or is Local, not both.");
        }
        else if (machine.Local && !OperatingSystem.IsWindows())
        {
            yield return ("Local", "this computer is not Windows, so it cannot be a machine itself; give the machine Ssh.");
        }
        else if (machine.Ssh is null && !machine.Local && !labServers.Contains(machine.Name, StringComparer.OrdinalIgnoreCase))
        {
            yield return ("Name", labServers.Count > 0
                ? $"the lab has no such machine (it has {string.Join(", ", labServers)}); say with Ssh or Local how it is reached."
                : "say with Ssh or Local how it is reached; there is no lab.");
        }

        foreach (var fault in machine.Ssh?.Faults() ?? [])
        {
            yield return ("Ssh", fault);
        }

        if (machine.ManagementApi is { } api)
        {
            if (string.IsNullOrWhiteSpace(api.UserName) || string.IsNullOrWhiteSpace(api.PasswordSecret))
            {
                yield return ("ManagementApi", "UserName and PasswordSecret have to be there.");
            }

            if (api.Port is < 1 or > 65535)
            {
                yield return ("ManagementApi", $"Port {api.Port} is not a port: use 1 to 65535.");
            }
        }
    }
}
