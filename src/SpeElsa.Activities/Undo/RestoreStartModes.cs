using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Machines;

namespace SpeElsa.Activities;

/// <summary>
/// Sets the services of a server to the start modes of the baseline. Never while the other server can serve: what starts by itself would do so at
/// the next restart of Windows.
/// </summary>
[Activity(
    "SpeElsa",
    "RestoreStartModes",
    1,
    "Sets the product's services to the start modes they had before the move",
    "Undo",
    DisplayName = "Restore start modes",
    Kind = ActivityKind.Task)]
public sealed class RestoreStartModes : MoveStep
{
    /// <summary>The server.</summary>
    [Input(DisplayName = "Machine", Description = "The server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>What 'Take baseline' put out.</summary>
    [Input(
        DisplayName = "Baseline",
        Description = "What 'Take baseline' put out; it knows the start modes",
        UIHint = "singleline",
        DefaultSyntax = "Variable",
        Order = 2)]
    public Input<object?> Baseline { get; set; } = new((object?)null);

    /// <summary>The server that must be off.</summary>
    [Input(
        DisplayName = "Only if off",
        Description = "The other server: its services must be stopped and disabled before any is enabled here",
        UIHint = "dropdown",
        UIHandler = typeof(MachineChoices),
        Order = 3)]
    public Input<string> OnlyIfOff { get; set; } = new("");

    /// <summary>Where the product is installed; empty: as configured for the machine.</summary>
    [Input(
        DisplayName = "Install directory",
        Description = "Where the product is installed; empty: as configured for the machine",
        UIHint = "singleline",
        Order = 4)]
    public Input<string> InstallDirectory { get; set; } = new("");

    /// <summary>The role that moved by itself; empty: all.</summary>
    [Input(
        DisplayName = "Role",
        Description = "Whose services, where a role moved by itself; empty: those of all roles",
        UIHint = "dropdown",
        UIHandler = typeof(RoleChoices),
        Order = 5)]
    public Input<string> Role { get; set; } = new("");

    /// <summary>Whether nothing moves.</summary>
    [Input(
        DisplayName = "No other server",
        Description = "Whether there is no other server, as when one is renamed: then none has to be off",
        UIHint = "checkbox",
        Order = 6)]
    public Input<bool> NoOtherServer { get; set; } = new(false);

    private protected override StepUndo Undo(StepFacts facts) => StepUndo.OfUndo;

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var other = step.Get(NoOtherServer) ? null : step.Require(OnlyIfOff, nameof(OnlyIfOff));
        if (other is not null && SplitBrain.WhyNot(other, await step.ServicesAsync(other, step.InstallDirectory(InstallDirectory, other)), step.Get(Role)) is { } reason)
        {
            return Observation.CannotTell($"{reason} Both servers could serve the same data. Stop and disable them, then retry.");
        }

        var wrong = await WrongAsync(step);
        return wrong.Count == 0
            ? Observation.Done(new { startModes = MoveBaseline.Read(step.Get(Baseline)).Services.Select(service => new { service.Name, service.StartMode }) })
            : Observation.NotDone($"Not as before the move: {string.Join(", ", wrong.Select(pair => $"{pair.Now.Name} is {pair.Now.StartMode}, was {pair.Mode}"))}.");
    }

    private protected override async Task<MoveAct> ActAsync(StepContext step, Observation observation)
    {
        var wrong = await WrongAsync(step);
        foreach (var (now, mode) in wrong)
        {
            await step.Machine(step.Require(Machine, nameof(Machine))).InvokeAsync(
                MachineScripts.SetWindowsServiceStartMode, new JsonObject { ["name"] = now.Name, ["startMode"] = mode }, step.CancellationToken);
        }

        return MoveAct.Finished($"Set {string.Join(", ", wrong.Select(pair => $"{pair.Now.Name} to {pair.Mode}"))}");
    }

    /// <summary>Services that are there and stand otherwise than before; one that is gone nobody can enable.</summary>
    private async Task<IReadOnlyList<(ServiceFacts Now, string Mode)>> WrongAsync(StepContext step)
    {
        var machine = step.Require(Machine, nameof(Machine));
        var now = await step.ServicesAsync(machine, step.InstallDirectory(InstallDirectory, machine));
        return
        [
            .. MoveBaseline.Read(step.Get(Baseline)).Services.Where(before => step.Get(Role) is not { Length: > 0 } role || before.Role == role)
                .Select(before => (Now: now.FirstOrDefault(service => service.Name == before.Name), Mode: before.StartMode))
                .Where(pair => pair.Now is not null && pair.Mode is not null && pair.Now.StartMode != pair.Mode)
                .Select(pair => (pair.Now!, pair.Mode!)),
        ];
    }
}
