using System.Text;
using System.Text.Json.Nodes;
using SpeElsa.Lab.Tests.Windows;
using SpeElsa.Machines;
using SpeElsa.Machines.Ssh;

namespace SpeElsa.Lab.Tests.Ssh;

/// <summary>The way over a real OpenSSH server: what it carries, and how it says what is wrong.</summary>
public sealed class SshTransportTests : IAsyncDisposable
{
    private static readonly MachineScript Echo = new("Get-Echo", "Write-SpeResult @{ text = [string](Get-SpeInput 'text') }\n");

    private readonly TestFarm _farm = new();
    private readonly LabSshServer _ssh;

    public SshTransportTests() => _ssh = LabSshServer.Start(() => _farm.Farm.Transport("spe-old"));

    public async ValueTask DisposeAsync()
    {
        await _ssh.DisposeAsync();
        await _farm.DisposeAsync();
    }

    [Fact]
    public async Task Invoke_CarriesEveryCharacterBothWays_AndNothingOfItOnTheCommandLine()
    {
        const string Text = "Gr\u00fc\u00dfe \u20ac \ud83d\ude00 \"'`$(x)\\ \r\n line two";
        using var transport = _ssh.Transport();
        var machine = new ScriptedMachine("spe-old", transport);

        var result = await machine.InvokeAsync(Echo, new JsonObject { ["text"] = Text }, TestFarm.Cancelled);
        var again = await machine.InvokeAsync(Echo, new JsonObject { ["text"] = "s3cret" }, TestFarm.Cancelled);

        Assert.Equal(Text, result.GetProperty("text").GetString());
        Assert.Equal("s3cret", again.GetProperty("text").GetString());
        Assert.Equal(2, _ssh.Commands.Count);
        Assert.Single(_ssh.Commands.Distinct());
        var command = _ssh.Commands.First();
        Assert.DoesNotContain("Get-Echo", command + Encoding.Unicode.GetString(Convert.FromBase64String(command.Split(' ')[^1])), StringComparison.Ordinal);
        Assert.InRange(command.Length, 1, 8191); // What cmd.exe takes.
    }

    [Fact]
    public async Task Invoke_LargeResult_ArrivesWhole()
    {
        var large = new MachineScript("Get-Large", "Write-SpeResult @{ text = ('0123456789' * 20000) }\n");
        using var transport = _ssh.Transport();

        var result = await new ScriptedMachine("spe-old", transport).InvokeAsync(large, [], TestFarm.Cancelled);

        Assert.Equal(string.Concat(Enumerable.Repeat("0123456789", 20000)), result.GetProperty("text").GetString());
    }

    [Fact]
    public async Task Invoke_ScriptError_ComesWithItsPlace()
    {
        var failure = await FailAsync(_ssh.Options, new MachineScript("Get-Fault", "$a = 1\nGet-Item -LiteralPath 'C:\\none'\n"));

        Assert.Equal((ScriptErrorCodes.Failed, "Get-Fault", 2), (failure.Error.Code, failure.Error.Script, failure.Error.Line));
    }

    [Fact]
    public async Task FirstContact_ShowsTheFingerprint_AndWorksWithIt()
    {
        var failure = await FailAsync(_ssh.Options with { HostKey = null });

        Assert.Equal(ScriptErrorCodes.HostNotTrusted, failure.Error.Code);
        Assert.Contains(_ssh.HostKey, failure.Message, StringComparison.Ordinal);
        Assert.False(failure.CanRetry);
        Assert.Empty(_ssh.Commands);
        using var transport = _ssh.Transport();
        await new ScriptedMachine("spe-old", transport).InvokeAsync(Echo, new JsonObject { ["text"] = "" }, TestFarm.Cancelled);
    }

    [Fact]
    public async Task AnotherHostKey_IsRefused_AndBothAreShown()
    {
        var trusted = "SHA256:" + new string('A', 43);

        var failure = await FailAsync(_ssh.Options with { HostKey = trusted });

        Assert.Equal(ScriptErrorCodes.HostKeyChanged, failure.Error.Code);
        Assert.Contains(trusted, failure.Message, StringComparison.Ordinal);
        Assert.Contains(_ssh.HostKey, failure.Message, StringComparison.Ordinal);
        Assert.Empty(_ssh.Commands);
    }

    [Theory]
    [InlineData("key", "nobody-here", "does not let nobody-here in")]
    [InlineData("bad", null, "not a private key")]
    [InlineData("none", null, "not in the secret store")]
    public async Task NotLetIn_SaysWhy(string key, string? user, string message)
    {
        var failure = await FailAsync(_ssh.Options with { PrivateKeySecret = key, UserName = user ?? Environment.UserName });

        Assert.Equal(ScriptErrorCodes.AuthenticationFailed, failure.Error.Code);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PasswordThatTheServerDoesNotTake_IsAuthenticationFailed()
    {
        var failure = await FailAsync(_ssh.Options with { PrivateKeySecret = null, PasswordSecret = "key" });

        Assert.Equal(ScriptErrorCodes.AuthenticationFailed, failure.Error.Code);
    }

    [Fact]
    public async Task NothingListens_IsRefused()
    {
        var failure = await FailAsync(_ssh.Options with { Port = 1 });

        Assert.Equal((ScriptErrorCodes.ConnectionRefused, true), (failure.Error.Code, failure.CanRetry));
        Assert.Contains("127.0.0.1:1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoSuchHost_IsUnreachable()
    {
        var failure = await FailAsync(_ssh.Options with { Host = "no-such-host.invalid" });

        Assert.Equal((ScriptErrorCodes.Unreachable, true), (failure.Error.Code, failure.CanRetry));
    }

    [Theory]
    [InlineData("'powershell.exe' is not recognized as an internal or external command,", 1)]
    [InlineData("bash: line 1: powershell.exe: command not found", 127)]
    public async Task NoPowerShell_IsSaid(string error, int exitCode)
    {
        _ssh.InPlaceOfPowerShell = (error, exitCode);

        var failure = await FailAsync(_ssh.Options);

        Assert.Equal((ScriptErrorCodes.PowerShellMissing, false), (failure.Error.Code, failure.CanRetry));
    }

    [Fact]
    public async Task ConnectionCutBeforeTheResult_IsOpen_AndTheEffectIsThereOnce()
    {
        var effect = new MachineScript("New-Effect", "[void](New-Item -ItemType Directory -Path 'C:\\effect')\nWrite-SpeResult @{ done = $true }\n");
        _ssh.CutAt = line => line.Contains("\"result\"", StringComparison.Ordinal);

        var failure = await FailAsync(_ssh.Options, effect);

        Assert.Equal((ScriptErrorCodes.NoResult, true), (failure.Error.Code, failure.CanRetry));
        Assert.True(Directory.Exists(_farm.Old.ToLocalPath(@"C:\effect")));
        Assert.Single(_ssh.Commands);
    }

    [Fact]
    public async Task Cancelled_StopsWaiting_AndTheNextScriptRuns()
    {
        var begun = new TaskCompletionSource();
        using var stop = new CancellationTokenSource();
        using var transport = _ssh.Transport(_ssh.Options with { Concurrency = 1 });
        var machine = new ScriptedMachine("spe-old", transport);
        _ssh.CutAt = line =>
        {
            begun.TrySetResult();
            return false;
        };
        var waiting = machine.InvokeAsync(new MachineScript("Wait-Long", "while ($true) { Start-Sleep -Milliseconds 50 }\n"), [], stop.Token);
        await begun.Task.WaitAsync(TestFarm.Cancelled);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await machine.InvokeAsync(Echo, new JsonObject { ["text"] = "" }, TestFarm.Cancelled);
    }

    [Fact]
    public async Task MoreThanTheConcurrency_Wait()
    {
        using var transport = _ssh.Transport(_ssh.Options with { Concurrency = 2 });
        var machine = new ScriptedMachine("spe-old", transport);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => machine.InvokeAsync(Echo, new JsonObject { ["text"] = "" }, TestFarm.Cancelled)));

        Assert.Equal(6, _ssh.Commands.Count);
        Assert.InRange(_ssh.MostAtATime, 1, 2);
    }

    [Fact]
    public async Task ThroughAJumpHost_BothKeysArePinned()
    {
        var options = _ssh.Options with { JumpHost = _ssh.Options };
        using var transport = _ssh.Transport(options);

        var result = await new ScriptedMachine("spe-old", transport).InvokeAsync(Echo, new JsonObject { ["text"] = "far" }, TestFarm.Cancelled);
        var jump = await FailAsync(options with { JumpHost = _ssh.Options with { HostKey = null } });
        var machine = await FailAsync(options with { HostKey = null });

        Assert.Equal("far", result.GetProperty("text").GetString());
        Assert.Equal(ScriptErrorCodes.HostNotTrusted, jump.Error.Code);
        Assert.Equal(ScriptErrorCodes.HostNotTrusted, machine.Error.Code);
    }

    private async Task<MachineScriptException> FailAsync(SshOptions options, MachineScript? script = null)
    {
        using var transport = _ssh.Transport(options);
        return await Assert.ThrowsAsync<MachineScriptException>(() =>
            new ScriptedMachine("spe-old", transport).InvokeAsync(script ?? Echo, new JsonObject { ["text"] = "" }, TestFarm.Cancelled));
    }
}
