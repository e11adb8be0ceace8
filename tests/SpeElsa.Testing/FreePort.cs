using System.Net;
using System.Net.Sockets;

namespace SpeElsa.Testing;

/// <summary>A loopback port for a program that is started later, or never.</summary>
public static class FreePort
{
    // Below the ports that a system gives to outgoing connections and the lab to its servers: one of those could have it before the program does, or while it is down.
    private const int First = 11_000;
    private const int Last = 19_999;

    public static int Find()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last + 1);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // It is taken.
            }
        }
    }
}
