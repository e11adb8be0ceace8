using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>
/// Names what the old server has in its config directory and the new one has not, such as a start-up script or branding: where only the database
/// is transferred, it stays behind. What both have, with whatever content, is each server's own.
/// </summary>
[Activity("SpeElsa", "CheckLeftBehind", 1, "Names what stays behind in the old config directory, such as a start-up script or branding", "Move checks", DisplayName = "Check what stays behind")]
[FlowNode("Nothing", "Behind")]
public sealed class CheckLeftBehind : MoveCheck
{
    private const int NamesShown = 20;

    /// <summary>The old server.</summary>
    [Input(DisplayName = "Source", Description = "The old server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Source { get; set; } = new("");

    /// <summary>The new server.</summary>
    [Input(DisplayName = "Target", Description = "The new server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 2)]
    public Input<string> Target { get; set; } = new("");

    /// <summary>The role that moves.</summary>
    [Input(
        DisplayName = "Role",
        Description = "The role that moves; start-up scripts of the others stay with them",
        UIHint = "dropdown",
        UIHandler = typeof(RoleChoices),
        Order = 3)]
    public Input<string> Role { get; set; } = new("");

    /// <summary>Where the product is installed; empty: as configured for each machine.</summary>
    [Input(
        DisplayName = "Install directory",
        Description = "Where the product is installed; empty: as configured for each machine",
        UIHint = "singleline",
        Order = 4)]
    public Input<string> InstallDirectory { get; set; } = new("");

    private protected override string PassOutcome => "Nothing";

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var (source, target) = (step.Require(Source, nameof(Source)), step.Require(Target, nameof(Target)));
        var script = Roles.StartupScript(step.Require(Role, nameof(Role)));
        string[] others = [.. Roles.All.Select(Roles.StartupScript).Where(name => name != script)];
        var there = (await FilesAsync(step, target)).ToDictionary(file => file.Path, file => file.Sha256, StringComparer.OrdinalIgnoreCase);
        var lacking = (await FilesAsync(step, source))
            .Where(file => there.GetValueOrDefault(file.Path) != file.Sha256 && !others.Contains(file.Path, StringComparer.OrdinalIgnoreCase))
            // Also what an earlier move has put aside.
            .Where(file => !file.Path.StartsWith(TransferManagementDatabase.FileName, StringComparison.OrdinalIgnoreCase))
            .ToArray();
        string[] behind = [.. lacking.Where(file => !there.ContainsKey(file.Path)).Select(file => file.Path)];
        var evidence = new { behind, differing = lacking.Select(file => file.Path).Except(behind) };
        if (behind.Length == 0)
        {
            return Observation.Done(evidence, "Nothing");
        }

        var files = behind.Where(file => !string.Equals(file, script, StringComparison.OrdinalIgnoreCase)).ToArray();
        return Observation.Found(
            "Behind",
            string.Join("\n", new[]
            {
                behind.Length > files.Length ? $"The start-up script {script} of {source} is not on {target}. It runs before the role, for example to connect a share." : null,
                files.Length > 0 ? $"In the config directory of {source} and not on {target}: {string.Join(", ", files.Take(NamesShown))}{(files.Length > NamesShown ? $" and {files.Length - NamesShown} more" : "")}." : null,
            }.OfType<string>()),
            evidence);
    }

    private Task<IReadOnlyList<ManifestFile>> FilesAsync(StepContext step, string machine) =>
        step.FilesAsync(machine, ReplaceConfigDirectory.Config(step.InstallDirectory(InstallDirectory, machine)));
}
