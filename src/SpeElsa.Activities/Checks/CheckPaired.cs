using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.MailStore;

namespace SpeElsa.Activities;

/// <summary>
/// Tells whether the Management Server knows the Instance Host or Client Access Server of a machine. Whether the two trust each other shows when its
/// service runs: an Instance Host lists its directories.
/// </summary>
[Activity("SpeElsa", "CheckPaired", 1, "Tells whether the Management Server knows an Instance Host or Client Access Server", "Move checks", DisplayName = "Check pairing")]
[FlowNode("Known", "Unknown")]
public sealed class CheckPaired : MoveCheck
{
    /// <summary>Whose Management API is asked.</summary>
    [Input(DisplayName = "Management Server", Description = "The machine of the Management Server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> ManagementServer { get; set; } = new("");

    /// <summary>The server.</summary>
    [Input(DisplayName = "Machine", Description = "The machine of the Instance Host or Client Access Server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 2)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>Whether it has to be connected too.</summary>
    [Input(DisplayName = "Has to answer", Description = "Whether the Instance Host has to be connected too", UIHint = "checkbox", Order = 3)]
    public Input<bool> HasToAnswer { get; set; } = new(false);

    /// <summary>The role.</summary>
    [Input(DisplayName = "Role", Description = "Which role; empty: the Instance Host", UIHint = "dropdown", UIHandler = typeof(RoleChoices), Order = 4)]
    public Input<string> Role { get; set; } = new("");

    /// <summary>The name of the entry.</summary>
    [Input(DisplayName = "Server name", Description = "The name it has to be known by, as after a rename; empty: any of the machine's names", UIHint = "singleline", Order = 5)]
    public Input<string> ServerName { get; set; } = new("");

    private protected override string PassOutcome => "Known";

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var (manager, machine) = (step.Require(ManagementServer, nameof(ManagementServer)), step.Require(Machine, nameof(Machine)));
        var role = step.Get(Role) is { Length: > 0 } given ? given : Roles.InstanceHost;
        using var api = await step.ApiAsync(manager);
        var names = await RoleEntries.NamesAsync(api, role, step.CancellationToken);
        var name = step.Get(ServerName) is { Length: > 0 } wanted ? wanted : null;
        if ((name is null ? await RoleEntries.FindAsync(step, api, role, machine) : names.FirstOrDefault(entry => RoleEntries.AreSame(entry, name))) is { } known)
        {
            return step.Get(HasToAnswer) && await WhyNotAsync(step, api, known) is { } reason
                ? Observation.Found("Unknown", $"The Instance Host {known} is not connected: {reason}", new { known })
                : Observation.Done(new { known }, "Known");
        }

        return Observation.Found("Unknown", $"The Management Server of {manager} knows no {Roles.Title(role)} {name ?? machine}; it knows {string.Join(", ", names)}.", new { names });
    }

    private static async Task<string?> WhyNotAsync(StepContext step, IManagementApi api, string host)
    {
        try
        {
            await api.GetDirectoriesOnInstanceHostAsync(host, null, step.CancellationToken);
            return null;
        }
        catch (ManagementApiException exception) when (exception.Failure is ManagementApiFailure.Refused)
        {
            return exception.Message;
        }
    }
}
