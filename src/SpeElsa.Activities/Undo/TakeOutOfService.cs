using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Machines;

namespace SpeElsa.Activities;

/// <summary>
/// Stops and disables whatever services of the product a server has, also none or only some, so that another one may serve. Disabled first: what
/// is stopped can then not come back by itself.
/// </summary>
[Activity(
    "SpeElsa",
    "TakeOutOfService",
    1,
    "Stops and disables all services of the product on a server, however many it has",
    "Undo",
    DisplayName = "Take out of service",
    Kind = ActivityKind.Task)]
public sealed class TakeOutOfService : MoveStep
{
    private static readonly string[] StopOrder = [Roles.ClientAccessServer, Roles.InstanceHost, Roles.ManagementServer];

    /// <summary>The server.</summary>
    [Input(DisplayName = "Machine", Description = "The server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>Where the product is installed; empty: as configured for the machine.</summary>
    [Input(
        DisplayName = "Install directory",
        Description = "Where the product is installed; empty: as configured for the machine",
        UIHint = "singleline",
        Order = 2)]
    public Input<string> InstallDirectory { get; set; } = new("");

    /// <summary>The role whose service is taken out of service; empty: all.</summary>
    [Input(
        DisplayName = "Role",
        Description = "Whose service; empty: those of all roles",
        UIHint = "dropdown",
        UIHandler = typeof(RoleChoices),
        Order = 3)]
    public Input<string> Role { get; set; } = new("");

    private protected override IReadOnlyList<MovePart> Parts => [MovePart.Stops(Machine, Role)];

    private protected override StepUndo Undo(StepFacts facts) => StepUndo.OfUndo;

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var services = await ReadAsync(step);
        var evidence = new { services = services.Select(service => new { service.Name, service.State, service.StartMode }) };
        return SplitBrain.Open(services) is { Length: > 0 } open
            ? Observation.NotDone($"Not both stopped and disabled: {string.Join(", ", open.Select(service => $"{service.Name} ({service.State}, {service.StartMode})"))}.", evidence)
            : Observation.Done(evidence);
    }

    private protected override async Task<MoveAct> ActAsync(StepContext step, Observation observation)
    {
        var machine = step.Machine(step.Require(Machine, nameof(Machine)));
        var services = (await ReadAsync(step)).Where(service => service.Role is not null).OrderBy(service => Array.IndexOf(StopOrder, service.Role)).ToArray();
        foreach (var service in services.Where(service => !service.IsDisabled))
        {
            await machine.InvokeAsync(
                MachineScripts.SetWindowsServiceStartMode, new JsonObject { ["name"] = service.Name, ["startMode"] = "Disabled" }, step.CancellationToken);
        }

        foreach (var service in services.Where(service => !service.IsStopped))
        {
            await machine.InvokeAsync(MachineScripts.StopWindowsService, RoleServices.Named(service.Name, step.Options.ServiceTimeout), step.CancellationToken);
        }

        return MoveAct.Finished($"Stopped and disabled {string.Join(", ", services.Select(service => service.Name))}");
    }

    private async Task<IReadOnlyList<ServiceFacts>> ReadAsync(StepContext step)
    {
        var machine = step.Require(Machine, nameof(Machine));
        var services = await step.ServicesAsync(machine, step.InstallDirectory(InstallDirectory, machine));
        return step.Get(Role) is { Length: > 0 } role ? [.. services.Where(service => service.Role == role)] : services;
    }
}
