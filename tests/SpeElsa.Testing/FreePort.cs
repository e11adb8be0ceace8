using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SpeElsa.Testing;

/// <summary>A loopback port for a program that is started later, or never, or is down for a while. No other call is given it while this process lives.</summary>
public static class FreePort
{
    // Below the ports that a system gives to outgoing connections and the lab to its servers: one of those could have it before the program does, or while it is down.
    private const int First = 11_000;
    private const int Pairs = 4_500;
    private static readonly ConcurrentBag<TcpListener> Claims = [];

    public static int Find()
    {
        while (true)
        {
            // Whoever listens on the port below it has it, in whichever process.
            var claimed = First + (2 * Random.Shared.Next(Pairs));
            var claim = new TcpListener(IPAddress.Loopback, claimed);
            using var port = new TcpListener(IPAddress.Loopback, claimed + 1);
            try
            {
                claim.Start();
                port.Start();
                Claims.Add(claim);
                return claimed + 1;
            }
            catch (SocketException)
            {
                claim.Dispose();
            }
        }
    }
}
