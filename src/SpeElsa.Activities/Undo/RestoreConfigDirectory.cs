using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Machines;

namespace SpeElsa.Activities;

/// <summary>
/// Puts the config directory back that 'Replace config directory' put aside, or the one file in it that 'Transfer management database' did. What took
/// its place is kept beside it. Only while no role of the server runs, or not the one that the file belongs to: a running role would write into it.
/// </summary>
[Activity(
    "SpeElsa",
    "RestoreConfigDirectory",
    1,
    "Puts the config directory, or one file in it, back that was put aside, and keeps the other one",
    "Undo",
    DisplayName = "Restore config directory",
    Kind = ActivityKind.Task)]
public sealed class RestoreConfigDirectory : MoveStep
{
    /// <summary>The server.</summary>
    [Input(DisplayName = "Machine", Description = "The server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>The move that put it aside.</summary>
    [Input(DisplayName = "Move", Description = "The id of the move that put it aside", UIHint = "singleline", Order = 2)]
    public Input<string> MoveId { get; set; } = new("");

    /// <summary>Where the product is installed; empty: as configured for the machine.</summary>
    [Input(
        DisplayName = "Install directory",
        Description = "Where the product is installed; empty: as configured for the machine",
        UIHint = "singleline",
        Order = 3)]
    public Input<string> InstallDirectory { get; set; } = new("");

    /// <summary>One file in it; empty: the whole directory.</summary>
    [Input(DisplayName = "File", Description = "One file in it that was put aside; empty: the whole directory", UIHint = "singleline", Order = 4)]
    public Input<string> File { get; set; } = new("");

    /// <summary>The role whose service must be stopped; empty: all.</summary>
    [Input(
        DisplayName = "Role",
        Description = "Whose service must be stopped; empty: those of all roles",
        UIHint = "dropdown",
        UIHandler = typeof(RoleChoices),
        Order = 5)]
    public Input<string> Role { get; set; } = new("");

    private protected override StepUndo Undo(StepFacts facts) => StepUndo.OfUndo;

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var machine = step.Require(Machine, nameof(Machine));
        var (config, aside, undone) = await PathsAsync(step);
        if (!aside.Exists)
        {
            return Observation.Done(new { path = config.Path, replaced = undone.Exists ? undone.Path : null });
        }

        var running = (await step.ServicesAsync(machine, step.InstallDirectory(InstallDirectory, machine)))
            .Where(service => !service.IsStopped && (step.Get(Role) is not { Length: > 0 } role || service.Role == role))
            .Select(service => service.Name)
            .ToArray();
        return running.Length > 0 ? Observation.CannotTell(
                $"On {machine} these services run and write into the config directory: {string.Join(", ", running)}. Stop them, then retry.")
            : config.Exists && undone.Exists ? Observation.CannotTell($"Both {config.Path} and {undone.Path} exist. Move one of them away by hand, then retry.")
            : Observation.NotDone($"What belongs to {config.Path} on {machine} is still at {aside.Path}.");
    }

    private protected override async Task<MoveAct> ActAsync(StepContext step, Observation observation)
    {
        var machine = step.Machine(step.Require(Machine, nameof(Machine)));
        var (config, aside, undone) = await PathsAsync(step);
        if (config.Exists)
        {
            await machine.InvokeAsync(
                MachineScripts.MoveAside, new JsonObject { ["path"] = config.Path, ["asidePath"] = undone.Path }, step.CancellationToken);
        }

        await machine.InvokeAsync(MachineScripts.MoveAside, new JsonObject { ["path"] = aside.Path, ["asidePath"] = config.Path }, step.CancellationToken);
        return MoveAct.Finished($"Put {aside.Path} back in its place");
    }

    private async Task<(PathState Config, PathState Aside, PathState Undone)> PathsAsync(StepContext step)
    {
        var machine = step.Require(Machine, nameof(Machine));
        var config = ReplaceConfigDirectory.Config(step.InstallDirectory(InstallDirectory, machine)) + (step.Get(File) is { Length: > 0 } file ? $@"\{file}" : "");
        var move = step.Require(MoveId, nameof(MoveId));
        var paths = await step.PathsAsync(machine, [config, ReplaceConfigDirectory.Aside(config, move), $"{config}.undone-{move}"]);
        return (paths[0], paths[1], paths[2]);
    }
}
