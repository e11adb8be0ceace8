using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace SpeElsa.Lab;

/// <summary>
/// Opens a Management API where a Management Server is up and closes it where none is.
/// </summary>
internal sealed class ManagementApis(
    LabFarm farm, LabPorts ports, ApiFunctions functions, RoleSimulation simulation, LabProductOptions options, ILogger logger) : IAsyncDisposable
{
    public const string PortName = "managementApiPort";
    private readonly Dictionary<string, ManagementApiListener> _listeners = [];
    private readonly HashSet<string> _waiting = [];

    public static Uri Address(LabServer server) => new($"https://{IPAddress.Loopback}:{LabPorts.Of(server, PortName)}/");

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
        ports.Ensure(server, PortName);
        var address = Address(server);
        try
        {
            _listeners[server.Name] = await ManagementApiListener.StartAsync(
                manager, address.Port, otherCertificate, functions, simulation, options, farm.Options.SlowStep, logger);
            _waiting.Remove(server.Name);
            logger.ApiUp(server.Name, address);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // Somebody else has the port. The next settling tries again; who still has it then keeps it, and the server gets another one.
            if (_waiting.Add(server.Name))
            {
                logger.ApiCannotListen(server.Name, exception.Message);
                return;
            }

            ports.ReplaceTaken(server, PortName);
        }
    }
}
