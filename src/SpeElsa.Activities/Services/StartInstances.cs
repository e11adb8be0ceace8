using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.MailStore;

namespace SpeElsa.Activities;

/// <summary>Waits until every instance that ran before runs again, and starts those that do not start by themselves.</summary>
[Activity(
    "SpeElsa",
    "StartInstances",
    1,
    "Waits for the instances that ran before, and starts those whose start mode is manual",
    "Move services",
    DisplayName = "Start instances",
    Kind = ActivityKind.Task)]
public sealed class StartInstances : MoveStep
{
    /// <summary>The server they are to run on.</summary>
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

    private protected override IReadOnlyList<ApiNeed> Needs { get; } = [ApiNeed.StartInstances];

    private protected override string? Subject(ActivityExecutionContext context) => context.Get(InstanceId);

    private protected override string ApiMachine(StepContext step) =>
        step.Get(ManagementServer) is { Length: > 0 } manager ? manager : step.Require(Machine, nameof(Machine));

    /// <summary>Whether those are started too that start by themselves when their Instance Host starts; for one that was not restarted.</summary>
    [Input(
        DisplayName = "Start all",
        Description = "Start those too that start by themselves with their Instance Host, because it was not restarted",
        UIHint = "checkbox",
        Order = 3)]
    public Input<bool> StartAll { get; set; } = new(false);

    /// <summary>Whose Management API is asked.</summary>
    [Input(
        DisplayName = "Management Server",
        Description = "The machine of the Management Server, by its name in the fleet; empty: the server they are to run on",
        UIHint = "dropdown",
        UIHandler = typeof(MachineChoices),
        Order = 4)]
    public Input<string> ManagementServer { get; set; } = new("");

    /// <summary>One instance; empty: all that move.</summary>
    [Input(DisplayName = "Instance", Description = "The id of one instance; empty: all that move", UIHint = "singleline", Order = 5)]
    public Input<string> InstanceId { get; set; } = new("");

    private protected override IReadOnlyList<MovePart> Parts => [MovePart.StartsInstances(Machine, InstanceId)];

    private protected override StepUndo Undo(StepFacts facts) =>
        StepUndo.By(UndoSteps.StopInstances(facts.Text(nameof(Machine)), null, facts.Text(nameof(ManagementServer))));

    private protected override Task FinishingAsync(StepContext step, bool isDone)
    {
        if (isDone && step.Get(InstanceId) is { Length: > 0 } instance)
        {
            step.Journal(Downtime.AnsweredEvent, $"{instance} runs", new { instance });
        }

        return Task.CompletedTask;
    }

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var ran = Ran(step);
        using var api = await step.ApiAsync(ApiMachine(step));
        var instances = (await api.GetInstancesAsync("*", step.CancellationToken))
            .ToDictionary(instance => instance.InstanceId, StringComparer.Ordinal);
        var missing = ran.Where(instance => !instances.TryGetValue(instance.Id, out var now) || !now.IsRunning).ToArray();
        if (missing.Length == 0)
        {
            return Observation.Done(new { running = ran.Select(instance => instance.Id) });
        }

        var reason = "These instances ran before and do not run: " + string.Join("; ", missing.Select(instance =>
            instances.GetValueOrDefault(instance.Id) is not { } now ? $"{instance.Id} (unknown here)"
            : string.IsNullOrEmpty(now.StartStopError) ? $"{instance.Id} ({now.Status})"
            : $"{instance.Id} ({now.StartStopError})"));
        return missing.Any(instance => !string.IsNullOrEmpty(instances.GetValueOrDefault(instance.Id)?.StartStopError)) ? Observation.CannotTell(reason)
            : missing.Any(instance => IsOurs(step, instance) && !IsStarting(instances.GetValueOrDefault(instance.Id))) ? Observation.NotDone(reason)
            : Observation.Pending(reason);
    }

    private protected override async Task<MoveAct> ActAsync(StepContext step, Observation observation)
    {
        using var api = await step.ApiAsync(ApiMachine(step));
        var now = (await api.GetInstancesAsync("*", step.CancellationToken))
            .Where(instance => instance.IsRunning || IsStarting(instance))
            .Select(instance => instance.InstanceId)
            .ToHashSet(StringComparer.Ordinal);
        var manual = Ran(step)
            .Where(instance => IsOurs(step, instance) && !now.Contains(instance.Id))
            .Select(instance => instance.Id)
            .ToArray();
        foreach (var instance in manual)
        {
            Keep(step, instance, ApiMachine(step), await api.BeginStartInstanceAsync(instance, step.CancellationToken));
        }

        return MoveAct.Finished($"Started {string.Join(", ", manual)}");
    }

    private bool IsOurs(StepContext step, BaselineInstance instance) => !instance.StartsByItself || step.Get(StartAll);

    private static bool IsStarting(SpeInstance? instance) => string.Equals(instance?.Status, "starting", StringComparison.OrdinalIgnoreCase);

    private BaselineInstance[] Ran(StepContext step) =>
        [.. MoveBaseline.Read(step.Get(Baseline)).Only(step.Get(InstanceId)).Instances.Where(instance => instance.WasRunning)];
}
