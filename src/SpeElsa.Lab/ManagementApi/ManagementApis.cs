using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;
using Microsoft.Extensions.Logging;

namespace SpeElsa.Lab;

/// <summary>
/// Opens a Management API where a Management Server is up and closes it where none is. Every server keeps the port it was given first.
/// </summary>
internal sealed class ManagementApis(
    LabFarm farm, ApiFunctions functions, RoleSimulation simulation, LabProductOptions options, ILogger logger) : IAsyncDisposable
{
    private const string PortState = "managementApiPort";

    // Below the range from which systems take the ports of outgoing connections, so that none of those is in the way later.
    private const int FirstPort = 20_000;
    private const int LastPort = 32_000;
    private static readonly ConcurrentDictionary<int, bool> Given = new();
    private readonly Dictionary<string, ManagementApiListener> _listeners = [];
    private readonly HashSet<string> _waiting = [];

    public static void EnsurePort(LabServer server)
    {
        if (server.State()[PortState] is null)
        {
            var port = FindPort();
            server.UpdateState(state => state[PortState] = port);
        }
    }

    public static Uri Address(LabServer server) => new($"https://{IPAddress.Loopback}:{(int?)server.State()[PortState] ?? 0}/");

    public async Task UpdateAsync()
    {
        foreach (var server in farm.Servers)
        {
            var manager = farm.Faults.Has(server, LabFaultKind.ApiOff) ? null : simulation.Manager(server.Name);
            var hasOther = farm.Faults.Has(server, LabFaultKind.CertificateChanged);
            if (_listeners.TryGetValue(server.Name, out var listener) && (manager != listener.Manager || hasOther != listener.HasOtherCertificate))
            {
                _listeners.Remove(server.Name);
                await listener.DisposeAsync();
                logger.ApiDown(server.Name);
            }

            if (manager is not null && !_listeners.ContainsKey(server.Name))
            {
                await OpenAsync(server, manager, hasOther);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _listeners.Values)
        {
            await listener.DisposeAsync();
        }

        _listeners.Clear();
    }

    private async Task OpenAsync(LabServer server, RunningRole manager, bool otherCertificate)
    {
        EnsurePort(server);
        var address = Address(server);
        try
        {
            _listeners[server.Name] = await ManagementApiListener.StartAsync(
                manager, address.Port, otherCertificate, functions, simulation, options, farm.Options.SlowStep, logger);
            _waiting.Remove(server.Name);
            logger.ApiUp(server.Name, address);
        }
        catch (IOException exception)
        {
            // Somebody else has the port at the moment; the next settling tries again, and says so only once.
            if (_waiting.Add(server.Name))
            {
                logger.ApiCannotListen(server.Name, exception.Message);
            }
        }
    }

    private static int FindPort()
    {
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port).ToHashSet();
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
