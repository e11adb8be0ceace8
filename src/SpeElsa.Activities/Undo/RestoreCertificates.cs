using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Machines;

namespace SpeElsa.Activities;

/// <summary>Puts certificates that were moved aside back into the personal store of the machine; their keys never leave it.</summary>
[Activity(
    "SpeElsa",
    "RestoreCertificates",
    1,
    "Puts the certificates that were moved aside back into the personal store",
    "Undo",
    DisplayName = "Restore certificates",
    Kind = ActivityKind.Task)]
public sealed class RestoreCertificates : MoveStep
{
    /// <summary>The server.</summary>
    [Input(DisplayName = "Machine", Description = "The server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>Where they are.</summary>
    [Input(
        DisplayName = "Backup store",
        Description = "The machine's certificate store they went to",
        UIHint = "singleline",
        DefaultValue = "SpeElsaBackup",
        Order = 2)]
    public Input<string> BackupStore { get; set; } = new("SpeElsaBackup");

    private protected override StepUndo Undo(StepFacts facts) => StepUndo.OfUndo;

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var aside = await AsideAsync(step);
        return aside.Count == 0
            ? Observation.Done(new { store = step.Get(BackupStore), aside })
            : Observation.NotDone($"Still aside: {string.Join(", ", aside)}.");
    }

    private protected override async Task<MoveAct> ActAsync(StepContext step, Observation observation)
    {
        var aside = await AsideAsync(step);
        var input = new JsonObject
        {
            ["thumbprints"] = MachineQueries.ToArray(aside),
            ["store"] = step.Require(BackupStore, nameof(BackupStore)),
            ["backupStore"] = "My",
        };
        await step.Machine(step.Require(Machine, nameof(Machine))).InvokeAsync(MachineScripts.MoveCertificatesAside, input, step.CancellationToken);
        return MoveAct.Finished($"Put back {string.Join(", ", aside)}");
    }

    private async Task<IReadOnlyList<string>> AsideAsync(StepContext step) =>
        [.. (await step.CertificatesAsync(step.Require(Machine, nameof(Machine)), step.Require(BackupStore, nameof(BackupStore)))).Select(certificate => certificate.Thumbprint)];
}
