using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>Tells whether the Management Server knows the same Instance Hosts and Client Access Servers as before the move.</summary>
[Activity("SpeElsa", "CheckInstanceHosts", 1, "Tells whether the Management Server knows the same Instance Hosts and Client Access Servers as before", "Undo", DisplayName = "Check servers")]
[FlowNode("Same", "Differs")]
public sealed class CheckInstanceHosts : MoveCheck
{
    /// <summary>The Management Server.</summary>
    [Input(DisplayName = "Machine", Description = "The machine of the Management Server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>What 'Take baseline' put out.</summary>
    [Input(
        DisplayName = "Baseline",
        Description = "What 'Take baseline' put out",
        UIHint = "singleline",
        DefaultSyntax = "Variable",
        Order = 2)]
    public Input<object?> Baseline { get; set; } = new((object?)null);

    private protected override string PassOutcome => "Same";

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        using var api = await step.ApiAsync(step.Require(Machine, nameof(Machine)));
        var known = MoveBaseline.Read(step.Get(Baseline)).Roles;
        string[] before = [.. known.Select(role => $"{Roles.Title(role.Role)} {role.ServerName}")];
        string[] now =
        [
            .. (await RoleEntries.NamesAsync(api, Roles.InstanceHost, step.CancellationToken)).Select(name => $"{Roles.Title(Roles.InstanceHost)} {name}"),
            .. (await RoleEntries.NamesAsync(api, Roles.ClientAccessServer, step.CancellationToken)).Select(name => $"{Roles.Title(Roles.ClientAccessServer)} {name}"),
        ];
        string[] added = [.. now.Except(before, StringComparer.OrdinalIgnoreCase)];
        string[] gone = [.. before.Except(now, StringComparer.OrdinalIgnoreCase)];
        return added.Length + gone.Length == 0
            ? Observation.Done(new { now }, "Same")
            : Observation.Found("Differs", $"The Management Server knows other servers than before: added {Names(added)}; gone {Names(gone)}.", new { now, before });
    }

    private static string Names(string[] names) => names.Length == 0 ? "none" : string.Join(", ", names);
}
