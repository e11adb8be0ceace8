using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.MailStore;

namespace SpeElsa.Activities;

/// <summary>Checks on the dashboard that the licence is the new server's. Only a Management Server that runs can tell.</summary>
[Activity(
    "SpeElsa",
    "CheckLicence",
    1,
    "Checks on the dashboard that the licence has been transferred",
    "Move checks",
    DisplayName = "Check licence")]
[FlowNode("Moved", "NotMoved")]
public sealed class CheckLicence : MoveCheck
{
    /// <summary>The new server.</summary>
    [Input(DisplayName = "Machine", Description = "The new server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    private protected override string PassOutcome => "Moved";

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        using var api = await step.ApiAsync(step.Require(Machine, nameof(Machine)));
        var status = await api.GetServiceStatusAsync(step.CancellationToken);
        var errors = status.Messages.Where(message => message.IsError && IsLicence(message))
            .Select(message => message.Text ?? message.Tag ?? "")
            .ToArray();
        var evidence = new { status.EnvironmentInfo?.ServerName, status.EnvironmentInfo?.LicenseeName, errors };
        return errors.Length == 0
            ? Observation.Done(evidence, "Moved")
            : Observation.Found("NotMoved", $"The dashboard says: {string.Join(" ", errors)}", evidence);
    }

    /// <summary>Whether a message speaks of the licence, in either language of the product.</summary>
    internal static bool IsLicence(ServiceMessage message) => Speaks(message.Text) || Speaks(message.Tag);

    private static bool Speaks(string? text) =>
        text is not null && (
            text.Contains("licen", StringComparison.OrdinalIgnoreCase) || text.Contains("lizenz", StringComparison.OrdinalIgnoreCase));
}
