using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.MailStore;

namespace SpeElsa.Activities;

/// <summary>
/// Tells the Management Server where each instance's data is now. After it runs and before the Instance Host does: an instance that starts
/// by itself would start on its old path.
/// </summary>
[Activity(
    "SpeElsa",
    "SetBaseDirectories",
    1,
    "Adjusts the base directory of every instance whose data is somewhere else now",
    "Move data",
    DisplayName = "Set base directories",
    Kind = ActivityKind.Task)]
public sealed class SetBaseDirectories : MoveStep
{
    private const string Field = "baseDirectory";

    /// <summary>The new server.</summary>
    [Input(DisplayName = "Machine", Description = "The new server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>What 'Take baseline' put out.</summary>
    [Input(
        DisplayName = "Baseline",
        Description = "What 'Take baseline' put out",
        UIHint = "singleline",
        DefaultSyntax = "Variable",
        Order = 2)]
    public Input<object?> Baseline { get; set; } = new((object?)null);

    /// <summary>Where instance data went on the new server; empty: to the same paths.</summary>
    [Input(
        DisplayName = "Data directory",
        Description = "Where instance data went on the new server; empty: to the same paths",
        UIHint = "singleline",
        Order = 3)]
    public Input<string> DataDirectory { get; set; } = new("");

    private protected override IReadOnlyList<ApiNeed> Needs { get; } = [ApiNeed.GetInstanceConfiguration, ApiNeed.SetInstanceConfiguration];

    private protected override string ApiMachine(StepContext step) => step.Require(Machine, nameof(Machine));

    private protected override StepUndo Undo(StepFacts facts)
    {
        var machine = facts.Text(nameof(Machine));
        return facts.Move.IsNew(machine)
            ? StepUndo.Nothing($"It changed the management database of {machine} only, which goes with its config directory.")
            : StepUndo.By(UndoSteps.SetBaseDirectories(machine));
    }

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        using var api = await step.ApiAsync(step.Require(Machine, nameof(Machine)));
        var evidence = new Dictionary<string, string?>(StringComparer.Ordinal);
        var wrong = new List<string>();
        foreach (var instance in Instances(step))
        {
            var now = await ReadAsync(api, instance.Id, step.CancellationToken);
            evidence[instance.Id] = now;
            if (now is null || !DataMove.AreSame(now, DataMove.TargetOf(instance, step.Get(DataDirectory))))
            {
                wrong.Add(instance.Id);
            }
        }

        return wrong.Count == 0
            ? Observation.Done(new { baseDirectories = evidence })
            : Observation.NotDone(
                $"These instances still have another base directory: {string.Join(", ", wrong)}.", new { baseDirectories = evidence });
    }

    private protected override async Task<MoveAct> ActAsync(StepContext step, Observation observation)
    {
        using var api = await step.ApiAsync(step.Require(Machine, nameof(Machine)));
        var changed = new List<string>();
        foreach (var instance in Instances(step))
        {
            var target = DataMove.TargetOf(instance, step.Get(DataDirectory));
            var configuration = await api.GetInstanceConfigurationAsync(instance.Id, step.CancellationToken);
            if (configuration[Field]?.GetValue<string>() is { } now && DataMove.AreSame(now, target))
            {
                continue;
            }

            // The whole object goes back as it came; only this field is ours.
            configuration[Field] = target;
            await api.SetInstanceConfigurationAsync(configuration, step.CancellationToken);
            changed.Add($"{instance.Id} to {target}");
        }

        return MoveAct.Finished($"Set the base directory of {string.Join(", ", changed)}");
    }

    private IReadOnlyList<BaselineInstance> Instances(StepContext step) => MoveBaseline.Read(step.Get(Baseline)).Instances;

    private static async Task<string?> ReadAsync(IManagementApi api, string instanceId, CancellationToken cancellationToken) =>
        (await api.GetInstanceConfigurationAsync(instanceId, cancellationToken))[Field]?.GetValue<string>();
}
