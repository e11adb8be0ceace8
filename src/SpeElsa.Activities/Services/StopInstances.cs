using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.MailStore;

namespace SpeElsa.Activities;

/// <summary>
/// Stops the instances of the baseline one by one through the API, so that each closes its databases cleanly before its host is stopped.
/// </summary>
[Activity(
    "SpeElsa",
    "StopInstances",
    1,
    "Stops every instance through the Management API, by its exact id",
    "Move services",
    DisplayName = "Stop instances",
    Kind = ActivityKind.Task)]
public sealed class StopInstances : MoveStep
{
    /// <summary>The server they run on.</summary>
    [Input(DisplayName = "Machine", Description = "The old server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>What 'Take baseline' put out.</summary>
    [Input(
        DisplayName = "Baseline",
        Description = "What 'Take baseline' put out",
        UIHint = "singleline",
        DefaultSyntax = "Variable",
        Order = 2)]
    public Input<object?> Baseline { get; set; } = new((object?)null);

    /// <summary>Where the product is installed; empty: as configured for the machine.</summary>
    [Input(
        DisplayName = "Install directory",
        Description = "Where the product is installed; empty: as configured for the machine",
        UIHint = "singleline",
        Order = 3)]
    public Input<string> InstallDirectory { get; set; } = new("");

    /// <summary>Whose Management API is asked.</summary>
    [Input(
        DisplayName = "Management Server",
        Description = "The machine of the Management Server, where that is another one; then only those of the baseline that this Instance Host has are stopped",
        UIHint = "dropdown",
        UIHandler = typeof(MachineChoices),
        Order = 4)]
    public Input<string> ManagementServer { get; set; } = new("");

    /// <summary>One instance; empty: all.</summary>
    [Input(DisplayName = "Instance", Description = "The id of one instance; empty: all", UIHint = "singleline", Order = 5)]
    public Input<string> InstanceId { get; set; } = new("");

    private protected override IReadOnlyList<ApiNeed> Needs { get; } = [ApiNeed.StopInstances];

    private protected override string? Subject(ActivityExecutionContext context) => context.Get(InstanceId);

    private protected override string ApiMachine(StepContext step) =>
        step.Get(ManagementServer) is { Length: > 0 } manager ? manager : step.Require(Machine, nameof(Machine));

    private protected override IReadOnlyList<MovePart> Parts => [MovePart.StopsInstances(Machine, InstanceId)];

    private protected override bool UndoesWhatWasFound => true;

    private protected override StepUndo Undo(StepFacts facts)
    {
        var machine = facts.Text(nameof(Machine));
        return facts.Move.IsNew(machine)
            ? StepUndo.Nothing($"{machine} is out of service after an undo; its instances stay stopped.")
            : StepUndo.By(UndoSteps.StartInstances(machine, facts.Text(nameof(ManagementServer))));
    }

    private protected override Task FinishingAsync(StepContext step, bool isDone)
    {
        if (isDone && step.Get(InstanceId) is { Length: > 0 } instance)
        {
            step.Journal(Downtime.StoppedEvent, $"{instance} is stopped", new { instance });
        }

        return Task.CompletedTask;
    }

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var machine = step.Require(Machine, nameof(Machine));
        var services = await step.ServicesAsync(machine, step.InstallDirectory(InstallDirectory, machine));
        if (
            services.Any(service => service.Role == Roles.InstanceHost) && services.Where(service => service.Role == Roles.InstanceHost).All(service => service.IsStopped))
        {
            return Observation.Done(new { instanceHost = "stopped", note = "Without its Instance Host no instance runs." });
        }

        var (running, changing) = await ReadAsync(step, machine);
        return running.Length > 0 ? Observation.NotDone($"These instances run: {string.Join(", ", running)}.", new { running })
            : changing.Length > 0 ? Observation.Pending($"These instances are not stopped yet: {string.Join(", ", changing)}.")
            : Observation.Done(
                new { stopped = MoveBaseline.Read(step.Get(Baseline)).Only(step.Get(InstanceId)).Instances.Where(instance => instance.WasRunning).Select(instance => instance.Id) });
    }

    private protected override async Task<MoveAct> ActAsync(StepContext step, Observation observation)
    {
        var machine = step.Require(Machine, nameof(Machine));
        var (running, _) = await ReadAsync(step, machine);
        using var api = await step.ApiAsync(ApiMachine(step));
        foreach (var instance in running)
        {
            Keep(step, instance, ApiMachine(step), await api.BeginStopInstanceAsync(instance, step.CancellationToken));
        }

        return MoveAct.Finished($"Stopped {string.Join(", ", running)}");
    }

    private async Task<(string[] Running, string[] Changing)> ReadAsync(StepContext step, string machine)
    {
        using var api = await step.ApiAsync(ApiMachine(step));
        IReadOnlyList<SpeInstance> instances = await api.GetInstancesAsync("*", step.CancellationToken);
        if (step.Get(ManagementServer) is { Length: > 0 })
        {
            var host = await RoleEntries.FindAsync(step, api, Roles.InstanceHost, machine);
            var ids = MoveBaseline.Read(step.Get(Baseline)).Instances.Select(instance => instance.Id).ToHashSet(StringComparer.Ordinal);
            instances = [.. instances.Where(instance => RoleEntries.AreSame(instance.InstanceHost, host) && ids.Contains(instance.InstanceId))];
        }

        if (step.Get(InstanceId) is { Length: > 0 } only)
        {
            instances = [.. instances.Where(instance => instance.InstanceId == only)];
        }

        return (
            [.. instances.Where(instance => instance.IsRunning).Select(instance => instance.InstanceId)],
            [.. instances.Where(IsChanging).Select(instance => instance.InstanceId)]);
    }

    private static bool IsChanging(SpeInstance instance) =>
        string.Equals(instance.Status, "stopping", StringComparison.OrdinalIgnoreCase) || string.Equals(
            instance.Status, "starting", StringComparison.OrdinalIgnoreCase);
}
