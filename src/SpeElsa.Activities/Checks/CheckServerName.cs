using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.MailStore;

namespace SpeElsa.Activities;

/// <summary>Tells whether the Management Server has taken a name: it says that name itself, and its dashboard has nothing against it.</summary>
[Activity("SpeElsa", "CheckServerName", 1, "Tells whether the Management Server has taken a server name", "Move checks", DisplayName = "Check server name")]
[FlowNode("Taken", "Other")]
public sealed class CheckServerName : MoveCheck
{
    /// <summary>The server.</summary>
    [Input(DisplayName = "Machine", Description = "The machine of the Management Server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
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
    [Input(DisplayName = "Server name", Description = "The server name it is to have; empty: that of the baseline", UIHint = "singleline", Order = 3)]
    public Input<string> ServerName { get; set; } = new("");

    private protected override string PassOutcome => "Taken";

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var baseline = MoveBaseline.Read(step.Get(Baseline));
        var wanted = step.Get(ServerName) is { Length: > 0 } name ? name : baseline.ServerName;
        using var api = await step.ApiAsync(step.Require(Machine, nameof(Machine)));
        var environment = await api.GetEnvironmentInfoAsync(step.CancellationToken);
        var known = baseline.Messages.Select(message => message.Text).ToHashSet(StringComparer.Ordinal);
        var against = (await api.GetServiceStatusAsync(step.CancellationToken)).Messages
            .Where(message => SpeaksOfTheName(message) && !known.Contains(message.Text))
            .Select(message => $"The dashboard says: {message.Text}");
        string[] wrong = ServerNames.AreOne(environment.ServerName, wanted)
            ? [.. against]
            : [$"The Management Server says that its server name is {environment.ServerName}, not {wanted}.", .. against];
        var evidence = new { environment.ServerName, wanted };
        return wrong.Length == 0 ? Observation.Done(evidence, "Taken") : Observation.Found("Other", string.Join(" ", wrong), evidence);
    }

    /// <summary>That the licence is bound to another name, the check of the licence finds.</summary>
    private static bool SpeaksOfTheName(ServiceMessage message) =>
        !string.Equals(message.Type, "information", StringComparison.OrdinalIgnoreCase)
        && message.Text?.Contains("server name", StringComparison.OrdinalIgnoreCase) == true && !CheckLicence.IsLicence(message);
}
