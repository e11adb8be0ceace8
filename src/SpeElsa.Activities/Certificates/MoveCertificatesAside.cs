using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Machines;

namespace SpeElsa.Activities;

/// <summary>
/// Takes the product's own certificates, which the set-up made on the new server, out of its personal store. They go to a store of ours on
/// the same machine: their keys never leave it, and they can be put back.
/// </summary>
[Activity(
    "SpeElsa",
    "MoveCertificatesAside",
    1,
    "Moves the new server's own product certificates into a store beside",
    "Move certificates",
    DisplayName = "Move certificates aside",
    Kind = ActivityKind.Task)]
public sealed class MoveCertificatesAside : MoveStep
{
    /// <summary>The new server.</summary>
    [Input(DisplayName = "Machine", Description = "The new server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>What 'Take baseline' put out; the certificates of the old server stay where they are.</summary>
    [Input(
        DisplayName = "Baseline",
        Description = "What 'Take baseline' put out; the old server's certificates are left alone",
        UIHint = "singleline",
        DefaultSyntax = "Variable",
        Order = 2)]
    public Input<object?> Baseline { get; set; } = new((object?)null);

    /// <summary>Where they go.</summary>
    [Input(
        DisplayName = "Backup store",
        Description = "The machine's certificate store they go to",
        UIHint = "singleline",
        DefaultValue = "SpeElsaBackup",
        Order = 3)]
    public Input<string> BackupStore { get; set; } = new("SpeElsaBackup");

    private protected override StepUndo Undo(StepFacts facts) => StepUndo.By(UndoSteps.RestoreCertificates(facts.Text(nameof(Machine)), facts.Text(nameof(BackupStore))));

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var own = await OwnAsync(step);
        var aside = await step.CertificatesAsync(step.Require(Machine, nameof(Machine)), step.Require(BackupStore, nameof(BackupStore)));
        var evidence = new { aside = aside.Select(Describe), store = step.Get(BackupStore) };
        return own.Count == 0
            ? Observation.Done(evidence)
            : Observation.NotDone(
                $"The personal store still has: {string.Join(", ", own.Select(certificate => certificate.Thumbprint))}.", evidence);
    }

    private protected override async Task<MoveAct> ActAsync(StepContext step, Observation observation)
    {
        var own = await OwnAsync(step);
        var input = new JsonObject
        {
            ["thumbprints"] = MachineQueries.ToArray(own.Select(certificate => certificate.Thumbprint)),
            ["backupStore"] = step.Require(BackupStore, nameof(BackupStore)),
        };
        await step.Machine(step.Require(Machine, nameof(Machine)))
            .InvokeAsync(MachineScripts.MoveCertificatesAside, input, step.CancellationToken);
        return MoveAct.Finished($"Moved aside {string.Join(", ", own.Select(certificate => certificate.Thumbprint))}");
    }

    private async Task<IReadOnlyList<CertificateFacts>> OwnAsync(StepContext step)
    {
        var old = MoveBaseline.Read(step.Get(Baseline)).Certificates.Select(certificate => certificate.Thumbprint)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. (await step.CertificatesAsync(step.Require(Machine, nameof(Machine)))).Where(certificate => !old.Contains(certificate.Thumbprint))];
    }

    private static object Describe(CertificateFacts certificate) =>
        new { certificate.Thumbprint, certificate.Subject, certificate.NotAfter, certificate.HasPrivateKey };
}
