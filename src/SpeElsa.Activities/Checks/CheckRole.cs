using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>Tells whether a server has the service of a role.</summary>
[Activity("SpeElsa", "CheckRole", 1, "Tells whether a server has the service of a role", "Move checks", DisplayName = "Check role")]
[FlowNode("Present", "Absent")]
public sealed class CheckRole : MoveCheck
{
    /// <summary>The server.</summary>
    [Input(DisplayName = "Machine", Description = "The server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>The role.</summary>
    [Input(DisplayName = "Role", Description = "Whose service", UIHint = "dropdown", UIHandler = typeof(RoleChoices), Order = 2)]
    public Input<string> Role { get; set; } = new("");

    /// <summary>Where the product is installed; empty: as configured for the machine.</summary>
    [Input(
        DisplayName = "Install directory",
        Description = "Where the product is installed; empty: as configured for the machine",
        UIHint = "singleline",
        Order = 3)]
    public Input<string> InstallDirectory { get; set; } = new("");

    private protected override string PassOutcome => "Present";

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var (machine, role) = (step.Require(Machine, nameof(Machine)), step.Require(Role, nameof(Role)));
        var service = await RoleServices.FindAsync(step, machine, role, InstallDirectory);
        return service is null
            ? Observation.Found("Absent", $"{machine} has no service of the role {Roles.Title(role)}.", new { machine, role })
            : Observation.Found("Present", $"{machine} has the service {service.Name} of the role {Roles.Title(role)}; it is {service.State}.", service);
    }
}
