using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>Tells whether an Instance Host or Client Access Server is connected to a Management Server; a role that has just been restarted gets a little time.</summary>
[Activity(
    "SpeElsa",
    "CheckConnected",
    1,
    "Tells whether an Instance Host or Client Access Server is connected to a Management Server",
    "Move checks",
    DisplayName = "Check connection")]
[FlowNode("Connected", "NotConnected")]
public sealed class CheckConnected : MoveCheck
{
    /// <summary>The Management Server.</summary>
    [Input(DisplayName = "Machine", Description = "The machine of the Management Server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>The role that is to be connected.</summary>
    [Input(DisplayName = "Role", Description = "The role that is to be connected: Instance Host or Client Access Server", UIHint = "dropdown", UIHandler = typeof(RoleChoices), Order = 2)]
    public Input<string> Role { get; set; } = new("");

    /// <summary>The server of the role.</summary>
    [Input(DisplayName = "Server name", Description = "The server of the role, by its name on the dashboard", UIHint = "singleline", Order = 3)]
    public Input<string> ServerName { get; set; } = new("");

    private protected override string PassOutcome => "Connected";

    private protected override string? Subject(ActivityExecutionContext context) => context.Get(ServerName);

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var (machine, role, name) = (step.Require(Machine, nameof(Machine)), step.Require(Role, nameof(Role)), step.Require(ServerName, nameof(ServerName)));
        var title = $"{Roles.Title(role)} {name}";
        using var api = await step.ApiAsync(machine);
        var roles = await DashboardReader.RolesAsync(api, await api.GetServiceStatusAsync(step.CancellationToken), step.CancellationToken);
        var found = roles.FirstOrDefault(other => other.Role == role && string.Equals(other.ServerName, name, StringComparison.OrdinalIgnoreCase));
        switch (found)
        {
            case { IsConnected: true }:
                return Observation.Done(new { managementServer = machine, connected = title }, "Connected");
            case { IsConnected: null }:
                return Observation.CannotTell(
                    $"Whether the {title} is connected can not be told: {found.Problem} Look at the dashboard in the Management Console of {machine}, then mark this step done.");
        }

        var problem = found is null ? $"The Management Server of {machine} does not know the {title}." : $"The {title} is not connected to {machine}: {found.Problem}";
        return found is not null && step.State.Waited < step.Options.ConnectFor
            ? Observation.Pending(problem)
            : Observation.Found("NotConnected", problem, new { managementServer = machine, found?.Problem });
    }
}
