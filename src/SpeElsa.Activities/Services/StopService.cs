using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Machines;

namespace SpeElsa.Activities;

/// <summary>Stops the Windows service of one role and waits until it has stopped.</summary>
[Activity(
    "SpeElsa",
    "StopService",
    1,
    "Stops the Windows service of one role",
    "Move services",
    DisplayName = "Stop service",
    Kind = ActivityKind.Task)]
public sealed class StopService : MoveStep
{
    /// <summary>The server.</summary>
    [Input(DisplayName = "Machine", Description = "The server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>The role.</summary>
    [Input(
        DisplayName = "Role",
        Description = "Whose service",
        UIHint = "dropdown",
        UIHandler = typeof(RoleChoices),
        Order = 2)]
    public Input<string> Role { get; set; } = new("");

    /// <summary>Whether users lose their service by this.</summary>
    [Input(
        DisplayName = "Downtime begins",
        Description = "Whether users lose their service by this; the journal then says so",
        UIHint = "checkbox",
        Order = 3)]
    public Input<bool> DowntimeBegins { get; set; } = new(false);

    /// <summary>Where the product is installed; empty: as configured for the machine.</summary>
    [Input(
        DisplayName = "Install directory",
        Description = "Where the product is installed; empty: as configured for the machine",
        UIHint = "singleline",
        Order = 4)]
    public Input<string> InstallDirectory { get; set; } = new("");

    private protected override IReadOnlyList<MovePart> Parts => [MovePart.Stops(Machine, Role)];

    private protected override bool UndoesWhatWasFound => true;

    private protected override StepUndo Undo(StepFacts facts)
    {
        var (machine, role) = (facts.Text(nameof(Machine)), facts.Text(nameof(Role)));
        return facts.Move.IsNew(machine) ? StepUndo.Nothing($"{machine} is out of service after an undo; its services stay stopped.")
            : !facts.MayHaveActed && facts.Move.ServiceBefore(role)?.IsRunning != true ? StepUndo.Nothing($"The service was not running on {machine} before the move.")
            : StepUndo.By(UndoSteps.StartService(machine, role, facts.Move.Target, facts.Text(nameof(InstallDirectory)), facts.Move.Before?.ManagementServer));
    }

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var (machine, role) = (step.Require(Machine, nameof(Machine)), step.Require(Role, nameof(Role)));
        var service = await RoleServices.FindAsync(step, machine, role, InstallDirectory);
        return service switch
        {
            null => Observation.CannotTell($"{machine} has no service of the role {Roles.Title(role)}."),
            { IsStopped: true } => Observation.Done(new { service.Name, service.State }),
            _ => Observation.NotDone($"The service {service.Name} is {service.State}.", new { service.Name, service.State }),
        };
    }

    private protected override async Task<MoveAct> ActAsync(StepContext step, Observation observation)
    {
        var (machine, role) = (step.Require(Machine, nameof(Machine)), step.Require(Role, nameof(Role)));
        var service = await RoleServices.FindAsync(step, machine, role, InstallDirectory);
        await step.Machine(machine)
            .InvokeAsync(
                MachineScripts.StopWindowsService, RoleServices.Named(service!.Name, step.Options.ServiceTimeout), step.CancellationToken);
        return MoveAct.Finished($"Stopped {service.Name}");
    }

    private protected override Task FinishingAsync(StepContext step, bool isDone)
    {
        if (isDone)
        {
            var what = $"{Roles.Title(step.Get(Role)!)} of {step.Get(Machine)} is stopped";
            step.Journal(Downtime.StoppedEvent, what, new { role = step.Get(Role) });
            if (step.Get(DowntimeBegins))
            {
                step.Journal(Downtime.StartedEvent, what);
            }
        }

        return Task.CompletedTask;
    }
}

internal static class RoleServices
{
    public static async Task<ServiceFacts?> FindAsync(StepContext step, string machine, string role, Input<string> installDirectory)
    {
        _ = Roles.Title(role);
        return (await step.ServicesAsync(machine, step.InstallDirectory(installDirectory, machine)))
            .FirstOrDefault(service => service.Role == role);
    }

    public static JsonObject Named(string name, TimeSpan timeout) => new() { ["name"] = name, ["timeoutSeconds"] = (int)timeout.TotalSeconds };
}
