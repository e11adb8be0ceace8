using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>
/// The pre-flight: everything that can be known beforehand of whether the new server can take over (<see cref="PreFlightChecks"/>). What is only worth knowing
/// stands in its evidence; what would make the move fail leads out by <c>NotReady</c>.
/// </summary>
[Activity(
    "SpeElsa",
    "CheckTarget",
    1,
    "Checks that the new server can take over: version, names, drives, free space, shares, keys, clocks, ports, firewall, scanner",
    "Move checks",
    DisplayName = "Check new server")]
[FlowNode("Ready", "NotReady")]
public sealed class CheckTarget : MoveCheck
{
    private const double Reserve = 1.2;

    /// <summary>The old server.</summary>
    [Input(DisplayName = "Source", Description = "The old server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Source { get; set; } = new("");

    /// <summary>The new server.</summary>
    [Input(DisplayName = "Target", Description = "The new server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 2)]
    public Input<string> Target { get; set; } = new("");

    /// <summary>What 'Take baseline' put out.</summary>
    [Input(
        DisplayName = "Baseline",
        Description = "What 'Take baseline' put out",
        UIHint = "singleline",
        DefaultSyntax = "Variable",
        Order = 3)]
    public Input<object?> Baseline { get; set; } = new((object?)null);

    /// <summary>Where instance data goes on the new server; empty: to the same paths.</summary>
    [Input(
        DisplayName = "Data directory",
        Description = "Where instance data goes on the new server; empty: to the same paths",
        UIHint = "singleline",
        Order = 4)]
    public Input<string> DataDirectory { get; set; } = new("");

    /// <summary>Whether the new server is to serve under another host name than the old one.</summary>
    [Input(
        DisplayName = "Host name changes",
        Description = "Whether the new server serves under another host name than the old one",
        UIHint = "checkbox",
        Order = 5)]
    public Input<bool> HostNameChanges { get; set; } = new(false);

    /// <summary>Where the product is or will be installed; empty: as configured for each machine.</summary>
    [Input(
        DisplayName = "Install directory",
        Description = "Where the product is or will be installed; empty: as configured for each machine",
        UIHint = "singleline",
        Order = 6)]
    public Input<string> InstallDirectory { get; set; } = new("");

    /// <summary>Whether what can not be looked at is a blocked check, and nobody is asked.</summary>
    [Input(
        DisplayName = "Report only",
        Description = "Where it can not look, end with that as a blocked check and ask nobody; for a pre-flight on its own",
        UIHint = "checkbox",
        Order = 7)]
    public Input<bool> ReportOnly { get; set; } = new(false);

    private protected override string PassOutcome => "Ready";

    private protected override Observation? InPlaceOfQuestion(StepContext step, string reason) => step.Get(ReportOnly) ? PreFlightResult.Unable("target", reason) : null;

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var (source, target) = (step.Require(Source, nameof(Source)), step.Require(Target, nameof(Target)));
        var facts = await step.ServerFactsAsync(target, step.InstallDirectory(InstallDirectory, target));
        var baseline = MoveBaseline.Read(step.Get(Baseline));
        var checks = string.Equals(target, source, StringComparison.OrdinalIgnoreCase)
            ? [PreFlightResult.Blocked("machines", "Source and target are the same machine.", "Start a move that names two.")]
            : await PreFlightChecks.RunAsync(
                step,
                new PreFlightPlan(source, target, baseline, step.Get(DataDirectory), step.Get(HostNameChanges), facts, facts.InstallDirectoryExists)
                {
                    ConfigDirectory = baseline.Role == Roles.ManagementServer ? ReplaceConfigDirectory.Config(step.InstallDirectory(InstallDirectory, source)) : null,
                });
        var evidence = new { facts.ComputerName, facts.Fqdn, facts.OsVersion, facts.Drives, bytes = (long)(baseline.DataMegabytes * 1024 * 1024), checks };
        PreFlightResult[] blocked = [.. checks.Where(check => check.Level is PreFlightLevel.Blocked)];
        return blocked.Length == 0
            ? Observation.Done(evidence, "Ready")
            : Observation.Found("NotReady", string.Join("\n", blocked.Select(check => $"{check.Message} {check.Cure}")), evidence);
    }
}
