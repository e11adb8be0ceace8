using System.Management.Automation;
using System.Net;
using System.Net.Sockets;

namespace SpeElsa.Lab.Shell.Commands;

[Cmdlet("Start", "Sleep")]
internal sealed class StartSleepCommand : LabCommand
{
    [Parameter]
    public int Milliseconds { get; set; }

    [Parameter]
    public int Seconds { get; set; }

    protected override void Execute() => Run.Wait(TimeSpan.FromMilliseconds(Milliseconds) + TimeSpan.FromSeconds(Seconds));
}

[Cmdlet("Start", "Process")]
internal sealed class StartProcessCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string FilePath { get; set; } = "";

    [Parameter]
    public string ArgumentList { get; set; } = "";

    [Parameter]
    public SwitchParameter Wait { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void Execute()
    {
        var installer = Server.Installer
            ?? throw new InvalidOperationException(
                "This command cannot be run due to the error: The system cannot find the file specified.");
        Run.Wait(Server.Farm.Options.SlowStep);
        var exitCode = installer(new LabInstallation(Server, FilePath, ArgumentList), Run.Stopped).GetAwaiter().GetResult();
        if (exitCode is 0 or 1641 or 3010)
        {
            Server.RecordEffect(LabEffectKinds.Install, FilePath);
            Run.TellEffect();
        }

        const int FatalError = 1603;
        WriteObject(Record(("ExitCode", Run.HasFault(LabFaultKind.WrongExitCode) ? FatalError : exitCode)));
    }
}

/// <summary>Access rights are simulated for the files of private keys only; elsewhere the command says that it has set them.</summary>
[Cmdlet("Invoke", "Icacls")]
internal sealed class InvokeIcaclsCommand : LabCommand
{
    [Parameter(ValueFromRemainingArguments = true)]
    public string[] Arguments { get; set; } = [];

    protected override void Execute()
    {
        if (Server.FindByKeyFile(Arguments[0]) is not { } certificate)
        {
            SetLastExitCode(Resolve(Arguments[0]).Exists ? 0 : 2);
            return;
        }

        foreach (var right in Arguments.SkipWhile(argument => argument != "/grant").Skip(1).TakeWhile(argument => !argument.StartsWith('/')))
        {
            Server.GrantKey(certificate.Thumbprint, right[..right.LastIndexOf(':')]);
            Run.TellEffect();
        }

        SetLastExitCode(0);
    }
}

[Cmdlet("New", "Object")]
internal sealed class NewObjectCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string TypeName { get; set; } = "";

    protected override void Execute()
    {
        if (TypeName == typeof(TcpClient).FullName)
        {
            WriteObject(new LabTcpClient(Server));
            return;
        }

        WriteObject(TypeName == AddTypeCommand.RestartManager
            ? new LabRestartManager(Server)
            : throw new InvalidOperationException($"Cannot find type [{TypeName}]: the lab makes TCP clients and Restart Managers only."));
    }
}

/// <summary>A TCP client that finds the servers of the farm; only loopback addresses are reached for real.</summary>
/// <param name="server">The server that it runs on.</param>
public sealed class LabTcpClient(LabServer server) : IDisposable
{
    private readonly CancellationTokenSource _closed = new();

    /// <summary>Connects to a server of the farm, by name, or to a loopback address.</summary>
    /// <param name="hostName">The name or address.</param>
    /// <param name="port">The port.</param>
    /// <returns>When it is connected; fails as a socket does.</returns>
    public async Task ConnectAsync(string hostName, int port)
    {
        if (IPAddress.TryParse(hostName, out var address) && IPAddress.IsLoopback(address))
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address, port, _closed.Token);
            return;
        }

        var target = string.Equals(hostName, "localhost", StringComparison.OrdinalIgnoreCase) ? server : server.Farm.Find(hostName);
        if (target is null)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        if (!target.IsPortOpen(port))
        {
            throw new SocketException((int)SocketError.ConnectionRefused);
        }
    }

    /// <summary>Gives up what has not connected.</summary>
    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }
}
