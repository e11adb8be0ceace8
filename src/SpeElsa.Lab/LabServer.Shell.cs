using System.Collections.Concurrent;
using SpeElsa.Lab.Shell;
using SpeElsa.Machines;

namespace SpeElsa.Lab;

// What runs on the server: scripts that came through the transport, and scheduled tasks; and what answers on the network.
public sealed partial class LabServer
{
    private const int FileSharingPort = 445;
    private readonly LabShell _shell;
    private readonly ConcurrentDictionary<int, bool> _ports = new();

    internal IMachineTransport Transport => _shell;

    internal LabShell Shell => _shell;

    /// <summary>Opens or closes a TCP port, as the machines of the farm see it. File sharing (445) is open from the start.</summary>
    /// <param name="port">The port, as the product's documentation names it, whatever port stands for it on loopback.</param>
    /// <param name="open">Whether something answers there.</param>
    public void SetPort(int port, bool open) => _ports[port] = open;

    /// <summary>Whether something answers on a TCP port.</summary>
    /// <param name="port">The port.</param>
    /// <returns>True when it does.</returns>
    public bool IsPortOpen(int port) => _ports.TryGetValue(port, out var open) ? open : port == FileSharingPort;

    private void StopScripts() => _shell.StopAll();
}
