using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Machines;
using SpeElsa.MailStore;

namespace SpeElsa.Activities;

/// <summary>Starts the Windows service of one role and waits until the role answers. Never while the old server can serve.</summary>
[Activity(
    "SpeElsa",
    "StartService",
    1,
    "Starts the Windows service of one role and waits until the role answers",
    "Move services",
    DisplayName = "Start service",
    Kind = ActivityKind.Task)]
public sealed class StartService : MoveStep
{
    /// <summary>The server.</summary>
    [Input(DisplayName = "Machine", Description = "The new server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>The role.</summary>
    [Input(
        DisplayName = "Role",
        Description = "Whose service",
        UIHint = "dropdown",
        UIHandler = typeof(RoleChoices),
        Order = 2)]
    public Input<string> Role { get; set; } = new("");

    /// <summary>The server that must be off.</summary>
    [Input(
        DisplayName = "Only if off",
        Description = "The old server: its services must be stopped and disabled before anything starts here. Empty only for an Instance Host that moves by itself",
        UIHint = "dropdown",
        UIHandler = typeof(MachineChoices),
        Order = 3)]
    public Input<string> OnlyIfOff { get; set; } = new("");

    /// <summary>Whether users have their service back by this.</summary>
    [Input(
        DisplayName = "Downtime ends",
        Description = "Whether users have their service back by this; the journal then says so",
        UIHint = "checkbox",
        Order = 4)]
    public Input<bool> DowntimeEnds { get; set; } = new(false);

    /// <summary>Where the product is installed; empty: as configured for the machine.</summary>
    [Input(
        DisplayName = "Install directory",
        Description = "Where the product is installed; empty: as configured for the machine",
        UIHint = "singleline",
        Order = 5)]
    public Input<string> InstallDirectory { get; set; } = new("");

    /// <summary>Whose Management API tells whether the role answers.</summary>
    [Input(
        DisplayName = "Management Server",
        Description = "The machine of the Management Server, where a role moves by itself; empty: the server itself, with all roles",
        UIHint = "dropdown",
        UIHandler = typeof(MachineChoices),
        Order = 6)]
    public Input<string> ManagementServer { get; set; } = new("");

    /// <summary>Whether nothing moves.</summary>
    [Input(
        DisplayName = "No other server",
        Description = "Whether there is no other server, as when one is renamed: then none has to be off",
        UIHint = "checkbox",
        Order = 7)]
    public Input<bool> NoOtherServer { get; set; } = new(false);

    private protected override IReadOnlyList<MovePart> Parts =>
    [
        MovePart.Starts(
            Machine,
            Role,
            isGuarded: Written.In(NoOtherServer).IsYes || (Written.In(OnlyIfOff).IsEmpty
                ? Written.In(Role).Constant == Roles.InstanceHost && !Written.In(ManagementServer).IsEmpty
                : Written.In(OnlyIfOff) != Written.In(Machine))),
    ];

    private protected override StepUndo Undo(StepFacts facts)
    {
        var (machine, directory) = (facts.Text(nameof(Machine)), facts.Text(nameof(InstallDirectory)));
        var manager = facts.Text(nameof(ManagementServer));
        if (manager.Length > 0 && facts.Text(nameof(Role)) == Roles.ClientAccessServer)
        {
            return StepUndo.By(UndoSteps.TakeOutOfService(machine, directory, Roles.ClientAccessServer), UndoSteps.RemoveClientAccessServer(machine, manager, directory));
        }

        if (manager.Length > 0 && facts.Text(nameof(Role)) == Roles.InstanceHost)
        {
            return StepUndo.By(
                UndoSteps.StopInstances(machine, directory, manager),
                UndoSteps.TakeOutOfService(machine, directory, Roles.InstanceHost),
                UndoSteps.RemoveInstanceHost(machine, manager));
        }

        return facts.Text(nameof(Role)) == Roles.InstanceHost
            ? StepUndo.By(UndoSteps.StopInstances(machine, directory), UndoSteps.TakeOutOfService(machine, directory))
            : StepUndo.By(UndoSteps.TakeOutOfService(machine, directory, manager.Length > 0 ? facts.Text(nameof(Role)) : null));
    }

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var (machine, role) = (step.Require(Machine, nameof(Machine)), step.Require(Role, nameof(Role)));
        if (!step.Get(NoOtherServer) && !MayServeBeside(step, role))
        {
            var old = step.Require(OnlyIfOff, nameof(OnlyIfOff));
            var oldServices = await step.ServicesAsync(old, step.InstallDirectory(InstallDirectory, old));
            if (SplitBrain.WhyNot(old, oldServices, MovesAlone(step) ? role : null) is { } reason)
            {
                return Observation.CannotTell($"{reason} Both servers would serve the same data. Stop and disable them, then retry.");
            }
        }

        var service = await RoleServices.FindAsync(step, machine, role, InstallDirectory);
        if (service is null)
        {
            return Observation.CannotTell($"{machine} has no service of the role {Roles.Title(role)}.");
        }

        if (!service.IsRunning)
        {
            return Observation.NotDone($"The service {service.Name} is {service.State}.", new { service.Name, service.State });
        }

        return await WhyNoAnswerAsync(step, machine, role) is { } silent
            ? Observation.Pending($"The service {service.Name} runs, but the role does not answer: {silent}")
            : Observation.Done(new { service.Name, service.State, answers = true });
    }

    private protected override async Task<MoveAct> ActAsync(StepContext step, Observation observation)
    {
        var (machine, role) = (step.Require(Machine, nameof(Machine)), step.Require(Role, nameof(Role)));
        var service = await RoleServices.FindAsync(step, machine, role, InstallDirectory);
        if (service!.IsDisabled)
        {
            // As a move leaves a server that went out of service: when it is to serve again, Windows starts nothing that is disabled.
            await step.Machine(machine).InvokeAsync(
                MachineScripts.SetWindowsServiceStartMode, new JsonObject { ["name"] = service.Name, ["startMode"] = "Automatic" }, step.CancellationToken);
        }

        await step.Machine(machine)
            .InvokeAsync(
                MachineScripts.StartWindowsService, RoleServices.Named(service.Name, step.Options.ServiceTimeout), step.CancellationToken);
        return MoveAct.Finished($"Started {service.Name}");
    }

    private protected override Task FinishingAsync(StepContext step, bool isDone)
    {
        if (isDone)
        {
            var what = $"{Roles.Title(step.Get(Role)!)} of {step.Get(Machine)} answers";
            step.Journal(Downtime.AnsweredEvent, what, new { role = step.Get(Role) });
            if (step.Get(DowntimeEnds))
            {
                step.Journal(Downtime.EndedEvent, what);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// An Instance Host that was paired by itself has a certificate of its own and runs only the instances that the Management Server gives it.
    /// So it may run beside the old one, as any second Instance Host does.
    /// </summary>
    private bool MayServeBeside(StepContext step, string role) =>
        role == Roles.InstanceHost && MovesAlone(step) && string.IsNullOrEmpty(step.Get(OnlyIfOff));

    /// <summary>Where a role moves by itself, the other roles of both servers have nothing to do with it.</summary>
    private bool MovesAlone(StepContext step) => step.Get(ManagementServer) is { Length: > 0 };

    private async Task<string?> WhyNoAnswerAsync(StepContext step, string machine, string role)
    {
        try
        {
            using var api = await step.ApiAsync(step.Get(ManagementServer) is { Length: > 0 } manager ? manager : machine);
            if (MayServeBeside(step, role))
            {
                if (await RoleEntries.FindAsync(step, api, Roles.InstanceHost, machine) is not { } host)
                {
                    return $"the Management Server knows no Instance Host of the name of {machine}.";
                }

                await api.GetDirectoriesOnInstanceHostAsync(host, null, step.CancellationToken);
                return null;
            }

            return role switch
            {
                Roles.ManagementServer => await AskManagementServerAsync(api, step.CancellationToken),
                Roles.InstanceHost => await AskInstanceHostsAsync(api, step.CancellationToken),
                _ => await AskClientAccessServersAsync(step, api, MovesAlone(step) ? machine : null),
            };
        }
        catch (ManagementApiException exception) when (
            exception.Failure is ManagementApiFailure.Unreachable or ManagementApiFailure.Timeout or ManagementApiFailure.Refused)
        {
            return exception.Message;
        }
    }

    private static async Task<string?> AskManagementServerAsync(IManagementApi api, CancellationToken cancellationToken)
    {
        await api.GetEnvironmentInfoAsync(cancellationToken);
        return null;
    }

    private static async Task<string?> AskInstanceHostsAsync(IManagementApi api, CancellationToken cancellationToken)
    {
        var hosts = await api.GetInstanceHostsAsync(null, cancellationToken);
        foreach (var host in hosts)
        {
            await api.GetDirectoriesOnInstanceHostAsync(host.ServerName, null, cancellationToken);
        }

        return hosts.Count == 0 ? "the Management Server knows no Instance Host." : null;
    }

    /// <summary>How the API words the state of a Client Access Server is not documented; what the dashboard calls an error is.</summary>
    private static async Task<string?> AskClientAccessServersAsync(StepContext step, IManagementApi api, string? only)
    {
        var names = await RoleEntries.NamesAsync(api, Roles.ClientAccessServer, step.CancellationToken);
        var looked = only is null ? names : await RoleEntries.FindAsync(step, api, Roles.ClientAccessServer, only) is { } entry ? [entry] : [];
        if (looked.Count == 0)
        {
            return $"the Management Server knows no Client Access Server{(only is null ? "" : $" of the name of {only}")}.";
        }

        var status = await api.GetServiceStatusAsync(step.CancellationToken);
        return looked.Select(name => DashboardReader.ClientAccessError(status, name, names)).FirstOrDefault(error => error is not null)?.Text;
    }
}
