using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Machines;

namespace SpeElsa.Activities;

/// <summary>
/// Puts the old server's config directory in place of the new one's, which is kept beside it. Compares every file's hash. Only while no
/// role of the new server runs, since a running role would write into it.
/// </summary>
[Activity(
    "SpeElsa",
    "ReplaceConfigDirectory",
    1,
    "Replaces the config directory with the old server's and keeps the new one aside",
    "Move data",
    DisplayName = "Replace config directory",
    Kind = ActivityKind.Task)]
public sealed class ReplaceConfigDirectory : MoveStep
{
    private const string Work = "config";

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

    private protected override IReadOnlyList<MovePart> Parts => [MovePart.CopiesConfiguration(Source)];

    private protected override StepUndo Undo(StepFacts facts) => StepUndo.By(
        UndoSteps.RestoreConfigDirectory(facts.Text(nameof(Target)), facts.Move.MoveId, facts.Text(nameof(InstallDirectory))));

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var (source, target) = (step.Require(Source, nameof(Source)), step.Require(Target, nameof(Target)));
        var running = (await step.ServicesAsync(target, step.InstallDirectory(InstallDirectory, target)))
            .Where(service => !service.IsStopped)
            .Select(service => service.Name)
            .ToArray();
        if (running.Length > 0)
        {
            return Observation.CannotTell(
                $"On {target} these services run and write into the config directory: {string.Join(", ", running)}. Stop them, then retry.");
        }

        var paths = await step.PathsAsync(target, [Config(step, target), Aside(step, target)]);
        var before = await ManifestAsync(step, source);
        var after = await ManifestAsync(step, target);
        if (!before.Exists)
        {
            return Observation.CannotTell($"{source} has no directory {Config(step, source)}.");
        }

        var evidence = new { directory = Config(step, target), aside = paths[1].Exists ? Aside(step, target) : null, before.Digest, after.FileCount, targetDigest = after.Digest };
        if (ManifestResult.AreSame(before, after))
        {
            return Observation.Done(evidence);
        }

        return paths[1].Exists
            ? Observation.Partial(
                $"The new server's config directory is aside; the old one's is not complete: {Difference(before, after)}.", evidence)
            : Observation.NotDone("The new server still has its own config directory.", evidence);
    }

    private protected override async Task<MoveAct> ActAsync(StepContext step, Observation observation)
    {
        var (source, target) = (step.Require(Source, nameof(Source)), step.Require(Target, nameof(Target)));
        var paths = await step.PathsAsync(target, [Config(step, target), Aside(step, target)]);
        if (paths[0].Exists && !paths[1].Exists)
        {
            var input = new JsonObject { ["path"] = Config(step, target), ["asidePath"] = Aside(step, target) };
            await step.Machine(target).InvokeAsync(MachineScripts.MoveAside, input, step.CancellationToken);
        }

        return MoveAct.Started($"Copies the config directory of {source} to {target}", new TicketWork(Work, target, MachineScripts.CopyDirectory, new JsonObject
        {
            ["source"] = step.Settings(source).ToShare(Config(step, source)),
            ["destination"] = Config(step, target),
            ["mode"] = "final",
            ["excludeFilePatterns"] = new JsonArray(),
        }));
    }

    /// <summary>The directory is small, so its files are hashed at once.</summary>
    private Task<ManifestResult> ManifestAsync(StepContext step, string machine) =>
        step.AskAsync<ManifestResult>(
            machine, MachineScripts.GetDirectoryManifest, new JsonObject { ["path"] = Config(step, machine), ["includeFiles"] = true });

    internal static string Config(string installDirectory) => installDirectory + @"\config";

    /// <summary>Where the new server's own directory is kept.</summary>
    internal static string Aside(string config, string moveId) => $"{config}.before-{moveId}";

    private string Config(StepContext step, string machine) => Config(step.InstallDirectory(InstallDirectory, machine));

    private string Aside(StepContext step, string machine) => Aside(Config(step, machine), step.MoveId);

    private static string Difference(ManifestResult before, ManifestResult after)
    {
        var there = (after.Files ?? []).ToDictionary(file => file.Path, file => file.Sha256, StringComparer.OrdinalIgnoreCase);
        var names = (before.Files ?? [])
            .Where(file => there.GetValueOrDefault(file.Path) != file.Sha256)
            .Select(file => file.Path)
            .Take(10)
            .ToArray();
        return names.Length == 0 ? "it has files that the old one has not" : string.Join(", ", names);
    }
}
