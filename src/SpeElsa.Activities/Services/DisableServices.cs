using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Machines;

namespace SpeElsa.Activities;

/// <summary>Sets the services of all roles to disabled, so that the old server can not start serving again by itself.</summary>
[Activity(
    "SpeElsa",
    "DisableServices",
    1,
    "Sets the product's services to disabled, so that a restart does not bring them back",
    "Move services",
    DisplayName = "Disable services",
    Kind = ActivityKind.Task)]
public sealed class DisableServices : MoveStep
{
    /// <summary>The server.</summary>
    [Input(DisplayName = "Machine", Description = "The old server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>Where the product is installed; empty: as configured for the machine.</summary>
    [Input(
        DisplayName = "Install directory",
        Description = "Where the product is installed; empty: as configured for the machine",
        UIHint = "singleline",
        Order = 2)]
    public Input<string> InstallDirectory { get; set; } = new("");

    /// <summary>The role whose service is disabled; empty: all.</summary>
    [Input(
        DisplayName = "Role",
        Description = "Whose service; empty: those of all roles",
        UIHint = "dropdown",
        UIHandler = typeof(RoleChoices),
        Order = 3)]
    public Input<string> Role { get; set; } = new("");

    private protected override bool UndoesWhatWasFound => true;

    private protected override StepUndo Undo(StepFacts facts)
    {
        var machine = facts.Text(nameof(Machine));
        return facts.Move.IsNew(machine)
            ? StepUndo.Nothing($"{machine} is out of service after an undo; its services stay disabled.")
            : StepUndo.By(UndoSteps.RestoreStartModes(machine, facts.Move.Target, facts.Text(nameof(InstallDirectory)), facts.Text(nameof(Role))));
    }

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var services = await ReadAsync(step);
        var enabled = services.Where(service => !service.IsDisabled).ToArray();
        var evidence = new { services = services.Select(service => new { service.Name, service.State, service.StartMode }) };
        return services.Count == 0 ? Observation.CannotTell($"{step.Get(Machine)} has no service of the product.")
            : enabled.Length == 0 ? Observation.Done(evidence)
            : enabled.Length == services.Count ? Observation.NotDone("No service is disabled.", evidence)
            : Observation.Partial($"Not disabled: {string.Join(", ", enabled.Select(service => service.Name))}.", evidence);
    }

    private protected override async Task<MoveAct> ActAsync(StepContext step, Observation observation)
    {
        var enabled = (await ReadAsync(step)).Where(service => !service.IsDisabled).Select(service => service.Name).ToArray();
        foreach (var name in enabled)
        {
            var input = new JsonObject { ["name"] = name, ["startMode"] = "Disabled" };
            await step.Machine(step.Require(Machine, nameof(Machine)))
                .InvokeAsync(MachineScripts.SetWindowsServiceStartMode, input, step.CancellationToken);
        }

        return MoveAct.Finished($"Disabled {string.Join(", ", enabled)}");
    }

    private async Task<IReadOnlyList<ServiceFacts>> ReadAsync(StepContext step)
    {
        var machine = step.Require(Machine, nameof(Machine));
        return [.. (await step.ServicesAsync(machine, step.InstallDirectory(InstallDirectory, machine))).Where(service => step.Get(Role) is { Length: > 0 } role ? service.Role == role : service.Role is not null)];
    }
}
