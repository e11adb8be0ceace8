using SpeElsa.Machines;

namespace SpeElsa.Lab;

// What runs on the server: scripts that came through the transport, and scheduled tasks.
public sealed partial class LabServer
{
    internal IMachineTransport Transport => throw new NotSupportedException();

    private static void StopScripts() { }
}
