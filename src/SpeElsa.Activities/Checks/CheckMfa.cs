using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.MailStore;

namespace SpeElsa.Activities;

/// <summary>Checks that MFA is off for every administrator: what it is stored with does not work on another machine.</summary>
[Activity(
    "SpeElsa",
    "CheckMfaOff",
    1,
    "Checks that MFA is off for every system administrator",
    "Move checks",
    DisplayName = "Check MFA is off")]
[FlowNode("Off", "On")]
public sealed class CheckMfaOff : MoveCheck
{
    /// <summary>The server whose Management Server is asked.</summary>
    [Input(DisplayName = "Machine", Description = "The old server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>What 'Take baseline' put out.</summary>
    [Input(
        DisplayName = "Baseline",
        Description = "What 'Take baseline' put out",
        UIHint = "singleline",
        DefaultSyntax = "Variable",
        Order = 2)]
    public Input<object?> Baseline { get; set; } = new((object?)null);

    private protected override string PassOutcome => "Off";

    private protected override IReadOnlyList<MovePart> Parts => [MovePart.MfaOff(PassOutcome)];

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var machine = step.Require(Machine, nameof(Machine));
        var administrators = await Mfa.ReadAsync(step, machine);
        if (
            administrators.Where(administrator => administrator.MfaEnabled is null).Select(administrator => administrator.UserName).ToArray() is { Length: > 0 } unknown)
        {
            return Observation.CannotTell(
                $"The server does not tell whether MFA is on for {string.Join(", ", unknown)}: it sends no field "
                + $"'{step.Settings(machine).MfaField}'. Look in the Management Console, then mark this step done.");
        }

        var on = administrators.Where(administrator => administrator.MfaEnabled == true)
            .Select(administrator => administrator.UserName)
            .ToArray();
        var evidence = new { remembered = MoveBaseline.Read(step.Get(Baseline)).MfaAdministrators, on };
        return on.Length == 0
            ? Observation.Done(evidence, "Off")
            : Observation.Found("On", $"MFA is still on for: {string.Join(", ", on)}.", evidence);
    }
}

/// <summary>Checks that MFA is on again for every administrator who had it.</summary>
[Activity(
    "SpeElsa",
    "CheckMfaOn",
    1,
    "Checks that MFA is on again for every administrator who had it",
    "Move checks",
    DisplayName = "Check MFA is on again")]
[FlowNode("On", "Off")]
public sealed class CheckMfaOn : MoveCheck
{
    /// <summary>The server whose Management Server is asked.</summary>
    [Input(DisplayName = "Machine", Description = "The new server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>What 'Take baseline' put out; it remembers who had MFA.</summary>
    [Input(
        DisplayName = "Baseline",
        Description = "What 'Take baseline' put out; it remembers who had MFA",
        UIHint = "singleline",
        DefaultSyntax = "Variable",
        Order = 2)]
    public Input<object?> Baseline { get; set; } = new((object?)null);

    private protected override string PassOutcome => "On";

    private protected override IReadOnlyList<MovePart> Parts => [MovePart.MfaOn(PassOutcome)];

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var remembered = MoveBaseline.Read(step.Get(Baseline)).MfaAdministrators.ToArray();
        var administrators = await Mfa.ReadAsync(step, step.Require(Machine, nameof(Machine)));
        var off = remembered.Where(
            name => administrators.All(administrator => administrator.UserName != name || administrator.MfaEnabled != true))
            .ToArray();
        var evidence = new { remembered, off };
        return off.Length == 0
            ? Observation.Done(evidence, "On")
            : Observation.Found("Off", $"MFA is not on again for: {string.Join(", ", off)}.", evidence);
    }
}

internal static class Mfa
{
    public static async Task<IReadOnlyList<SystemAdministrator>> ReadAsync(StepContext step, string machine)
    {
        using var api = await step.ApiAsync(machine);
        return await api.GetSystemAdministratorsAsync(step.Settings(machine).MfaField, step.CancellationToken);
    }
}
