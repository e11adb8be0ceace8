using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>Tells whether Windows has a name on a server, as it has after the restart that a rename needs.</summary>
[Activity("SpeElsa", "CheckComputerName", 1, "Tells whether Windows on a server has the planned name", "Move checks", DisplayName = "Check computer name")]
[FlowNode("Named", "Other")]
public sealed class CheckComputerName : MoveCheck
{
    /// <summary>The server.</summary>
    [Input(DisplayName = "Machine", Description = "The server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>What 'Take baseline' put out; it knows the name of before.</summary>
    [Input(
        DisplayName = "Baseline",
        Description = "What 'Take baseline' put out; it knows the name of before",
        UIHint = "singleline",
        DefaultSyntax = "Variable",
        Order = 2)]
    public Input<object?> Baseline { get; set; } = new((object?)null);

    /// <summary>The name.</summary>
    [Input(DisplayName = "Server name", Description = "The name it is to have, with or without its domain; empty: that of the baseline", UIHint = "singleline", Order = 3)]
    public Input<string> ServerName { get; set; } = new("");

    private protected override string PassOutcome => "Named";

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var machine = step.Require(Machine, nameof(Machine));
        var wanted = step.Get(ServerName) is { Length: > 0 } name ? name : MoveBaseline.Read(step.Get(Baseline)).ComputerName;
        var facts = await step.ServerFactsAsync(machine, step.Settings(machine).InstallDirectory);
        return ServerNames.AreOne(facts.ComputerName, wanted) || ServerNames.AreOne(facts.Fqdn, wanted)
            ? Observation.Done(new { facts.ComputerName, facts.Fqdn }, "Named")
            : Observation.Found("Other", $"Windows on {machine} is called {facts.ComputerName}, not {wanted}.", new { facts.ComputerName, facts.Fqdn });
    }
}
