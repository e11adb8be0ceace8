using SpeElsa.Lab.Tests.Windows;
using SpeElsa.Machines.Ssh;

namespace SpeElsa.Lab.Tests.Ssh;

public sealed class TicketsInProcessTests : TicketTests;

public sealed class TicketsOverSshTests : TicketTests
{
    private readonly LabSshServer _ssh;
    private readonly SshTransport _transport;

    public TicketsOverSshTests()
    {
        _ssh = LabSshServer.Start(() => Farm.Farm.Transport("spe-old"));
        _transport = _ssh.Transport();
        Farm.Way = name => name == "spe-old" ? _transport : Farm.Farm.Transport(name);
    }

    public override async ValueTask DisposeAsync()
    {
        _transport.Dispose();
        await _ssh.DisposeAsync();
        await base.DisposeAsync();
    }
}
