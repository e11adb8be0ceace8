namespace SpeElsa.Lab;

/// <summary>What the Management Server tells of itself and its roles. In order means: no error among the messages.</summary>
internal sealed class Dashboard(RoleSimulation simulation)
{
    public IReadOnlyList<LabMessage> Of(RunningRole manager)
    {
        lock (simulation.Gate)
        {
            List<LabMessage> messages = [new("information", $"MailStore Service Provider Edition {manager.Version}", "version")];
            if (!simulation.IsLicensed(manager))
            {
                messages.Add(new(
                    "error",
                    $"The server name '{manager.Server.ComputerName}' differs from the licensed machine name '{simulation.LicensedName(manager)}'. "
                    + "The licence is disabled.",
                    "licence"));
            }

            if (manager.Configuration is { } configuration
                && !string.Equals(configuration.ServerName, manager.Server.ComputerName, StringComparison.OrdinalIgnoreCase))
            {
                messages.Add(new(
                    "warning",
                    $"The Management Server on '{manager.Server.ComputerName}' is set up with the server name '{configuration.ServerName}'. "
                    + "See 'Renaming the Server'.",
                    "managementServer"));
            }

            foreach (var host in manager.Database!.InstanceHosts)
            {
                Add(messages, manager, host, ProductRole.InstanceHost, "Instance Host", "instanceHost");
            }

            foreach (var access in manager.Database.ClientAccessServers)
            {
                Add(messages, manager, access, ProductRole.ClientAccessServer, "Client Access Server", "clientAccessServer");
            }

            messages.AddRange(manager.Database.Instances.SelectMany(instance => Instance(manager, instance)));
            return messages;
        }
    }

    private void Add(List<LabMessage> messages, RunningRole manager, DatabaseServer entry, ProductRole kind, string title, string tag)
    {
        var (role, problem) = simulation.Connected(manager, entry, kind);
        if (role is null)
        {
            messages.Add(new("error", $"{title} '{entry.ServerName}' is not connected: {problem}.", $"{tag}:{entry.ServerName}"));
        }
        else if (!string.Equals(role.Server.ComputerName, entry.ServerName, StringComparison.OrdinalIgnoreCase))
        {
            messages.Add(new(
                "warning",
                $"{title} '{entry.ServerName}' is connected from the machine '{role.Server.ComputerName}'. See 'Renaming the Server'.",
                $"{tag}:{entry.ServerName}"));
        }
    }

    private IEnumerable<LabMessage> Instance(RunningRole manager, DatabaseInstance instance)
    {
        if (manager.Database!.InstanceHosts.TrueForAll(host => host.ServerName != instance.InstanceHost))
        {
            yield return new(
                "error",
                $"Instance '{instance.InstanceId}' is on '{instance.InstanceHost}', which is no Instance Host.",
                $"instance:{instance.InstanceId}");
        }
        else if (simulation.HostOf(manager, instance) is { } host
            && InstanceStates.Get(host.Server, instance.InstanceId)?.Error is { } error)
        {
            yield return new("error", $"Instance '{instance.InstanceId}' could not be started: {error}", $"instance:{instance.InstanceId}");
        }
    }
}
