using System.Globalization;
using System.Text.Json.Nodes;
using SpeElsa.Machines;

namespace SpeElsa.Activities;

/// <summary>What is looked at before a move, on both servers. Nothing here changes anything.</summary>
internal static class PreFlightChecks
{
    private const double Reserve = 1.2;

    /// <summary>Above this a name that is given to the new server is found at the old one for long.</summary>
    private const long LongestTimeToLive = 3600;

    private static readonly Version FirstWithoutOldDatabases = new(25, 1);

    /// <summary>Runs every check that applies to the plan.</summary>
    public static async Task<IReadOnlyList<PreFlightResult>> RunAsync(StepContext step, PreFlightPlan plan)
    {
        List<PreFlightResult> results = [.. Name(plan), Version(plan), .. Space(plan), .. Archive(plan), .. People(plan)];
        results.Add(await SharesAsync(step, plan));
        if (plan.Moves(Roles.ClientAccessServer))
        {
            // An Instance Host or Management Server that moves alone has certificates of its own.
            results.AddRange(await KeysAsync(step, plan));
        }

        results.Add(await RestartAsync(step, plan));
        results.Add(await ClocksAsync(step, plan));
        results.Add(await RuntimesAsync(step, plan));
        results.Add(await PortsAsync(step, plan));
        results.Add(await FirewallAsync(step, plan));
        if (plan.Directories.Count > 0)
        {
            results.Add(await ScannerAsync(step, plan));
            results.Add(await SnapshotsAsync(step, plan));
        }

        if (plan.Moves(Roles.ClientAccessServer))
        {
            results.Add(await DnsAsync(step, plan));
        }

        return results;
    }

    private static IEnumerable<PreFlightResult> Name(PreFlightPlan plan)
    {
        if (plan.Baseline.Role.Length > 0)
        {
            return
            [
                string.Equals(plan.Facts.ComputerName, plan.Baseline.ComputerName, StringComparison.OrdinalIgnoreCase)
                    ? PreFlightResult.Blocked("host-name", $"Both servers are called {plan.Facts.ComputerName}, so the Management Server could not tell them apart.", "Rename the new server.")
                    : PreFlightResult.Passed("host-name", $"The new server is called {plan.Facts.ComputerName}, another name than {plan.Baseline.ComputerName}."),
            ];
        }

        if (string.Equals(plan.Facts.ComputerName, plan.Baseline.ComputerName, StringComparison.OrdinalIgnoreCase))
        {
            return [PreFlightResult.Passed("host-name", $"The new server is called {plan.Facts.ComputerName}, as the old one is.")];
        }

        return
        [
            plan.HostNameChanges
                ? PreFlightResult.Passed("host-name", $"The new server serves as {plan.Facts.ComputerName}, as planned. The licence has to be made out to that name.")
                : PreFlightResult.Blocked(
                    "host-name",
                    $"The new server is called {plan.Facts.ComputerName} and the old one {plan.Baseline.ComputerName}, but the plan says that the host name stays.",
                    "Rename the new server, or start a move that says so."),
        ];
    }

    /// <summary>Both servers must have the same version: the management database and the archives are of the old one's.</summary>
    private static PreFlightResult Version(PreFlightPlan plan) => !plan.IsInstalled || plan.Facts.ProductVersion is not { } found
        ? PreFlightResult.Passed("version", $"MailStore SPE is not on {plan.Target} yet; version {plan.Baseline.ProductVersion} has to be installed.")
        : found == plan.Baseline.ProductVersion
            ? PreFlightResult.Passed("version", $"{plan.Target} has version {found}, as the old server has.")
            : PreFlightResult.Blocked(
                "version",
                $"{plan.Target} has version {found} of MailStore SPE, and {plan.Source} has {plan.Baseline.ProductVersion}.",
                $"Install {plan.Baseline.ProductVersion} on {plan.Target}, or bring the old server to the same version before the move.");

    /// <summary>Per drive, since directories may go to several.</summary>
    private static IEnumerable<PreFlightResult> Space(PreFlightPlan plan)
    {
        foreach (var drive in plan.Directories.GroupBy(directory => char.ToUpperInvariant(directory.Target[0])))
        {
            var needed = ShareOf(plan.Baseline, [.. drive.Select(directory => directory.InstanceId).Distinct(StringComparer.Ordinal)]);
            if (plan.Facts.DriveOf(drive.First().Target) is not { } found)
            {
                yield return PreFlightResult.Blocked(
                    "free-space", $"The new server has no drive {drive.Key}:, but instance data is to go there.", "Add the drive, or name another data directory in the plan.");
            }
            else if (found.FreeBytes < needed)
            {
                yield return PreFlightResult.Blocked(
                    "free-space",
                    $"Drive {drive.Key}: of the new server has {Gigabytes(found.FreeBytes)} GB free; the data with a reserve of 20 % needs {Gigabytes(needed)} GB.",
                    "Make room, or name another data directory in the plan.");
            }
            else
            {
                yield return PreFlightResult.Passed(
                    "free-space", $"Drive {drive.Key}: of the new server has {Gigabytes(found.FreeBytes)} GB free; the data with a reserve of 20 % needs {Gigabytes(needed)} GB.");
            }
        }
    }

    /// <summary>What is wrong already before the move, and what a newer version would not open.</summary>
    private static IEnumerable<PreFlightResult> Archive(PreFlightPlan plan)
    {
        var errors = plan.Baseline.Messages.Where(message => string.Equals(message.Type, "error", StringComparison.OrdinalIgnoreCase)).Select(message => message.Text).ToArray();
        yield return errors.Length == 0
            ? PreFlightResult.Passed("dashboard", "The dashboard of the Management Console shows no error.")
            : PreFlightResult.Warning(
                "dashboard", $"The dashboard shows errors before the move: {string.Join("; ", errors)}.", "Put them right first: what was wrong before is not told from what the move did.");
        var stopped = plan.Baseline.Instances.Where(instance => !instance.WasRunning || instance.StartStopError is { Length: > 0 }).Select(instance => instance.Id).ToArray();
        var broken = plan.Baseline.Instances
            .SelectMany(instance => instance.Stores.Where(store => store.Error is { Length: > 0 } || store.NeedsRebuild).Select(store => $"{instance.Id}/{store.Name ?? store.Id.ToString(CultureInfo.InvariantCulture)}"))
            .ToArray();
        yield return (stopped.Length, broken.Length) switch
        {
            (0, 0) => PreFlightResult.Passed("instances", $"{plan.Baseline.Instances.Count} instances move; all run and no store has an error."),
            _ => PreFlightResult.Warning(
                "instances",
                string.Join(" ", new[] { stopped.Length > 0 ? $"These instances do not run: {string.Join(", ", stopped)}." : "", broken.Length > 0 ? $"These stores have an error or a search index to rebuild: {string.Join(", ", broken)}." : "" }.Where(text => text.Length > 0)),
                "They move as they are. Look at them in the Management Console first."),
        };
        var old = plan.Baseline.Instances.SelectMany(instance => instance.Stores.Where(store => store.NeedsUpgrade).Select(store => $"{instance.Id}/{store.Name}")).ToArray();
        if (old.Length > 0)
        {
            var message = $"These stores need an upgrade: {string.Join(", ", old)}.";
            yield return plan.IsInstalled && System.Version.TryParse(plan.Facts.ProductVersion, out var version) && version >= FirstWithoutOldDatabases
                ? PreFlightResult.Blocked("store-upgrade", $"{message} Version {version} does not open databases of the old format.", "Upgrade them on the old server first.")
                : PreFlightResult.Warning("store-upgrade", message, "Upgrade them on the old server first: from version 25.1 on, databases of the old format are not opened.");
        }
    }

    /// <summary>What people will be asked for, so that they can have it at hand.</summary>
    private static IEnumerable<PreFlightResult> People(PreFlightPlan plan)
    {
        if (!plan.Moves(Roles.ManagementServer))
        {
            yield break;
        }

        var names = plan.Baseline.MfaAdministrators.ToArray();
        yield return PreFlightResult.Passed("mfa", names.Length == 0
            ? "No administrator has multi-factor authentication."
            : $"Multi-factor authentication has to be switched off for {string.Join(", ", names)} before the stop, and on again afterwards: each needs their device.");
        yield return PreFlightResult.Passed("smtp", plan.Baseline.Smtp.IsSet
            ? $"The SMTP password of {plan.Baseline.Smtp.UserName} has to be entered again: have it at hand."
            : "No SMTP password is set.");
        if (plan.Baseline.ByHand.Count > 0)
        {
            yield return PreFlightResult.Warning(
                "management-api", $"This Management Server can not be asked for everything: {string.Join(" ", plan.Baseline.ByHand)}", "A person is asked at these steps. Be there.");
        }
    }

    /// <summary>The new server pulls the data; it must see the old one's shares.</summary>
    private static async Task<PreFlightResult> SharesAsync(StepContext step, PreFlightPlan plan)
    {
        const string Check = "shares";
        var source = step.Settings(plan.Source);
        string[] shares =
        [
            .. plan.Directories.Select(directory => directory.Source).Concat(plan.ConfigDirectory is { } config ? [config] : [])
                .Select(source.ToShare)
                .Distinct(StringComparer.OrdinalIgnoreCase),
        ];
        if (shares.Length == 0)
        {
            return PreFlightResult.Passed(Check, "No data has to be copied from the old server's drives.");
        }

        const string Cure = "Let the new server's computer account, or the account the scripts run as, read the administrative share, and open SMB (port 445) between the two.";
        try
        {
            var unseen = (await step.PathsAsync(plan.Target, shares)).Where(path => !path.Exists).Select(path => path.Path).ToArray();
            return unseen.Length == 0
                ? PreFlightResult.Passed(Check, $"The new server sees the {shares.Length} directories that move.")
                : PreFlightResult.Blocked(Check, $"The new server does not see {string.Join(", ", unseen)}.", Cure);
        }
        catch (MachineScriptException exception) when (!exception.CanRetry)
        {
            return PreFlightResult.Blocked(Check, $"The new server does not see the old one's files: {exception.Error.Message}", Cure);
        }
    }

    /// <summary>Keys that Windows does not let out have to be dealt with before the stop; those that are on the new server already have been.</summary>
    private static async Task<IEnumerable<PreFlightResult>> KeysAsync(StepContext step, PreFlightPlan plan)
    {
        const string Check = "keys";
        CertificateFacts[] certificates = plan.Baseline.Role == Roles.ClientAccessServer
            ? [.. (await step.CertificatesAsync(plan.Source, names: MachineQueries.AnyName)).Where(certificate => plan.Baseline.Certificates.Any(other => other.Thumbprint == certificate.Thumbprint))]
            : [.. await step.CertificatesAsync(plan.Source)];
        var stuck = certificates.Where(certificate => certificate.Exportable != true).ToArray();
        var there = stuck.Length == 0
            ? []
            : (await step.CertificatesAsync(plan.Target, names: MachineQueries.AnyName)).Where(certificate => certificate.HasPrivateKey).Select(certificate => certificate.Thumbprint).ToHashSet();
        PreFlightResult[] blocked =
        [
            .. stuck.Where(certificate => !there.Contains(certificate.Thumbprint)).Select(certificate => PreFlightResult.Blocked(
                Check,
                $"The private key of {certificate.FriendlyName ?? certificate.Subject} ({certificate.Thumbprint}) can not be exported from {plan.Source}.",
                "Import it on the new server from where it was issued, or have a new certificate made.")),
        ];
        return blocked.Length > 0 ? blocked : [PreFlightResult.Passed(Check, $"The keys of the {certificates.Length} certificates that move can be exported, or are on the new server.")];
    }

    private static async Task<PreFlightResult> RestartAsync(StepContext step, PreFlightPlan plan)
    {
        var pending = await step.AskAsync<PendingReboot>(plan.Target, MachineScripts.GetPendingReboot, []);
        return pending.Pending
            ? PreFlightResult.Blocked("restart", $"Windows on {plan.Target} waits for a restart ({string.Join(", ", pending.Reasons)}).", "Restart it before anything is installed.")
            : PreFlightResult.Passed("restart", $"Windows on {plan.Target} waits for no restart.");
    }

    private static async Task<PreFlightResult> ClocksAsync(StepContext step, PreFlightPlan plan)
    {
        var skew = await MachineClocks.DifferenceAsync(step, plan.Source, plan.Target);
        return skew.Duration() > MachineClocks.Tolerated
            ? PreFlightResult.Blocked(
                "clocks",
                $"The clocks of the two servers differ by {skew.Duration().TotalSeconds:0} seconds.",
                "Set the time: one-time codes, tickets of the domain and times in logs would not fit.")
            : PreFlightResult.Passed("clocks", $"The clocks of the two servers differ by {skew.Duration().TotalSeconds:0} seconds.");
    }

    private static async Task<PreFlightResult> RuntimesAsync(StepContext step, PreFlightPlan plan)
    {
        var runtimes = await step.AskAsync<Runtimes>(plan.Target, MachineScripts.GetRuntimes, []);
        return runtimes.VisualC?.GetValueOrDefault("x64") is { Length: > 0 } version
            ? PreFlightResult.Passed("runtimes", $"{plan.Target} has the Visual C++ runtime {version} and .NET Framework {runtimes.DotNetVersion ?? "(none)"}.")
            : PreFlightResult.Warning(
                "runtimes", $"{plan.Target} has no Visual C++ 2015-2022 runtime (x64), which the database needs.", "The set-up may bring it; otherwise install it from Microsoft first.");
    }

    /// <summary>Where the product runs already, it is what listens.</summary>
    private static async Task<PreFlightResult> PortsAsync(StepContext step, PreFlightPlan plan)
    {
        const string Check = "ports";
        var ports = plan.PortsOn(step.Settings(plan.Target));
        if (plan.IsInstalled)
        {
            return PreFlightResult.Passed(Check, $"MailStore SPE is on {plan.Target} already: its ports are its own.");
        }

        var taken = (await step.AskAsync<PortsInUse>(plan.Target, MachineScripts.GetPortsInUse, new JsonObject { ["ports"] = ToArray(ports) })).Ports.Where(port => port.InUse).ToArray();
        return taken.Length == 0
            ? PreFlightResult.Passed(Check, $"Nothing on {plan.Target} uses the ports {string.Join(", ", ports)}.")
            : PreFlightResult.Blocked(
                Check,
                $"On {plan.Target} {string.Join(", ", taken.Select(port => $"port {port.Port} is used by {string.Join(" and ", port.Owners.Select(owner => owner.Process ?? $"process {owner.ProcessId}").Distinct())}"))}.",
                "Stop that program, or give it other ports.");
    }

    private static async Task<PreFlightResult> FirewallAsync(StepContext step, PreFlightPlan plan)
    {
        const string Check = "firewall";
        var ports = plan.PortsOn(step.Settings(plan.Target));
        var firewall = await step.AskAsync<FirewallRules>(plan.Target, MachineScripts.GetFirewallRules, new JsonObject { ["ports"] = ToArray(ports) });
        var closed = firewall.Ports.Where(port => !port.Allowed).Select(port => port.Port).ToArray();
        return closed.Length == 0 || firewall.Profiles.All(profile => !profile.Enabled)
            ? PreFlightResult.Passed(Check, $"The firewall of {plan.Target} lets the ports {string.Join(", ", ports)} in.")
            : PreFlightResult.Warning(
                Check,
                $"No inbound rule of the firewall of {plan.Target} lets these ports in: {string.Join(", ", closed)}.",
                $"The set-up may add its rules. Otherwise: New-NetFirewallRule -DisplayName 'MailStore SPE' -Direction Inbound -Action Allow -Protocol TCP -LocalPort {string.Join(",", closed)}");
    }

    private static async Task<PreFlightResult> ScannerAsync(StepContext step, PreFlightPlan plan)
    {
        const string Check = "antivirus";
        var paths = plan.Directories.Select(directory => directory.Target).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        var scanner = await step.AskAsync<AntivirusState>(plan.Target, MachineScripts.GetAntivirusExclusions, new JsonObject { ["paths"] = MachineQueries.ToArray(paths) });
        if (!scanner.Available)
        {
            return PreFlightResult.Passed(Check, $"Microsoft Defender is not on {plan.Target}. Another scanner should leave the archives out.");
        }

        return !scanner.RealTime || scanner.Missing.Count == 0
            ? PreFlightResult.Passed(Check, $"The scanner of {plan.Target} leaves the archives out.")
            : PreFlightResult.Warning(
                Check,
                $"The scanner of {plan.Target} reads {string.Join(", ", scanner.Missing)}: that slows the copy down and can hold files open.",
                $"Add-MpPreference -ExclusionPath {string.Join(",", scanner.Missing.Select(path => $"'{path}'"))}");
    }

    private static async Task<PreFlightResult> SnapshotsAsync(StepContext step, PreFlightPlan plan)
    {
        var snapshots = (await step.AskAsync<VolumeSnapshots>(plan.Source, MachineScripts.GetVolumeSnapshots, [])).Snapshots;
        return snapshots.Count == 0
            ? PreFlightResult.Warning("snapshots", $"{plan.Source} has no volume snapshot (VSS).", "Nothing is deleted there. A snapshot or a backup right before the window is a second way back.")
            : PreFlightResult.Passed("snapshots", $"{plan.Source} has {snapshots.Count} volume snapshots, the last of {snapshots.Max(snapshot => snapshot.Created):u}.");
    }

    private static async Task<PreFlightResult> DnsAsync(StepContext step, PreFlightPlan plan)
    {
        const string Check = "dns";
        var name = plan.Baseline.EndUserName.Name is { Length: > 0 } given ? given : step.Settings(plan.Source).HostName;
        var answer = await step.ResolveAsync(plan.Target, name);
        return answer switch
        {
            { Exists: false } => PreFlightResult.Warning(Check, $"{plan.Target} finds no address of {name} in DNS.", "Know under which names users reach the old server, and who can point them to the new one."),
            { TimeToLiveSeconds: > LongestTimeToLive } => PreFlightResult.Warning(
                Check, $"{name} may be remembered for {answer.TimeToLiveSeconds / 60} minutes (TTL).", "Lower the time to live to 5 minutes now, so that users follow soon when it is pointed to the new server."),
            _ => PreFlightResult.Passed(Check, $"{name} is {string.Join(", ", answer.Addresses)}, remembered for {answer.TimeToLiveSeconds ?? 0} seconds."),
        };
    }

    private static long ShareOf(MoveBaseline baseline, IReadOnlyCollection<string> instances) => (long)(
        (instances.Count == baseline.Instances.Count ? baseline.DataMegabytes : baseline.Instances.Where(instance => instances.Contains(instance.Id)).Sum(instance => instance.Megabytes))
        * 1024 * 1024 * Reserve);

    private static JsonArray ToArray(IEnumerable<int> numbers) => new([.. numbers.Select(number => (JsonNode)number)]);

    private static string Gigabytes(long bytes) => (bytes / 1073741824d).ToString("0.0", CultureInfo.InvariantCulture);
}
