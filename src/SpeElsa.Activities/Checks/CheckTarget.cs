using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Machines;

namespace SpeElsa.Activities;

/// <summary>
/// Checks that the new server can take the data: reachable, with its drives, with room to spare, and under the name that is planned.
/// </summary>
[Activity(
    "SpeElsa",
    "CheckTarget",
    1,
    "Checks that the new server can take over: reachable, drives, free space, name",
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

    private protected override string PassOutcome => "Ready";

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var target = step.Require(Target, nameof(Target));
        var baseline = MoveBaseline.Read(step.Get(Baseline));
        var settings = step.Settings(target);
        var facts = await step.ServerFactsAsync(target, settings.InstallDirectory);
        var needed = (long)(baseline.DataMegabytes * 1024 * 1024 * Reserve);
        var findings = new List<string>();
        if (string.Equals(target, step.Require(Source, nameof(Source)), StringComparison.OrdinalIgnoreCase))
        {
            findings.Add("Source and target are the same machine.");
        }

        if (baseline.Role.Length == 0 && !step.Get(HostNameChanges) && !string.Equals(facts.ComputerName, baseline.ComputerName, StringComparison.OrdinalIgnoreCase))
        {
            findings.Add(
                $"The new server is called {facts.ComputerName} and the old one {baseline.ComputerName}, "
                + "but the plan says that the host name stays. Rename the new server, or start a move that says so.");
        }

        if (baseline.Role.Length > 0 && string.Equals(facts.ComputerName, baseline.ComputerName, StringComparison.OrdinalIgnoreCase))
        {
            findings.Add($"Both servers are called {facts.ComputerName}, so the Management Server could not tell them apart. Rename the new server.");
        }

        // Per drive, since directories may go to several.
        foreach (var drive in Map(step, baseline).GroupBy(directory => char.ToUpperInvariant(directory.Target[0])))
        {
            var share = drive.Select(directory => directory.InstanceId).Distinct().Count() == baseline.Instances.Count
                ? needed
                : ShareOf(baseline, drive);
            if (facts.DriveOf(drive.First().Target) is not { } found)
            {
                findings.Add($"The new server has no drive {drive.Key}:, but instance data is to go there.");
            }
            else if (found.FreeBytes < share)
            {
                findings.Add(
                    $"Drive {drive.Key}: of the new server has {Gigabytes(found.FreeBytes)} GB free; the data with a reserve of 20 % needs {Gigabytes(share)} GB.");
            }
        }

        findings.AddRange(await UnreachableSharesAsync(step, target, baseline));
        if (baseline.Role != Roles.InstanceHost)
        {
            // An Instance Host that is paired has certificates of its own.
            findings.AddRange(await StuckKeysAsync(step, target, baseline));
        }

        var pending = await step.AskAsync<PendingReboot>(target, MachineScripts.GetPendingReboot, []);
        if (pending.Pending)
        {
            findings.Add($"Windows on {target} waits for a restart ({string.Join(", ", pending.Reasons)}). Restart it before anything is installed.");
        }

        var skew = await MachineClocks.DifferenceAsync(step, step.Require(Source, nameof(Source)), target);
        if (skew.Duration() > MachineClocks.Tolerated)
        {
            findings.Add(
                $"The clocks of the two servers differ by {skew.Duration().TotalSeconds:0} seconds. "
                + "One-time codes, tickets of the domain and times in logs would not fit; set the time.");
        }

        var evidence = new
        {
            facts.ComputerName,
            facts.Fqdn,
            facts.OsVersion,
            facts.Drives,
            neededBytes = needed,
            clockDifferenceSeconds = Math.Round(skew.TotalSeconds, 1),
        };
        return findings.Count == 0
            ? Observation.Done(evidence, "Ready")
            : Observation.Found("NotReady", string.Join(" ", findings), evidence);
    }

    private IReadOnlyList<DataMove> Map(StepContext step, MoveBaseline baseline) => DataMove.Of(baseline, step.Get(DataDirectory));

    /// <summary>The new server pulls the data; it must see the old one's shares.</summary>
    private async Task<IEnumerable<string>> UnreachableSharesAsync(StepContext step, string target, MoveBaseline baseline)
    {
        var source = step.Settings(step.Require(Source, nameof(Source)));
        var shares = Map(step, baseline)
            .Select(directory => source.ToShare(directory.Source))
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToArray();
        if (shares.Length == 0)
        {
            return [];
        }

        try
        {
            return (await step.PathsAsync(target, shares))
                .Where(path => !path.Exists)
                .Select(path => $"The new server does not see {path.Path}.");
        }
        catch (MachineScriptException exception) when (!exception.CanRetry)
        {
            return [$"The new server does not see the old one's files: {exception.Error.Message}"];
        }
    }

    /// <summary>Keys that Windows does not let out have to be dealt with before the stop; those that are on the new server already have been.</summary>
    private async Task<IEnumerable<string>> StuckKeysAsync(StepContext step, string target, MoveBaseline baseline)
    {
        var source = step.Require(Source, nameof(Source));
        var moving = baseline.Role.Length == 0
            ? await step.CertificatesAsync(source)
            : (await step.CertificatesAsync(source, names: MachineQueries.AnyName)).Where(certificate => baseline.Certificates.Any(other => other.Thumbprint == certificate.Thumbprint));
        var stuck = moving.Where(certificate => certificate.Exportable != true).ToArray();
        if (stuck.Length == 0)
        {
            return [];
        }

        var there = (await step.CertificatesAsync(target, names: MachineQueries.AnyName)).Where(certificate => certificate.HasPrivateKey).Select(certificate => certificate.Thumbprint).ToHashSet();
        return stuck.Where(certificate => !there.Contains(certificate.Thumbprint)).Select(certificate =>
            $"The private key of {certificate.FriendlyName ?? certificate.Subject} ({certificate.Thumbprint}) can not be exported from {source}. "
            + "Import it on the new server from where it was issued, or have a new certificate made.");
    }

    private static long ShareOf(MoveBaseline baseline, IEnumerable<DataMove> directories)
    {
        var ids = directories.Select(directory => directory.InstanceId).ToHashSet(StringComparer.Ordinal);
        return (long)(
            baseline.Instances.Where(instance => ids.Contains(instance.Id)).Sum(instance => instance.Megabytes) * 1024 * 1024 * Reserve);
    }

    private static string Gigabytes(long bytes) => (bytes / 1073741824d).ToString("0.0", System.Globalization.CultureInfo.InvariantCulture);
}
