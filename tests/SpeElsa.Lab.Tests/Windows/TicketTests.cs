using System.Text.Json.Nodes;
using SpeElsa.Machines;

namespace SpeElsa.Lab.Tests.Windows;

/// <summary>What a ticket promises, whatever the way to the machine.</summary>
public abstract class TicketTests : MachineSuite
{
    private const string TicketFolder = @"C:\ProgramData\SpeElsa\Tickets\t-1";

    // A script that says what it does, and waits for a file, so that the test decides the moment.
    private static readonly MachineScript Waiter = new("Wait-ForFile", """
        $path = [string](Get-SpeInput 'path')
        Write-SpeLog 'information' 'one'
        Write-SpeLog 'warning' 'two'
        Stop-Role
        while (-not (Test-Path -LiteralPath $path)) {
            Write-SpeProgress 1 2 3 4 'waiting' -force
            Start-Sleep -Milliseconds 20
        }

        Write-SpeLog 'information' 'three'
        Write-SpeResult @{ list = @('only'); none = @(); umlaut = [string](Get-SpeInput 'umlaut' '') }
        """.Replace("Stop-Role", "(Get-Service -Name 'Role').Stop()", StringComparison.Ordinal));

    protected TicketTests(Way way)
        : base(way) => Farm.Old.AddService(new LabService { Name = "Role", State = LabService.Running });

    private IMachine Machine => Farm.OldMachine;

    private static JsonObject Input => new() { ["path"] = @"C:\go.txt", ["umlaut"] = "\u00e4\u20ac\ud83d\ude00" };

    private int Runs => TestFarm.Targets(Farm.Old, LabEffectKinds.ServiceStop).Count;

    [Fact]
    public async Task Start_TwiceAtOnceAndOnceMoreLater_RunsOnce()
    {
        var both = await Task.WhenAll(StartAsync(), StartAsync());
        TestFarm.Write(Farm.Old, @"C:\go.txt", "");
        var ended = await Farm.WaitAsync("spe-old", "t-1", status => status.IsFinal);
        var later = await StartAsync();

        Assert.All(both, status => Assert.Equal(TicketState.Running, status.State));
        Assert.Equal(TicketState.Succeeded, ended.State);
        Assert.Equal(TicketState.Succeeded, later.State);
        Assert.Equal(1, Runs);
    }

    [Fact]
    public async Task Status_GivesTheLogAfterASequence_TheProgressAndTheResult()
    {
        await StartAsync();
        var running = await Farm.WaitAsync("spe-old", "t-1", status => status.LastSequence == 2 && status.Progress is not null);
        var rest = await Machine.GetStatusAsync("t-1", 1, TestFarm.Cancelled);
        TestFarm.Write(Farm.Old, @"C:\go.txt", "");
        var ended = await Farm.WaitAsync("spe-old", "t-1", status => status.IsFinal);

        Assert.Equal([(1L, "information", "one"), (2L, "warning", "two")], running.Log.Select(entry => (entry.Sequence, entry.Level, entry.Message)));
        Assert.Equal((1L, 2L, 3L, 4L, "waiting"), (running.Progress!.BytesDone, running.Progress.BytesTotal, running.Progress.FilesDone,
            running.Progress.FilesTotal, running.Progress.Activity));
        Assert.Equal([2L], rest.Log.Select(entry => entry.Sequence));
        Assert.Equal(3, ended.LastSequence);
        Assert.Equal("only", Assert.Single(ended.Result!.Value.GetProperty("list").EnumerateArray()).GetString());
        Assert.Empty(ended.Result!.Value.GetProperty("none").EnumerateArray());
        Assert.Equal("\u00e4\u20ac\ud83d\ude00", ended.Result!.Value.GetProperty("umlaut").GetString());
        Assert.True(ended.Log[0].Timestamp > TimeProvider.System.GetUtcNow().AddMinutes(-5));
    }

    [Fact]
    public async Task Status_NoSuchTicket_IsUnknown()
    {
        var status = await Machine.GetStatusAsync("nobody", 0, TestFarm.Cancelled);

        Assert.Equal(TicketState.Unknown, status.State);
        Assert.False(status.IsFinal);
    }

    [Fact]
    public async Task Cancel_StopsTheScript_AndStaysCancelled()
    {
        await StartAsync();

        await Machine.CancelAsync("t-1", TestFarm.Cancelled);
        await Machine.CancelAsync("t-1", TestFarm.Cancelled);

        Assert.Equal(TicketState.Cancelled, (await Machine.GetStatusAsync("t-1", 0, TestFarm.Cancelled)).State);
        Assert.Equal(TicketState.Cancelled, (await StartAsync()).State);
        Assert.InRange(Runs, 0, 1);
    }

    [Fact]
    public async Task Cancel_ScriptThatDoesNotLook_IsEndedAfterTheGrace()
    {
        var deaf = new MachineScript("Wait-Deaf", "while ($true) { Start-Sleep -Seconds 60 }");
        var machine = new ScriptedMachine(
            "spe-old", Farm.Transport("spe-old"), new MachineTimeouts { CancelGrace = TimeSpan.FromSeconds(1) });
        await machine.StartAsync("t-1", deaf, [], TestFarm.Cancelled);

        await machine.CancelAsync("t-1", TestFarm.Cancelled);

        Assert.Equal(TicketState.Cancelled, (await machine.GetStatusAsync("t-1", 0, TestFarm.Cancelled)).State);
    }

    [Fact]
    public async Task Cancel_EndedOrUnknown_ChangesNothing()
    {
        TestFarm.Write(Farm.Old, @"C:\go.txt", "");
        await Farm.RunTicketAsync("spe-old", "t-1", Waiter, Input);

        await Machine.CancelAsync("t-1", TestFarm.Cancelled);
        await Machine.CancelAsync("nobody", TestFarm.Cancelled);

        Assert.Equal(TicketState.Succeeded, (await Machine.GetStatusAsync("t-1", 0, TestFarm.Cancelled)).State);
        Assert.Equal(TicketState.Unknown, (await Machine.GetStatusAsync("nobody", 0, TestFarm.Cancelled)).State);
    }

    [Fact]
    public async Task Complete_RemovesEverything_AndMayBeRepeated()
    {
        TestFarm.Write(Farm.Old, @"C:\go.txt", "");
        await Farm.RunTicketAsync("spe-old", "t-1", Waiter, Input);

        await Machine.CompleteAsync("t-1", TestFarm.Cancelled);
        await Machine.CompleteAsync("t-1", TestFarm.Cancelled);

        Assert.Equal(TicketState.Unknown, (await Machine.GetStatusAsync("t-1", 0, TestFarm.Cancelled)).State);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Farm.Old.ToLocalPath(@"C:\ProgramData\SpeElsa\Tickets")));
        Assert.DoesNotContain("SpeElsa-t-1", await File.ReadAllTextAsync(
            Path.Combine(Farm.Options.Directory, "spe-old", "server.json"), TestFarm.Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Complete_Running_Refuses()
    {
        await StartAsync();

        var failure = await Assert.ThrowsAsync<MachineScriptException>(() => Machine.CompleteAsync("t-1", TestFarm.Cancelled));

        Assert.Equal(ScriptErrorCodes.TicketRunning, failure.Error.Code);
    }

    [Fact]
    public async Task A_restart_of_the_machine_leaves_the_ticket_abandoned_and_it_is_not_run_again()
    {
        await StartAsync();
        await TestFarm.UntilAsync(() => Runs == 1);
        Farm.Old.Reboot();

        Assert.Equal(TicketState.Abandoned, (await Machine.GetStatusAsync("t-1", 0, TestFarm.Cancelled)).State);
        Assert.Equal(TicketState.Abandoned, (await StartAsync()).State);
        await Machine.CancelAsync("t-1", TestFarm.Cancelled);
        Assert.Equal(TicketState.Abandoned, (await Machine.GetStatusAsync("t-1", 0, TestFarm.Cancelled)).State);
        Assert.Equal(1, Runs);
        await Machine.CompleteAsync("t-1", TestFarm.Cancelled);
    }

    [Theory]
    [InlineData("before", 0, TicketState.Abandoned)]
    [InlineData("middle", 1, TicketState.Abandoned)]
    [InlineData("after", 1, TicketState.Abandoned)]
    public async Task Held_and_reopened_the_ticket_says_what_is_known(string at, int runs, TicketState state)
    {
        await Farm.ReopenAsync(options => (options.HoldScript, options.HoldAt) = ("Wait-ForFile", at));
        TestFarm.Write(Farm.Old, @"C:\go.txt", "");
        await StartAsync();
        await TestFarm.UntilAsync(() => File.Exists(Path.Combine(Farm.Options.Directory, "hold.reached")));

        await Farm.ReopenAsync(options => options.HoldScript = null);

        Assert.Equal(runs, Runs);
        Assert.Equal(state, (await Machine.GetStatusAsync("t-1", 0, TestFarm.Cancelled)).State);
    }

    [Fact]
    public async Task Prepared_but_never_begun_it_may_be_started()
    {
        TestFarm.Write(Farm.Old, TicketFolder + @"\run.ps1", "");
        Assert.Equal(TicketState.Unknown, (await Machine.GetStatusAsync("t-1", 0, TestFarm.Cancelled)).State);

        File.Delete(Farm.Old.ToLocalPath(TicketFolder + @"\run.ps1"));
        Assert.Equal(TicketState.Running, (await StartAsync()).State);
    }

    [Fact]
    public async Task A_failure_names_code_script_line_and_statement()
    {
        var script = new MachineScript("Fail-Here", "# Uses: _Service\n$a = 1\n\nGet-SpeService 'Nobody'\n");

        var status = await Farm.RunTicketAsync("spe-old", "t-1", script, []);
        var thrown = await Farm.FailAsync("spe-old", script, []);

        Assert.Equal(TicketState.Failed, status.State);
        Assert.Equal(
            new ScriptError(ScriptErrorCodes.ServiceNotFound, "There is no service 'Nobody'.", "Fail-Here", 4, "Get-SpeService 'Nobody'"),
            status.Error);
        Assert.Equal(status.Error, thrown.Error);
    }

    [Fact]
    public async Task An_error_nobody_foresaw_has_a_place_too()
    {
        var script = new MachineScript("Fail-There", "$a = 1\n$b = $a.NoSuchProperty\n");

        var failure = await Farm.FailAsync("spe-old", script, []);

        Assert.Equal(ScriptErrorCodes.Failed, failure.Error.Code);
        Assert.Equal(2, failure.Error.Line);
        Assert.Equal("$b = $a.NoSuchProperty", failure.Error.Position);
    }

    [Fact]
    public async Task Missing_input_is_told_apart()
    {
        var failure = await Farm.FailAsync("spe-old", MachineScripts.StopWindowsService, []);

        Assert.Equal(ScriptErrorCodes.InvalidInput, failure.Error.Code);
    }

    [Fact]
    public async Task A_script_without_a_result_is_a_failure()
    {
        var status = await Farm.RunTicketAsync("spe-old", "t-1", new MachineScript("Say-Nothing", "$null = 1"), []);

        Assert.Equal(TicketState.Failed, status.State);
        Assert.Equal(ScriptErrorCodes.NoResult, status.Error!.Code);
    }

    [Theory]
    [InlineData("..")]
    [InlineData(@"a\b")]
    [InlineData("trailing.")]
    [InlineData("")]
    public async Task A_name_that_is_no_ticket_is_refused(string ticket) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Machine.GetStatusAsync(ticket, 0, TestFarm.Cancelled));

    [Fact]
    public async Task InstallMailStore_RunsTheInstaller_AndReportsItsExitCode()
    {
        LabInstallation? seen = null;
        Farm.New.Installer = (installation, _) =>
        {
            seen = installation;
            return Task.FromResult(3010);
        };

        var status = await Farm.RunTicketAsync("spe-new", "install", MachineScripts.InstallMailStore, new JsonObject
        {
            ["commandLine"] = @"C:\Setup\setup.exe",
            ["arguments"] = "/quiet",
            ["installDirectory"] = @"C:\Program Files\MailStore Infrastructure",
        });

        Assert.Equal(3010, status.Result!.Value.GetProperty("exitCode").GetInt32());
        Assert.Equal((@"C:\Setup\setup.exe", "/quiet"), (seen!.CommandLine, seen.Arguments));
        Assert.Single(TestFarm.Targets(Farm.New, LabEffectKinds.Install));
    }

    [Fact]
    public async Task InstallMailStore_InstallerFails_IsAFailureWithoutEffect()
    {
        Farm.New.Installer = (_, _) => Task.FromResult(1603);

        var status = await Farm.RunTicketAsync("spe-new", "install", MachineScripts.InstallMailStore, new JsonObject
        {
            ["commandLine"] = @"C:\Setup\setup.exe",
            ["installDirectory"] = @"C:\X",
        });

        Assert.Equal(ScriptErrorCodes.InstallFailed, status.Error!.Code);
        Assert.Empty(Farm.New.Effects);
    }

    private Task<TicketStatus> StartAsync() => Machine.StartAsync("t-1", Waiter, Input, TestFarm.Cancelled);
}
