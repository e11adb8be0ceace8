using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.MailStore;

namespace SpeElsa.Activities;

/// <summary>
/// Compares the new server with the baseline: no new errors, same version, every instance running that ran, same figures.
/// </summary>
[Activity(
    "SpeElsa",
    "CheckDashboard",
    1,
    "Compares dashboard, version, instances and figures with the baseline",
    "Move checks",
    DisplayName = "Check dashboard")]
[FlowNode("Ok", "Differs")]
public sealed class CheckDashboard : MoveCheck
{
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

    private protected override string PassOutcome => "Ok";

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var baseline = MoveBaseline.Read(step.Get(Baseline));
        using var api = await step.ApiAsync(step.Require(Machine, nameof(Machine)));
        var status = await api.GetServiceStatusAsync(step.CancellationToken);
        var environment = await api.GetEnvironmentInfoAsync(step.CancellationToken);
        var instances = await api.GetInstancesAsync("*", step.CancellationToken);
        var findings = new List<string>();
        var known = baseline.Messages.Select(message => message.Text).ToHashSet(StringComparer.Ordinal);
        findings.AddRange(
            status.Messages.Where(message => message.IsError && !known.Contains(message.Text)).Select(
                message => $"Error on the dashboard: {message.Text ?? message.Tag}"));
        if (!Versions.AreSame(environment.Version, baseline.ApiVersion))
        {
            findings.Add($"The version is {environment.Version}, before it was {baseline.ApiVersion}.");
        }

        foreach (var before in baseline.Instances)
        {
            findings.AddRange(
                await CompareAsync(
                    api, before, instances.FirstOrDefault(instance => instance.InstanceId == before.Id), step.CancellationToken));
        }

        var evidence = new
        {
            environment.Version,
            environment.ServerName,
            instances = instances.Select(instance => $"{instance.InstanceId}: {instance.Status}"),
            messages = status.Messages.Select(message => $"{message.Type}: {message.Text}"),
            findings,
        };
        return findings.Count == 0 ? Observation.Done(evidence, "Ok") : Observation.Found("Differs", string.Join("\n", findings), evidence);
    }

    private static async Task<IReadOnlyList<string>> CompareAsync(
        IManagementApi api, BaselineInstance before, SpeInstance? now, CancellationToken cancellationToken)
    {
        if (now is null)
        {
            return [$"The instance {before.Id} is gone."];
        }

        if (!before.WasRunning)
        {
            return [];
        }

        if (!now.IsRunning)
        {
            return [$"The instance {before.Id} ran and is now {now.Status}. {now.StartStopError}".TrimEnd()];
        }

        var findings = new List<string>();
        if (before.Messages is { } count)
        {
            var statistics = await api.GetInstanceStatisticsAsync(before.Id, cancellationToken);
            if (statistics.NumberOfMessages < count)
            {
                findings.Add($"The instance {before.Id} held {count} messages and holds {statistics.NumberOfMessages}.");
            }
        }

        if (before.Stores.Count > 0)
        {
            var stores = await api.GetStoresAsync(before.Id, includeSize: false, cancellationToken);
            findings.AddRange(
                before.Stores.Where(store => stores.All(other => other.Id != store.Id)).Select(
                    store => $"The store {store.Name} of {before.Id} is gone."));
            findings.AddRange(stores
                .Where(
                    store => !string.IsNullOrEmpty(store.Error) && before.Stores.All(
                        other => other.Id != store.Id || other.Error != store.Error))
                .Select(store => $"The store {store.Name} of {before.Id} has an error: {store.Error}"));
            findings.AddRange(stores
                .Where(store => store.SearchIndexesNeedRebuild && before.Stores.Any(other => other.Id == store.Id && !other.NeedsRebuild))
                .Select(store => $"The search indexes of the store {store.Name} of {before.Id} need to be rebuilt."));
        }

        return findings;
    }
}
