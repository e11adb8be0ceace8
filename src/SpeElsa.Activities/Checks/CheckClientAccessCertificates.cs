using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>
/// Looks by TLS, as a browser and a mail program do, whether a Client Access Server shows end users the certificates of the baseline. While it shows
/// none it is asked again; what can not be reached from here at all a person decides.
/// </summary>
[Activity(
    "SpeElsa",
    "CheckClientAccessCertificates",
    1,
    "Looks by TLS whether end users see the same certificates as before",
    "Move checks",
    DisplayName = "Check certificates of end users")]
[FlowNode("Same", "Differs")]
public sealed class CheckClientAccessCertificates : MoveCheck
{
    /// <summary>The Client Access Server.</summary>
    [Input(DisplayName = "Machine", Description = "The machine of the Client Access Server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>What 'Take baseline' put out; it knows the certificates.</summary>
    [Input(
        DisplayName = "Baseline",
        Description = "What 'Take baseline' put out; it knows the certificates",
        UIHint = "singleline",
        DefaultSyntax = "Variable",
        Order = 2)]
    public Input<object?> Baseline { get; set; } = new((object?)null);

    private protected override string PassOutcome => "Same";

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var machine = step.Require(Machine, nameof(Machine));
        var settings = step.Settings(machine);
        var before = MoveBaseline.Read(step.Get(Baseline)).EndUserCertificates;
        if (before.Count == 0)
        {
            return Observation.CannotTell("The baseline does not know which certificates end users see: it was not taken of a Client Access Server that moves.");
        }

        var now = new Dictionary<string, ShownCertificate>
        {
            [EndUserAccess.Https] = await ShownCertificate.HttpsAsync(settings, step.CancellationToken),
            [EndUserAccess.Imap] = await ShownCertificate.ImapAsync(settings, step.CancellationToken),
        };
        var evidence = new { machine, before, now };
        // What a server did not show that showed the other one need not be shown now: it is switched off, or closed on the way here.
        var wanted = before.Any(certificate => certificate.IsShown) ? before.Where(certificate => certificate.IsShown).ToArray() : [.. before];
        if (now.Where(pair => pair.Value.Thumbprint is null && wanted.Any(certificate => certificate.Service == pair.Key)).Select(pair => $"{pair.Key} at {pair.Value.Problem}").ToArray() is { Length: > 0 } silent)
        {
            return Observation.Pending($"{machine} shows end users no certificate: {string.Join("; ", silent)}.", evidence);
        }

        var wrong = before.Where(certificate => now[certificate.Service].Thumbprint is not null && !RoleEntries.AreSame(now[certificate.Service].Thumbprint, certificate.Thumbprint)).ToArray();
        return wrong.Length == 0 ? Observation.Done(evidence, "Same")
            : Observation.Found(
                "Differs",
                string.Join(" ", wrong.Select(certificate =>
                    $"{certificate.Service}: {machine} shows {now[certificate.Service].Thumbprint}, wanted is {certificate.Thumbprint} ({certificate.Subject}).")),
                evidence);
    }
}
