using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>Removes the entry of an Instance Host from the Management Server, only while no instance refers to it.</summary>
[Activity(
    "SpeElsa",
    "RemoveInstanceHost",
    1,
    "Removes an Instance Host from the Management Server, if no instance refers to it",
    "Move services",
    DisplayName = "Remove Instance Host",
    Kind = ActivityKind.Task)]
public sealed class RemoveInstanceHost : MoveStep
{
    /// <summary>Whose Management API is asked.</summary>
    [Input(DisplayName = "Management Server", Description = "The machine of the Management Server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> ManagementServer { get; set; } = new("");

    /// <summary>The Instance Host whose entry goes.</summary>
    [Input(DisplayName = "Machine", Description = "The machine of the Instance Host that is removed, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 2)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>What 'Take baseline' put out, where an entry that was there before is to stay.</summary>
    [Input(
        DisplayName = "Baseline",
        Description = "What 'Take baseline' put out, where an entry that was there before is to stay; empty: it goes in any case",
        UIHint = "singleline",
        DefaultSyntax = "Variable",
        Order = 3)]
    public Input<object?> Baseline { get; set; } = new((object?)null);

    private protected override IReadOnlyList<ApiNeed> Needs { get; } = [ApiNeed.RemoveInstanceHost];

    private protected override string ApiMachine(StepContext step) => step.Require(ManagementServer, nameof(ManagementServer));

    private protected override IReadOnlyList<MovePart> Parts => [MovePart.Removes];

    private protected override StepUndo Undo(StepFacts facts) =>
        StepUndo.Stays($"The Management Server has no entry of {facts.Text(nameof(Machine))} any more. To use that Instance Host again, add its role and pair it.");

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var machine = step.Require(Machine, nameof(Machine));
        using var api = await step.ApiAsync(ApiMachine(step));
        if (await InstanceHostNames.FindAsync(step, api, machine) is not { } host)
        {
            return Observation.Done(new { instanceHosts = (await api.GetInstanceHostsAsync(null, step.CancellationToken)).Select(other => other.ServerName) });
        }

        if (step.Get(Baseline) is { } baseline && MoveBaseline.Read(baseline).Roles.Any(role => role.Role == Roles.InstanceHost && InstanceHostNames.AreSame(role.ServerName, host)))
        {
            return Observation.Done(new { host, note = "It was there before the move." });
        }

        var left = (await api.GetInstancesAsync("*", step.CancellationToken))
            .Where(instance => InstanceHostNames.AreSame(instance.InstanceHost, host))
            .Select(instance => instance.InstanceId)
            .ToArray();
        return left.Length > 0
            ? Observation.CannotTell($"These instances still belong to the Instance Host {host}: {string.Join(", ", left)}. Move them, then retry.", new { left })
            : Observation.NotDone($"The Management Server still has an entry of the Instance Host {host}.");
    }

    private protected override async Task<MoveAct> ActAsync(StepContext step, Observation observation)
    {
        using var api = await step.ApiAsync(ApiMachine(step));
        var host = await InstanceHostNames.FindAsync(step, api, step.Require(Machine, nameof(Machine)));
        await api.InvokeAsync("DeleteInstanceHost", new Dictionary<string, string?> { ["serverName"] = host }, step.CancellationToken);
        return MoveAct.Finished($"Removed the Instance Host {host}");
    }
}
