using SpeElsa.Machines.Ssh;

namespace SpeElsa.Machines.Tests;

/// <summary>What the ways to a machine say before they reach one. What goes over SSH is tested with the lab.</summary>
public sealed class TransportTests
{
    private static readonly SshOptions Usable = new() { Host = "spe-old", UserName = "admin", PasswordSecret = "p" };

    [Fact]
    public void Options_ThatCanBeUsed_HaveNoFault() =>
        Assert.Empty((Usable with { JumpHost = Usable with { PasswordSecret = null, PrivateKeySecret = "k" } }).Faults());

    [Fact]
    public void Options_ThatCannotBeUsed_AreRefusedWithEveryCure()
    {
        var options = new SshOptions
        {
            Port = 0,
            Concurrency = 0,
            KeepAlive = TimeSpan.Zero,
            JumpHost = Usable with { PrivateKeySecret = "k", JumpHost = Usable },
        };

        var failure = Assert.Throws<ArgumentException>(() => new SshTransport(options, (_, _) => ValueTask.FromResult<string?>(null)));

        Assert.All(
            [
                "Host is missing", "UserName is missing", "Port 0", "Name either PrivateKeySecret or PasswordSecret", "Concurrency", "KeepAlive",
                "JumpHost: Name either", "A jump host cannot have a jump host",
            ],
            text => Assert.Contains(text, failure.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Local_NoPowerShell_IsSaid()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "This computer has Windows PowerShell.");
        var script = new MachineScript("Get-Answer", "Write-SpeResult @{ answer = 42 }\n");

        var failure = await Assert.ThrowsAsync<MachineScriptException>(() =>
            new ScriptedMachine("here", new LocalTransport()).InvokeAsync(script, [], TestContext.Current.CancellationToken));

        Assert.Equal((ScriptErrorCodes.PowerShellMissing, false), (failure.Error.Code, failure.CanRetry));
    }
}
