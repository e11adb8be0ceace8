using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Machines;

namespace SpeElsa.Activities;

/// <summary>
/// Brings the product's certificates with their keys from the old server to the new one, under a random password that is used once and
/// lives in memory only; so export and import are one step. Foreign certificates are never touched. Left-over PFX files are removed and
/// looked for again.
/// </summary>
[Activity(
    "SpeElsa",
    "TransferCertificates",
    1,
    "Brings the product's certificates with their keys to the new server",
    "Move certificates",
    DisplayName = "Transfer certificates",
    Kind = ActivityKind.Task)]
public sealed class TransferCertificates : MoveStep
{
    /// <summary>The old server.</summary>
    [Input(DisplayName = "Source", Description = "The old server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Source { get; set; } = new("");

    /// <summary>The new server.</summary>
    [Input(DisplayName = "Target", Description = "The new server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 2)]
    public Input<string> Target { get; set; } = new("");

    /// <summary>What 'Take baseline' put out; it names the certificates.</summary>
    [Input(
        DisplayName = "Baseline",
        Description = "What 'Take baseline' put out; it names the certificates",
        UIHint = "singleline",
        DefaultSyntax = "Variable",
        Order = 3)]
    public Input<object?> Baseline { get; set; } = new((object?)null);

    private protected override StepUndo Undo(StepFacts facts) => StepUndo.Stays(
        $"The certificates were copied: {facts.Text(nameof(Source))} still has its own. The copies stay on {facts.Text(nameof(Target))}, where nothing uses them any more; "
        + "remove them by hand if that server does not become the new one later.");

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var (source, target) = (step.Require(Source, nameof(Source)), step.Require(Target, nameof(Target)));
        var missing = await MissingAsync(step);
        var left = new List<string>();
        foreach (var machine in new[] { source, target })
        {
            left.AddRange((await LeftoversAsync(step, machine, remove: false)).Files?.Select(file => $"{machine}: {file}") ?? []);
        }

        var wanted = MoveBaseline.Read(step.Get(Baseline)).Certificates;
        var evidence = new { certificates = wanted.Select(certificate => new { certificate.Thumbprint, certificate.Subject }), missing, leftFiles = left };
        return missing.Count > 0 && missing.Count == wanted.Count ? Observation.NotDone("No certificate has been transferred.", evidence)
            : missing.Count > 0 ? Observation.Partial(
                $"These certificates are not on {target} with their private keys: {string.Join(", ", missing)}.", evidence)
            : left.Count > 0 ? Observation.Partial($"PFX files are left: {string.Join(", ", left)}.", evidence)
            : Observation.Done(evidence);
    }

    private protected override async Task<MoveAct> ActAsync(StepContext step, Observation observation)
    {
        var (source, target) = (step.Require(Source, nameof(Source)), step.Require(Target, nameof(Target)));
        var missing = await MissingAsync(step);
        if (missing.Count > 0)
        {
            var password = step.NewPassword();
            var exported = await step.AskAsync<ExportResult>(source, MachineScripts.ExportCertificates, new JsonObject
            {
                ["thumbprints"] = MachineQueries.ToArray(missing),
                ["password"] = password,
            });
            await step.Machine(target).InvokeAsync(MachineScripts.ImportCertificates, new JsonObject
            {
                ["certificates"] = new JsonArray(
                    [.. exported.Certificates.Select(certificate => (JsonNode)new JsonObject { ["thumbprint"] = certificate.Thumbprint, ["pfx"] = certificate.Pfx })]),
                ["password"] = password,
            }, step.CancellationToken);
        }

        await LeftoversAsync(step, source, remove: true);
        await LeftoversAsync(step, target, remove: true);
        return MoveAct.Finished($"Transferred {missing.Count} certificates to {target}");
    }

    private async Task<IReadOnlyList<string>> MissingAsync(StepContext step)
    {
        var there = (await step.CertificatesAsync(step.Require(Target, nameof(Target)), names: MachineQueries.AnyName))
            .Where(certificate => certificate.HasPrivateKey)
            .Select(certificate => certificate.Thumbprint)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. MoveBaseline.Read(step.Get(Baseline)).Certificates.Select(certificate => certificate.Thumbprint).Where(thumbprint => !there.Contains(thumbprint))];
    }

    private static Task<LeftoversResult> LeftoversAsync(StepContext step, string machine, bool remove) =>
        step.AskAsync<LeftoversResult>(machine, MachineScripts.FindTransferLeftovers, new JsonObject { ["remove"] = remove });
}
