using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using SpeElsa.Lab.Shell;
using SpeElsa.Machines;

namespace SpeElsa.Lab.Tests.Windows;

/// <summary>
/// Every script of the library with every fault of the lab: what the caller is told, and that doing it again leaves every effect once.
/// </summary>
public sealed class FaultMatrixTests
{
    private const string Ok = "ok";
    private const string Running = "running";
    private const string Abandoned = "abandoned";
    private static readonly TimeSpan Skew = TimeSpan.FromHours(3);

    // What stands here is for a script by invocation and for one by ticket, where the script does not tell otherwise.
    private static readonly Dictionary<LabFaultKind, (string Invoked, string ByTicket)> Usual = new()
    {
        [LabFaultKind.Delay] = (Ok, Ok),
        [LabFaultKind.Hang] = (ScriptErrorCodes.TimedOut, Running),
        [LabFaultKind.LostReply] = (ScriptErrorCodes.NoResult, Abandoned),
        [LabFaultKind.CutMidStream] = (ScriptErrorCodes.NoResult, Abandoned),
        [LabFaultKind.WrongExitCode] = (Ok, Ok), // The result is there; what PowerShell ends with adds nothing.
        [LabFaultKind.PartialCopy] = (Ok, Ok),
        [LabFaultKind.BitFlip] = (Ok, Ok),
        [LabFaultKind.LockedFile] = (Ok, Ok),
        [LabFaultKind.DiskFull] = (Ok, Ok),
        [LabFaultKind.Reboot] = (ScriptErrorCodes.NoResult, Abandoned),
        [LabFaultKind.ClockSkew] = (Ok, Ok),
        [LabFaultKind.HostKeyChange] = (ScriptErrorCodes.HostKeyChanged, ScriptErrorCodes.HostKeyChanged),
        [LabFaultKind.ApiOff] = (Ok, Ok), // The Management API is another way; ManagementApiFaultTests has what its callers are told.
        [LabFaultKind.CertificateChanged] = (Ok, Ok),
    };

    private static readonly Dictionary<(string Script, LabFaultKind Fault), string> Special = new()
    {
        [("Copy-Directory", LabFaultKind.WrongExitCode)] = ScriptErrorCodes.CopyFailed,
        [("Copy-Directory", LabFaultKind.PartialCopy)] = ScriptErrorCodes.CopyIncomplete,
        [("Copy-Directory", LabFaultKind.LockedFile)] = ScriptErrorCodes.CopyLocked,
        [("Copy-Directory", LabFaultKind.DiskFull)] = ScriptErrorCodes.CopyIncomplete,
        [("Copy-File", LabFaultKind.PartialCopy)] = ScriptErrorCodes.Failed,
        [("Copy-File", LabFaultKind.BitFlip)] = ScriptErrorCodes.CopyIncomplete,
        [("Copy-File", LabFaultKind.LockedFile)] = ScriptErrorCodes.Failed,
        [("Copy-File", LabFaultKind.DiskFull)] = ScriptErrorCodes.Failed,
        [("Install-MailStore", LabFaultKind.WrongExitCode)] = ScriptErrorCodes.InstallFailed,
        [("Get-DirectoryManifest", LabFaultKind.DiskFull)] = ScriptErrorCodes.Failed,
        [("New-VolumeSnapshot", LabFaultKind.DiskFull)] = ScriptErrorCodes.Failed,
        [("Export-Certificates", LabFaultKind.DiskFull)] = ScriptErrorCodes.Failed,
        [("Import-Certificates", LabFaultKind.DiskFull)] = ScriptErrorCodes.Failed,
    };

    // What the message has to say: the cause, and what to do.
    private static readonly Dictionary<(LabFaultKind Fault, string Told), string[]> Words = new()
    {
        [(LabFaultKind.Hang, ScriptErrorCodes.TimedOut)] = ["did not end within 1 s", "look before you do it again"],
        [(LabFaultKind.LostReply, ScriptErrorCodes.NoResult)] = ["connection broke", "look before you do it again"],
        [(LabFaultKind.CutMidStream, ScriptErrorCodes.NoResult)] = ["connection broke", "look before you do it again"],
        [(LabFaultKind.Reboot, ScriptErrorCodes.NoResult)] = ["machine was restarted", "look before you do it again"],
        [(LabFaultKind.HostKeyChange, ScriptErrorCodes.HostKeyChanged)] = ["host key of 127.0.0.1", "trusted is SHA256:", "before you trust the new one"],
        [(LabFaultKind.WrongExitCode, ScriptErrorCodes.CopyFailed)] = ["exit code 16", FaultScenario.Archive],
        [(LabFaultKind.WrongExitCode, ScriptErrorCodes.InstallFailed)] = ["exit code 1603"],
        [(LabFaultKind.PartialCopy, ScriptErrorCodes.CopyIncomplete)] = ["Master.fdb", "Windows error 64", "trying again copies the rest"],
        [(LabFaultKind.LockedFile, ScriptErrorCodes.CopyLocked)] = ["are in use", "Master.fdb"],
        [(LabFaultKind.PartialCopy, ScriptErrorCodes.Failed)] = ["no longer available"],
        [(LabFaultKind.BitFlip, ScriptErrorCodes.CopyIncomplete)] = ["Master.fdb.arriving", "another hash", "Nothing was replaced"],
        [(LabFaultKind.LockedFile, ScriptErrorCodes.Failed)] = ["Master.fdb", "used by another process"],
        [(LabFaultKind.DiskFull, ScriptErrorCodes.CopyIncomplete)] = ["the disk is full", "free space"],
        [(LabFaultKind.DiskFull, ScriptErrorCodes.Failed)] = ["not enough space on the disk"],
    };

    private static readonly ConcurrentDictionary<string, Task<IReadOnlyList<string>>> Undisturbed = new();

    // A new fault or script without a row here fails, so neither can be forgotten.
    public static TheoryData<string, LabFaultKind> All
    {
        get
        {
            var data = new TheoryData<string, LabFaultKind>();
            foreach (var script in MachineScripts.All)
            {
                foreach (var fault in Enum.GetValues<LabFaultKind>())
                {
                    data.Add(script.Name, fault);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_caller_is_told_what_is_known_and_doing_it_again_leaves_every_effect_once(string name, LabFaultKind kind)
    {
        var script = MachineScripts.All.Single(script => script.Name == name);
        var expectedEffects = await Undisturbed.GetOrAdd(name, _ => UndisturbedAsync(script));
        await using var farm = new TestFarm(way: kind is LabFaultKind.HostKeyChange ? Way.Ssh : Way.InProcess);
        var use = FaultScenario.Prepare(farm, script);
        if (kind is LabFaultKind.HostKeyChange)
        {
            var (ssh, _) = farm.Ssh(use.Server.Name);
            farm.Farm.Faults.ChangeHostKey = _ => ssh.ChangeHostKeyAsync().GetAwaiter().GetResult();
        }

        farm.Farm.Faults.Set(use.Server, new LabFault(kind, name, Time: kind is LabFaultKind.ClockSkew ? Skew : TimeSpan.FromMilliseconds(50)));

        // A script that hangs is to be given up soon; for all others the time that there is counts.
        var timeouts = kind is LabFaultKind.Hang && !use.ByTicket ? new MachineTimeouts { Invocation = TimeSpan.FromSeconds(1) } : MachineTimeouts.Standard;
        var (told, error, message) = await RunAsync(new ScriptedMachine(use.Server.Name, farm.Transport(use.Server.Name), timeouts), use, "t-1", kind is LabFaultKind.Hang);

        var usual = use.ByTicket ? Usual[kind].ByTicket : Usual[kind].Invoked;
        Assert.Equal(Special.GetValueOrDefault((name, kind), usual), told);
        AssertClear(use, kind, error, message);

        // It is done again, as a step does: by another ticket, after a look whether it is done.
        var machine = new ScriptedMachine(use.Server.Name, farm.Farm.Transport(use.Server.Name), new MachineTimeouts { CancelGrace = TimeSpan.FromSeconds(1) });
        if (told == Running)
        {
            await machine.CancelAsync("t-1", TestFarm.Cancelled);
        }

        await TestFarm.UntilAsync(() => kind is not LabFaultKind.Reboot || use.Server.Effects.Any(effect => effect.Kind == LabEffectKinds.Reboot));
        farm.Farm.Faults.Clear(use.Server);
        if (!await use.IsDoneAsync(machine))
        {
            var again = await RunAsync(machine, use, "t-2", mayHang: false);
            Assert.True(again.Told == Ok, again.Message);
        }

        Assert.Equal(expectedEffects, Effects(use.Server));
        await machine.InvokeAsync(MachineScripts.FindTransferLeftovers, new JsonObject { ["remove"] = true }, TestFarm.Cancelled);
        Assert.Empty(Directory.EnumerateFiles(use.Server.DriveRoot, "*.pfx", SearchOption.AllDirectories));
        if (script == MachineScripts.CopyDirectory)
        {
            // robocopy does not notice a flipped bit, now or later; the manifests do.
            Assert.Equal(kind is not LabFaultKind.BitFlip, await ManifestAsync(farm, "spe-old") == await ManifestAsync(farm, "spe-new"));
        }
    }

    public static MatrixTheoryData<string, LabFaultKind> Verbs { get; } = new(
        ["Start-Ticket", "Get-TicketStatus", "Stop-Ticket", "Complete-Ticket"],
        [LabFaultKind.Delay, LabFaultKind.Hang, LabFaultKind.LostReply, LabFaultKind.CutMidStream, LabFaultKind.Reboot]);

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task A_verb_of_a_ticket_that_goes_wrong_is_said_again_and_does_nothing_twice(string verb, LabFaultKind kind)
    {
        var script = MachineScripts.CopyDirectory;
        var expectedEffects = await Undisturbed.GetOrAdd(script.Name, _ => UndisturbedAsync(script));
        await using var farm = new TestFarm();
        var use = FaultScenario.Prepare(farm, script);
        farm.Farm.Faults.Set(use.Server, new LabFault(kind, verb, Time: TimeSpan.FromMilliseconds(50)));
        var patience = new MachineTimeouts { TicketVerb = kind is LabFaultKind.Hang ? TimeSpan.FromSeconds(1) : MachineTimeouts.Standard.TicketVerb };
        var machine = new ScriptedMachine(use.Server.Name, farm.Transport(use.Server.Name), patience);

        // A machine that restarts takes the script along; what it did is open, and another ticket does the rest.
        var told = (await RunAsync(machine, use, "t-1", mayHang: false)).Told;
        Assert.True(told == Ok || (told == Abandoned && kind is LabFaultKind.Reboot), told);

        // Where the script was done before anybody asked, nobody has asked yet.
        await SayAsync(() => machine.GetStatusAsync("t-1", 0, TestFarm.Cancelled));
        await SayAsync(() => machine.CancelAsync("t-1", TestFarm.Cancelled));
        await SayAsync(() => machine.CompleteAsync("t-1", TestFarm.Cancelled));
        if (told != Ok)
        {
            Assert.Equal(Ok, (await RunAsync(machine, use, "t-2", mayHang: false)).Told);
            await SayAsync(() => machine.CompleteAsync("t-2", TestFarm.Cancelled));
        }

        Assert.Empty(farm.Farm.Faults.List(use.Server));
        Assert.Equal(expectedEffects, Effects(use.Server));
        Assert.Equal(TicketState.Unknown, (await machine.GetStatusAsync("t-1", 0, TestFarm.Cancelled)).State);
    }

    [Fact]
    public async Task A_clock_that_is_wrong_shows_in_the_facts_of_the_server_until_it_is_cleared()
    {
        await using var farm = new TestFarm();
        farm.Farm.Faults.Set(farm.Old, new LabFault(LabFaultKind.ClockSkew, Time: Skew));
        var input = new JsonObject { ["installDirectory"] = @"C:\X" };

        var wrong = await farm.InvokeAsync("spe-old", MachineScripts.GetServerFacts, input);
        farm.Farm.Faults.Clear(farm.Old);
        var right = await farm.InvokeAsync("spe-old", MachineScripts.GetServerFacts, input);

        Assert.True(wrong.GetProperty("utcNow").GetDateTimeOffset() - right.GetProperty("utcNow").GetDateTimeOffset() > Skew - TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task A_fault_happens_at_its_occurrence_once_on_its_server_and_to_its_script()
    {
        await using var farm = new TestFarm();
        var input = new JsonObject { ["paths"] = new JsonArray(@"C:\Windows") };
        farm.Farm.Faults.Set(farm.Old, new LabFault(LabFaultKind.LostReply, "Get-PathFacts", Occurrence: 2));

        await farm.InvokeAsync("spe-new", MachineScripts.GetPathFacts, input);
        await farm.InvokeAsync("spe-old", MachineScripts.GetServerFacts, new JsonObject { ["installDirectory"] = @"C:\X" });
        await farm.InvokeAsync("spe-old", MachineScripts.GetPathFacts, input);
        Assert.Single(farm.Farm.Faults.List(farm.Old));
        Assert.Equal(ScriptErrorCodes.NoResult, (await farm.FailAsync("spe-old", MachineScripts.GetPathFacts, input)).Error.Code);
        Assert.Empty(farm.Farm.Faults.List(farm.Old));
        await farm.InvokeAsync("spe-old", MachineScripts.GetPathFacts, input);

        Assert.Throws<ArgumentException>(() => farm.Farm.Faults.Set(farm.Old, new LabFault(LabFaultKind.Delay, Occurrence: 0)));
        Assert.Throws<ArgumentException>(() => farm.Farm.Faults.Set(farm.Old, new LabFault(LabFaultKind.HostKeyChange)));
    }

    /// <summary>A restart stops all that run; one that ends by itself in that moment is no reason not to restart.</summary>
    [Fact]
    public async Task A_run_that_has_ended_can_be_stopped()
    {
        await using var farm = new TestFarm();
        var run = new LabRun("Get-PathFacts", farm.Old, farm.Farm.Hold, null);
        run.Dispose();

        Assert.Null(Record.Exception(run.Stop));
    }

    private static void AssertClear(FaultScenario use, LabFaultKind kind, ScriptError? error, string? message)
    {
        if (error is null)
        {
            return;
        }

        Assert.All(Words[(kind, error.Code)], word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
        Assert.Equal(use.Script.Name, error.Script ?? use.Script.Name);
        if (message is not null && !use.ByTicket)
        {
            Assert.StartsWith($"Script {use.Script.Name} failed on machine {use.Server.Name}: ", message, StringComparison.Ordinal);
        }
        else if (message is not null)
        {
            Assert.Contains($"on machine {use.Server.Name}: ", message, StringComparison.Ordinal);
        }
    }

    /// <summary>What a run by that name does when nothing goes wrong.</summary>
    private static async Task<IReadOnlyList<string>> UndisturbedAsync(MachineScript script)
    {
        await using var farm = new TestFarm();
        var use = FaultScenario.Prepare(farm, script);
        var first = await RunAsync(farm.Machine(use.Server.Name), use, "t-1", mayHang: false);
        Assert.True(first.Told == Ok, first.Message);
        return Effects(use.Server);
    }

    // An export changes nothing on the machine, and its result is kept nowhere: after a lost one it has to be made again.
    private static IReadOnlyList<string> Effects(LabServer server) =>
    [
        .. server.Effects.Where(effect => effect.Kind is not (LabEffectKinds.Reboot or LabEffectKinds.CertificateExport))
            .Select(effect => $"{effect.Kind} {(IsMadeUp(effect.Kind) ? "" : effect.Target)}")
            .Order(StringComparer.Ordinal),
    ];

    // The thumbprints and snapshots of each farm are its own.
    private static bool IsMadeUp(string kind) => kind.StartsWith("certificate", StringComparison.Ordinal) || kind.StartsWith("snapshot", StringComparison.Ordinal);

    private static async Task<(string Told, ScriptError? Error, string? Message)> RunAsync(IMachine machine, FaultScenario use, string ticket, bool mayHang)
    {
        try
        {
            if (!use.ByTicket)
            {
                await machine.InvokeAsync(use.Script, use.Input(), TestFarm.Cancelled);
                return (Ok, null, null);
            }

            var status = await AskAsync(() => machine.StartAsync(ticket, use.Script, use.Input(), TestFarm.Cancelled));
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (!status.IsFinal && !(mayHang && status.State is TicketState.Running))
            {
                await timer.WaitForNextTickAsync(TestFarm.Cancelled);
                status = await AskAsync(() => machine.GetStatusAsync(ticket, 0, TestFarm.Cancelled));
            }

            return status.State switch
            {
                TicketState.Succeeded => (Ok, null, null),
                TicketState.Failed => (status.Error!.Code, status.Error, null),
                TicketState.Abandoned => (Abandoned, null, null),
                var state => (state.ToString().ToLowerInvariant(), null, null),
            };
        }
        catch (MachineScriptException exception) when (exception.Script == use.Script.Name || use.ByTicket)
        {
            return (exception.Error.Code, exception.Error with { Script = use.Script.Name }, exception.Message);
        }
    }

    // A verb whose answer is lost, or that meets a machine on its way up, is said again: that changes nothing.
    private static async Task<TicketStatus> AskAsync(Func<Task<TicketStatus>> ask)
    {
        TicketStatus? answer = null;
        await SayAsync(async () => answer = await ask());
        return answer!;
    }

    private static async Task SayAsync(Func<Task> say)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            try
            {
                await say();
                return;
            }
            catch (MachineScriptException exception) when (exception.Error.Code is ScriptErrorCodes.NoResult or ScriptErrorCodes.Unreachable or ScriptErrorCodes.TimedOut)
            {
                await timer.WaitForNextTickAsync(TestFarm.Cancelled);
            }
        }
    }

    private static async Task<string> ManifestAsync(TestFarm farm, string server)
    {
        var status = await new ScriptedMachine(server, farm.Farm.Transport(server)).StartAsync($"m-{server}", MachineScripts.GetDirectoryManifest, new JsonObject { ["path"] = FaultScenario.Archive }, TestFarm.Cancelled);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!status.IsFinal)
        {
            await timer.WaitForNextTickAsync(TestFarm.Cancelled);
            status = await new ScriptedMachine(server, farm.Farm.Transport(server)).GetStatusAsync($"m-{server}", 0, TestFarm.Cancelled);
        }

        return status.Result!.Value.GetProperty("digest").GetString()!;
    }
}
