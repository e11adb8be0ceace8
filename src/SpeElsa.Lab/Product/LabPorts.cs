using System.Collections.Concurrent;
using System.Net.NetworkInformation;

namespace SpeElsa.Lab;

/// <summary>The loopback ports on which what a server offers can be reached. A server keeps the ones it was given first, as long as no other program takes them.</summary>
internal static class LabPorts
{
    // Below the range from which systems take the ports of outgoing connections, so that none of those is in the way later.
    private const int FirstPort = 20_000;
    private const int LastPort = 32_000;
    private static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <returns>The port; 0 when it has none yet.</returns>
    public static int Of(LabServer server, string name) => (int?)server.State()[name] ?? 0;

    public static void Ensure(LabServer server, params string[] names)
    {
        if (names.All(name => Of(server, name) != 0))
        {
            return;
        }

        server.UpdateState(state =>
        {
            var taken = Taken();
            foreach (var name in names)
            {
                state[name] ??= Find(taken);
            }
        });
    }

    /// <summary>Gives a server another port for each one that a program listens on now.</summary>
    public static void ReplaceTaken(LabServer server, params string[] names) => server.UpdateState(state =>
    {
        var taken = Taken();
        foreach (var name in names.Where(name => taken.Contains((int)state[name]!)))
        {
            state[name] = Find(taken);
        }
    });

    private static HashSet<int> Taken() => [.. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port)];

    private static int Find(HashSet<int> taken)
    {
        while (true)
        {
            var port = Random.Shared.Next(FirstPort, LastPort);
            if (!taken.Contains(port) && Given.TryAdd(port, true))
            {
                return port;
            }
        }
    }
}
