using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>
/// Reports how each instance that moves stands now, and finds those that the old Instance Host still has, also ones that came after the baseline.
/// </summary>
[Activity(
    "SpeElsa",
    "CheckInstancesMoved",
    1,
    "Reports each instance, and finds those that still belong to the old Instance Host",
    "Move checks",
    DisplayName = "Check instances")]
[FlowNode("Moved", "Left")]
public sealed class CheckInstancesMoved : MoveCheck
{
    /// <summary>Whose Management API is asked.</summary>
    [Input(DisplayName = "Management Server", Description = "The machine of the Management Server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> ManagementServer { get; set; } = new("");

    /// <summary>The old Instance Host.</summary>
    [Input(DisplayName = "Source", Description = "The machine of the old Instance Host, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 2)]
    public Input<string> Source { get; set; } = new("");

    /// <summary>What 'Take baseline' put out.</summary>
    [Input(
        DisplayName = "Baseline",
        Description = "What 'Take baseline' put out",
        UIHint = "singleline",
        DefaultSyntax = "Variable",
        Order = 3)]
    public Input<object?> Baseline { get; set; } = new((object?)null);

    /// <summary>The instances that were to move; empty: all of the old Instance Host.</summary>
    [Input(DisplayName = "Instances", Description = "The ids of the instances that were to move, with commas between; empty: all of the old Instance Host", UIHint = "singleline", Order = 4)]
    public Input<string> Instances { get; set; } = new("");

    /// <summary>One line for each instance.</summary>
    [Output(DisplayName = "Report", Description = "One line for each instance: where it is, how it is, how many messages it holds and held")]
    public Output<string>? Report { get; set; }

    private protected override string PassOutcome => "Moved";

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var source = step.Require(Source, nameof(Source));
        var chosen = (step.Get(Instances) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var all = MoveBaseline.Read(step.Get(Baseline)).Instances;
        if (chosen.Where(id => all.All(instance => instance.Id != id)).ToArray() is { Length: > 0 } unknown)
        {
            return Observation.CannotTell($"Not among the instances that {source} had when the baseline was taken: {string.Join(", ", unknown)}.");
        }

        var before = all.Where(instance => chosen.Length == 0 || chosen.Contains(instance.Id, StringComparer.Ordinal)).ToArray();
        using var api = await step.ApiAsync(step.Require(ManagementServer, nameof(ManagementServer)));
        var host = await RoleEntries.FindAsync(step, api, Roles.InstanceHost, source);
        var now = await DashboardReader.InstancesAsync(api, step.CancellationToken);
        string[] report = [.. before.Select(instance => Describe(instance, now.FirstOrDefault(other => other.Id == instance.Id)))];
        Put(step.Context, Report, string.Join("\n", report));
        var left = now.Where(instance => RoleEntries.AreSame(instance.InstanceHost, host) && (chosen.Length == 0 || chosen.Contains(instance.Id, StringComparer.Ordinal)))
            .Select(instance => instance.Id)
            .ToArray();
        return left.Length == 0
            ? Observation.Done(new { report }, "Moved")
            : Observation.Found("Left", $"The Instance Host {host} still has: {string.Join(", ", left)}.", new { report, left });
    }

    private static string Describe(BaselineInstance before, BaselineInstance? now) => now is null
        ? $"{before.Id}: gone"
        : $"{before.Id}: {before.InstanceHost} -> {now.InstanceHost}, {now.BaseDirectory}; {before.Status} -> {now.Status}; "
            + $"messages {before.Messages?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "unknown"} -> {now.Messages?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "unknown"}";
}
