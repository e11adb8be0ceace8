using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.MailStore;

namespace SpeElsa.Activities;

/// <summary>
/// Tells the Management Server which Instance Host runs an instance from now on, and where its data is there. The instance has to be stopped.
/// </summary>
[Activity(
    "SpeElsa",
    "SetInstanceHost",
    1,
    "Gives instances to another Instance Host, with their base directories there",
    "Move data",
    DisplayName = "Set Instance Host",
    Kind = ActivityKind.Task)]
public sealed class SetInstanceHost : MoveStep
{
    private const string HostField = "instanceHost";
    private const string DirectoryField = "baseDirectory";

    /// <summary>Whose Management API is asked.</summary>
    [Input(DisplayName = "Management Server", Description = "The machine of the Management Server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> ManagementServer { get; set; } = new("");

    /// <summary>The old Instance Host.</summary>
    [Input(DisplayName = "Source", Description = "The machine of the old Instance Host, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 2)]
    public Input<string> Source { get; set; } = new("");

    /// <summary>The new Instance Host.</summary>
    [Input(
        DisplayName = "Target",
        Description = "The machine of the new Instance Host, by its name in the fleet; empty: back to where each instance was before the move",
        UIHint = "dropdown",
        UIHandler = typeof(MachineChoices),
        Order = 3)]
    public Input<string> Target { get; set; } = new("");

    /// <summary>What 'Take baseline' put out.</summary>
    [Input(
        DisplayName = "Baseline",
        Description = "What 'Take baseline' put out",
        UIHint = "singleline",
        DefaultSyntax = "Variable",
        Order = 4)]
    public Input<object?> Baseline { get; set; } = new((object?)null);

    /// <summary>Where instance data went on the new server; empty: to the same paths.</summary>
    [Input(
        DisplayName = "Data directory",
        Description = "Where instance data went on the new server; empty: to the same paths",
        UIHint = "singleline",
        Order = 5)]
    public Input<string> DataDirectory { get; set; } = new("");

    /// <summary>One instance; empty: all that move.</summary>
    [Input(DisplayName = "Instance", Description = "The id of one instance; empty: all that move", UIHint = "singleline", Order = 6)]
    public Input<string> InstanceId { get; set; } = new("");

    private protected override IReadOnlyList<ApiNeed> Needs { get; } = [ApiNeed.GetInstanceConfiguration, ApiNeed.SetInstanceConfiguration];

    private protected override string ApiMachine(StepContext step) => step.Require(ManagementServer, nameof(ManagementServer));

    private protected override string? Subject(ActivityExecutionContext context) => context.Get(InstanceId);

    private protected override StepUndo Undo(StepFacts facts) => StepUndo.By(
        UndoSteps.StopInstances(facts.Text(nameof(Target)), null, facts.Text(nameof(ManagementServer))),
        UndoSteps.SetInstanceHost(facts.Text(nameof(Source)), facts.Text(nameof(ManagementServer))));

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        using var api = await step.ApiAsync(ApiMachine(step));
        if (!IsBack(step) && await RoleEntries.FindAsync(step, api, Roles.InstanceHost, step.Get(Target)!) is null)
        {
            return Observation.CannotTell($"The Management Server knows no Instance Host of the name of {step.Get(Target)}. Pair it, then retry.");
        }

        var wrong = new List<string>();
        var running = new List<string>();
        var evidence = new List<string>();
        var states = (await api.GetInstancesAsync("*", step.CancellationToken)).ToDictionary(instance => instance.InstanceId, StringComparer.Ordinal);
        foreach (var (instance, host, directory) in await WantedAsync(step, api))
        {
            var now = await api.GetInstanceConfigurationAsync(instance.Id, step.CancellationToken);
            evidence.Add($"{instance.Id}: {now[HostField]}, {now[DirectoryField]}");
            if (IsThere(now, host, directory))
            {
                continue;
            }

            wrong.Add(instance.Id);
            if (states.GetValueOrDefault(instance.Id)?.IsRunning == true)
            {
                running.Add(instance.Id);
            }
        }

        return running.Count > 0 ? Observation.CannotTell($"These instances run, and would lose what they are just archiving: {string.Join(", ", running)}. Stop them, then retry.")
            : wrong.Count > 0 ? Observation.NotDone($"These instances have another Instance Host or base directory: {string.Join(", ", wrong)}.", new { instances = evidence })
            : Observation.Done(new { instances = evidence });
    }

    private protected override async Task<MoveAct> ActAsync(StepContext step, Observation observation)
    {
        using var api = await step.ApiAsync(ApiMachine(step));
        var changed = new List<string>();
        foreach (var (instance, host, directory) in await WantedAsync(step, api))
        {
            var configuration = await api.GetInstanceConfigurationAsync(instance.Id, step.CancellationToken);
            if (IsThere(configuration, host, directory))
            {
                continue;
            }

            // The whole object goes back as it came; only these fields are ours.
            (configuration[HostField], configuration[DirectoryField]) = (host, directory);
            await api.SetInstanceConfigurationAsync(configuration, step.CancellationToken);
            changed.Add($"{instance.Id} to {host}, {directory}");
        }

        return MoveAct.Finished($"Gave {string.Join("; ", changed)}");
    }

    private static bool IsThere(JsonObject configuration, string host, string directory) =>
        RoleEntries.AreSame(DashboardReader.Text(configuration, HostField), host)
        && DashboardReader.Text(configuration, DirectoryField) is { } now && DataMove.AreSame(now, directory);

    private bool IsBack(StepContext step) => string.IsNullOrEmpty(step.Get(Target));

    private async Task<IEnumerable<(BaselineInstance Instance, string Host, string Directory)>> WantedAsync(StepContext step, IManagementApi api)
    {
        var instances = MoveBaseline.Read(step.Get(Baseline)).Only(step.Get(InstanceId)).Instances;
        if (IsBack(step))
        {
            return instances.Select(instance => (instance, instance.InstanceHost ?? "", instance.BaseDirectory));
        }

        var host = await RoleEntries.FindAsync(step, api, Roles.InstanceHost, step.Get(Target)!);
        return instances.Select(instance => (instance, host!, DataMove.TargetOf(instance, step.Get(DataDirectory))));
    }
}
