using System.Text.Json;
using SpeElsa.Activities;
using SpeElsa.Machines;

namespace SpeElsa.Server.Fleet;

/// <summary>Connects to a machine and says what is there, or why it cannot be used and what to do.</summary>
internal sealed class MachineProbe(MachineConnections connections, HostKeys hostKeys, IFleet fleet, KnownFacts known, TimeProvider timeProvider)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // Whoever is no administrator does not come this far on Windows: the start of PowerShell refuses him.
    private static readonly MachineScript Script = new("Test-Machine", """
        $system = Get-CimInstance -ClassName Win32_OperatingSystem
        Write-SpeResult ([ordered]@{
            operatingSystem = [string]$system.Caption + ' ' + [string]$system.Version
            powerShell = [string]$PSVersionTable.PSVersion
        })

        """.ReplaceLineEndings("\n"));

    public async Task<MachineTestView> TestAsync(string name, CancellationToken cancellationToken)
    {
        var way = connections.WayOf(name);
        var ssh = connections.Options(name)?.Ssh;
        var trusted = ssh is null ? null : ssh.HostKey ?? hostKeys.Find(ssh)?.Fingerprint;
        var machine = new ScriptedMachine(name, connections.Transport(name), new MachineTimeouts { Invocation = Patience }, timeProvider);
        try
        {
            var found = await machine.InvokeAsync(Script, [], cancellationToken);
            var (facts, silence) = await LookAsync(name, cancellationToken);
            return new MachineTestView(name, way, true, trusted, Text(found, "operatingSystem"), Text(found, "powerShell"), way != MachineConnections.Lab, silence, facts);
        }
        catch (MachineScriptException exception)
        {
            var shown = (exception.InnerException as MachineTransportException)?.ShownHostKey ?? (exception.Error.Code is ScriptErrorCodes.PowerShellMissing or ScriptErrorCodes.NotAdministrator ? trusted : null);
            return new MachineTestView(
                name, way, false, shown, null, null, exception.Error.Code == ScriptErrorCodes.NotAdministrator ? false : null,
                Fault(exception));
        }
    }

    /// <summary>A machine that runs scripts can be used, also when it does not tell what it is.</summary>
    private async Task<(MachineFacts? Facts, MachineFault? Silence)> LookAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var facts = await new MachineLook(fleet, timeProvider).RunAsync(name, cancellationToken);
            known.Keep(name, facts);
            return (facts, null);
        }
        catch (MachineScriptException exception)
        {
            return (null, Fault(exception));
        }
    }

    private static MachineFault Fault(MachineScriptException exception) => new(exception.Error.Code, exception.Error.Message, exception.CanRetry);

    private static string? Text(JsonElement found, string name) => found.GetProperty(name).GetString();
}
