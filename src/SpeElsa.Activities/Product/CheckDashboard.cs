using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>
/// Compares the new server with the baseline, per server, role, instance and store; differences have a severity, and errors hold the move up.
/// </summary>
[Activity(
    "SpeElsa",
    "CheckDashboard",
    1,
    "Compares dashboard, version, instances and figures with the baseline",
    "Move checks",
    DisplayName = "Check dashboard")]
[FlowNode("Ok", "Differs")]
public sealed class CheckDashboard : MoveCheck
{
    /// <summary>The new server.</summary>
    [Input(DisplayName = "Machine", Description = "The new server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>What 'Take baseline' put out.</summary>
    [Input(
        DisplayName = "Baseline",
        Description = "What 'Take baseline' put out",
        UIHint = "singleline",
        DefaultSyntax = "Variable",
        Order = 2)]
    public Input<object?> Baseline { get; set; } = new((object?)null);

    /// <summary>Whether users have their service back when it is as before.</summary>
    [Input(
        DisplayName = "Downtime ends",
        Description = "Whether users have their service back when it is as before; the journal then says so",
        UIHint = "checkbox",
        Order = 3)]
    public Input<bool> DowntimeEnds { get; set; } = new(false);

    private protected override string PassOutcome => "Ok";

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        using var api = await step.ApiAsync(step.Require(Machine, nameof(Machine)));
        var now = await DashboardReader.ReadAsync(api, step.CancellationToken);
        var findings = DashboardComparison.Compare(MoveBaseline.Read(step.Get(Baseline)), now);
        var evidence = new
        {
            now.Version,
            now.ServerName,
            roles = now.Roles.Select(role => $"{Roles.Title(role.Role)} {role.ServerName}: {(role.IsConnected switch { true => "connected", false => "not connected", _ => "unknown" })}"),
            instances = now.Instances.Select(instance => $"{instance.Id}: {instance.Status}, {instance.Messages} messages"),
            messages = now.Messages.Select(message => $"{message.Type}: {message.Text}"),
            findings,
        };
        // Warnings are written down for the person who signs off; only what does not work any more holds the move up.
        var wrong = findings.Where(finding => finding.Severity is FindingSeverity.Error).Select(finding => finding.Text).ToArray();
        if (wrong.Length > 0)
        {
            return Observation.Found("Differs", string.Join("\n", wrong), evidence);
        }

        if (step.Get(DowntimeEnds))
        {
            step.Journal(Downtime.EndedEvent, $"The dashboard of {step.Get(Machine)} is as before");
        }

        return Observation.Done(evidence, "Ok");
    }
}
