using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>Compares one instance and its stores with the baseline; errors hold it up, the rest is written down.</summary>
[Activity("SpeElsa", "CheckInstance", 1, "Compares an instance and its stores with the baseline", "Move checks", DisplayName = "Check instance")]
[FlowNode("Ok", "Differs")]
public sealed class CheckInstance : MoveCheck
{
    /// <summary>Whose Management API is asked.</summary>
    [Input(DisplayName = "Management Server", Description = "The machine of the Management Server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> ManagementServer { get; set; } = new("");

    /// <summary>What 'Take baseline' put out.</summary>
    [Input(
        DisplayName = "Baseline",
        Description = "What 'Take baseline' put out",
        UIHint = "singleline",
        DefaultSyntax = "Variable",
        Order = 2)]
    public Input<object?> Baseline { get; set; } = new((object?)null);

    /// <summary>The instance.</summary>
    [Input(DisplayName = "Instance", Description = "The id of the instance", UIHint = "singleline", Order = 3)]
    public Input<string> InstanceId { get; set; } = new("");

    private protected override string PassOutcome => "Ok";

    private protected override string? Subject(ActivityExecutionContext context) => context.Get(InstanceId);

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var id = step.Require(InstanceId, nameof(InstanceId));
        var before = MoveBaseline.Read(step.Get(Baseline)).Only(id).Instances[0];
        using var api = await step.ApiAsync(step.Require(ManagementServer, nameof(ManagementServer)));
        var now = (await DashboardReader.InstancesAsync(api, step.CancellationToken, id)).SingleOrDefault();
        var findings = DashboardComparison.Compare(before, now);
        var evidence = new { id, now?.InstanceHost, now?.BaseDirectory, now?.Status, now?.Messages, before = before.Messages, findings };
        var wrong = findings.Where(finding => finding.Severity is FindingSeverity.Error).Select(finding => finding.Text).ToArray();
        return wrong.Length == 0 ? Observation.Done(evidence, "Ok") : Observation.Found("Differs", string.Join("\n", wrong), evidence);
    }
}
