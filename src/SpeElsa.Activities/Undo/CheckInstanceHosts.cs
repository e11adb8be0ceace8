using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>Tells whether the Management Server knows the same Instance Hosts as before the move.</summary>
[Activity("SpeElsa", "CheckInstanceHosts", 1, "Tells whether the Management Server knows the same Instance Hosts as before", "Undo", DisplayName = "Check Instance Hosts")]
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
        var now = (await api.GetInstanceHostsAsync(null, step.CancellationToken)).Select(host => host.ServerName).ToArray();
        var before = MoveBaseline.Read(step.Get(Baseline)).Roles.Where(role => role.Role == Roles.InstanceHost).Select(role => role.ServerName).ToArray();
        string[] added = [.. now.Except(before, StringComparer.OrdinalIgnoreCase)];
        string[] gone = [.. before.Except(now, StringComparer.OrdinalIgnoreCase)];
        return added.Length + gone.Length == 0
            ? Observation.Done(new { now }, "Same")
            : Observation.Found("Differs", $"The Management Server knows other Instance Hosts than before: added {Names(added)}; gone {Names(gone)}.", new { now, before });
    }

    private static string Names(string[] names) => names.Length == 0 ? "none" : string.Join(", ", names);
}
