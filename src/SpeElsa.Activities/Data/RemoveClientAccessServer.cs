using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.MailStore;

namespace SpeElsa.Activities;

/// <summary>
/// Removes the entry of a Client Access Server from the Management Server, only when the role is gone from its machine; with a baseline, as in an undo,
/// it is enough that its service is stopped and disabled.
/// </summary>
[Activity(
    "SpeElsa",
    "RemoveClientAccessServer",
    1,
    "Removes a Client Access Server from the Management Server, if its role is gone",
    "Move services",
    DisplayName = "Remove Client Access Server",
    Kind = ActivityKind.Task)]
public sealed class RemoveClientAccessServer : RemoveServerEntry
{
    /// <summary>Where the product is installed; empty: as configured for the machine.</summary>
    [Input(
        DisplayName = "Install directory",
        Description = "Where the product is installed; empty: as configured for the machine",
        UIHint = "singleline",
        Order = 4)]
    public Input<string> InstallDirectory { get; set; } = new("");

    private protected override string Role => Roles.ClientAccessServer;

    private protected override IReadOnlyList<ApiNeed> Needs { get; } = [ApiNeed.RemoveClientAccessServer];

    private protected override async Task<string?> WhyNotAsync(StepContext step, IManagementApi api, string entry)
    {
        var machine = step.Require(Machine, nameof(Machine));
        var service = await RoleServices.FindAsync(step, machine, Role, InstallDirectory);
        return service is null || (step.Get(Baseline) is not null && service.IsStopped && service.IsDisabled)
            ? null
            : $"{machine} still has the service {service.Name} of the role {Roles.Title(Role)}; it is {service.State}, {service.StartMode}. Remove the role there, then retry.";
    }
}
