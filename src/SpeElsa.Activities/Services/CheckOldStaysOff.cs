using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>Checks that no service of the old server runs or can start: old and new must never serve at once.</summary>
[Activity(
    "SpeElsa",
    "CheckOldStaysOff",
    1,
    "Checks that the old server's services are stopped and disabled",
    "Move checks",
    DisplayName = "Check old server stays off")]
public sealed class CheckOldStaysOff : MoveCheck
{
    /// <summary>The old server.</summary>
    [Input(DisplayName = "Machine", Description = "The old server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>Where the product is installed; empty: as configured for the machine.</summary>
    [Input(
        DisplayName = "Install directory",
        Description = "Where the product is installed; empty: as configured for the machine",
        UIHint = "singleline",
        Order = 2)]
    public Input<string> InstallDirectory { get; set; } = new("");

    /// <summary>The role whose service has to stay off; empty: all.</summary>
    [Input(
        DisplayName = "Role",
        Description = "Whose service, where a role moves by itself; empty: those of all roles",
        UIHint = "dropdown",
        UIHandler = typeof(RoleChoices),
        Order = 3)]
    public Input<string> Role { get; set; } = new("");

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var machine = step.Require(Machine, nameof(Machine));
        var services = await step.ServicesAsync(machine, step.InstallDirectory(InstallDirectory, machine));
        var evidence = new { services = services.Select(service => new { service.Name, service.State, service.StartMode }) };
        return SplitBrain.WhyNot(machine, services, step.Get(Role)) is { } reason ? Observation.NotDone(reason, evidence) : Observation.Done(evidence);
    }
}

/// <summary>The guard against two servers that serve the same data and licence at once.</summary>
internal static class SplitBrain
{
    /// <param name="machine">The old server.</param>
    /// <param name="services">Its services.</param>
    /// <param name="role">The role that moves by itself: the others go on serving. Empty: all.</param>
    /// <returns>What stands against the new server; null when nothing does.</returns>
    public static string? WhyNot(string machine, IReadOnlyList<ServiceFacts> services, string? role = null)
    {
        var open = Open(string.IsNullOrEmpty(role) ? services : [.. services.Where(service => service.Role == role)]);
        return open.Length == 0
            ? null
            : $"Services of the old server {machine} are not both stopped and disabled: "
            + string.Join(", ", open.Select(service => $"{service.Name} ({service.State}, {service.StartMode})")) + ".";
    }

    /// <summary>The services with which a server serves, or could after a restart of Windows.</summary>
    public static ServiceFacts[] Open(IReadOnlyList<ServiceFacts> services) =>
        [.. services.Where(service => service.Role is not null && !(service.IsStopped && service.IsDisabled))];
}
