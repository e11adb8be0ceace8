using System.Text.Json;
using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Machines;

namespace SpeElsa.Activities;

/// <summary>
/// Puts the old Management Server's database in the place of the new one's, which is kept beside it. Compares the hashes. Only while neither
/// Management Server runs: a running one would write into its database.
/// </summary>
[Activity(
    "SpeElsa",
    "TransferManagementDatabase",
    1,
    "Copies the management database to the new server and keeps the one that was there aside",
    "Move data",
    DisplayName = "Transfer management database",
    Kind = ActivityKind.Task)]
public sealed class TransferManagementDatabase : MoveStep
{
    /// <summary>The file, in the config directory.</summary>
    internal const string FileName = "MailStoreManagementDatabase.json";

    private const string Work = "database";

    /// <summary>The old server.</summary>
    [Input(DisplayName = "Source", Description = "The old server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Source { get; set; } = new("");

    /// <summary>The new server; it pulls.</summary>
    [Input(DisplayName = "Target", Description = "The new server, by its name in the fleet; it pulls", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 2)]
    public Input<string> Target { get; set; } = new("");

    /// <summary>Where the product is installed; empty: as configured for each machine.</summary>
    [Input(
        DisplayName = "Install directory",
        Description = "Where the product is installed; empty: as configured for each machine",
        UIHint = "singleline",
        Order = 3)]
    public Input<string> InstallDirectory { get; set; } = new("");

    private protected override StepUndo Undo(StepFacts facts)
    {
        var target = facts.Text(nameof(Target));
        return facts.HasEnded && facts.Evidence is { ValueKind: JsonValueKind.Object } seen && seen.TryGetProperty("sha256", out _) && !seen.TryGetProperty("aside", out _)
            ? StepUndo.Stays($"{target} had no management database before. The copy stays there, and its Management Server is stopped and disabled.")
            : StepUndo.By(UndoSteps.RestoreConfigDirectory(target, facts.Move.MoveId, facts.Text(nameof(InstallDirectory)), FileName, Roles.ManagementServer));
    }

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var (source, target) = (step.Require(Source, nameof(Source)), step.Require(Target, nameof(Target)));
        foreach (var machine in new[] { source, target })
        {
            if (await RoleServices.FindAsync(step, machine, Roles.ManagementServer, InstallDirectory) is { IsStopped: false } running)
            {
                return Observation.CannotTell($"On {machine} the service {running.Name} is {running.State} and writes into its database. Stop it, then retry.");
            }
        }

        if (await FindAsync(step, source) is not { } before)
        {
            return Observation.CannotTell($"{source} has no file {Path(step, source)}.");
        }

        var after = await FindAsync(step, target);
        var aside = (await step.PathsAsync(target, [Aside(step, target)]))[0];
        if (after?.Sha256 == before.Sha256)
        {
            return Observation.Done(new { file = Path(step, target), before.Length, before.Sha256, aside = aside.Exists ? aside.Path : null });
        }

        return aside.Exists
            ? Observation.Partial($"The new server's own database is aside; the old one's is not in its place on {target}.")
            : Observation.NotDone(after is null ? $"{target} has no management database yet." : $"{target} still has its own management database.");
    }

    private protected override Task<MoveAct> ActAsync(StepContext step, Observation observation)
    {
        var (source, target) = (step.Require(Source, nameof(Source)), step.Require(Target, nameof(Target)));
        return Task.FromResult(MoveAct.Started($"Copies {FileName} of {source} to {target}", new TicketWork(Work, target, MachineScripts.CopyFile, new JsonObject
        {
            ["source"] = step.Settings(source).ToShare(Path(step, source)),
            ["destination"] = Path(step, target),
            ["asidePath"] = Aside(step, target),
        })));
    }

    private async Task<ManifestFile?> FindAsync(StepContext step, string machine) =>
        (await step.FilesAsync(machine, Config(step, machine))).FirstOrDefault(file => string.Equals(file.Path, FileName, StringComparison.OrdinalIgnoreCase));

    private string Config(StepContext step, string machine) => ReplaceConfigDirectory.Config(step.InstallDirectory(InstallDirectory, machine));

    private string Path(StepContext step, string machine) => $@"{Config(step, machine)}\{FileName}";

    private string Aside(StepContext step, string machine) => ReplaceConfigDirectory.Aside(Path(step, machine), step.MoveId);
}
