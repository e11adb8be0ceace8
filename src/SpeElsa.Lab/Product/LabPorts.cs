using System.Net;
using System.Net.Sockets;

namespace SpeElsa.Lab;

/// <summary>
/// The loopback ports on which what the servers of a farm offer can be reached. A server keeps the ones it was given first, as long as no
/// other program takes them. While the farm is open no other farm, of this process or another, is given the same: also a stopped role's
/// port stays its own, or its clients would one day talk to somebody else's server.
/// </summary>
internal sealed class LabPorts : IDisposable
{
    // Below the range from which systems take the ports of outgoing connections, so that none of those is in the way later.
    private const int Pairs = 6_000;
    private const int FirstPort = 20_000;
    private readonly Dictionary<int, Socket> _claims = [];

    /// <returns>The port; 0 when it has none yet.</returns>
    public static int Of(LabServer server, string name) => (int?)server.State()[name] ?? 0;

    /// <summary>Claims the ports that a server has, and gives it others for those it has not or that are somebody else's.</summary>
    public void Ensure(LabServer server, params string[] names)
    {
        if (names.All(name => _claims.ContainsKey(Of(server, name))))
        {
            return;
        }

        server.UpdateState(state =>
        {
            foreach (var name in names.Where(name => !TryClaim((int?)state[name] ?? 0)))
            {
                state[name] = Find();
            }
        });
    }

    /// <summary>Gives a server another port for each one that can not be listened on now.</summary>
    public void ReplaceTaken(LabServer server, params string[] names) => server.UpdateState(state =>
    {
        foreach (var name in names)
        {
            var port = (int)state[name]!;
            if (TryListen(port) is { } free)
            {
                free.Dispose();
                continue;
            }

            if (_claims.Remove(port, out var claim))
            {
                claim.Dispose();
            }

            state[name] = Find();
        }
    });

    public void Dispose()
    {
        foreach (var claim in _claims.Values)
        {
            claim.Dispose();
        }

        _claims.Clear();
    }

    private int Find()
    {
        while (true)
        {
            var port = FirstPort + (2 * Random.Shared.Next(Pairs)) + 1;
            if (TryClaim(port))
            {
                return port;
            }
        }
    }

    /// <summary>
    /// Ports are odd; who listens on the even one below has claimed one. The system gives a claim to one program only, and takes it back
    /// when that dies.
    /// </summary>
    private bool TryClaim(int port)
    {
        if (_claims.ContainsKey(port))
        {
            return true;
        }

        if (port is < FirstPort or > FirstPort + (2 * Pairs) || port % 2 == 0 || TryListen(port - 1) is not { } claim)
        {
            return false;
        }

        if (TryListen(port) is not { } free)
        {
            claim.Dispose();
            return false;
        }

        free.Dispose();
        _claims.Add(port, claim);
        return true;
    }

    /// <returns>Null where another program listens or the system keeps the port for itself.</returns>
    private static Socket? TryListen(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(1);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }
}
