using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace SpeElsa.Lab;

/// <summary>Opens the ports of end users where a Client Access Server runs with its certificates, and closes them where none does.</summary>
internal sealed class ClientAccessPorts(LabFarm farm, LabPorts ports, RoleSimulation simulation, ILogger logger) : IAsyncDisposable
{
    public const string HttpsName = "clientAccessHttpsPort";
    public const string ImapName = "clientAccessImapPort";
    private readonly Dictionary<string, ClientAccessListener> _listeners = [];
    private readonly HashSet<string> _waiting = [];

    public static int HttpsPort(LabServer server) => LabPorts.Of(server, HttpsName);

    public static int ImapPort(LabServer server) => LabPorts.Of(server, ImapName);

    public async Task UpdateAsync()
    {
        foreach (var server in farm.Servers)
        {
            var role = simulation.Find(server.Name, ProductRole.ClientAccessServer);
            var http = Certificate(server, role?.Configuration?.HttpThumbprint);
            var imap = Certificate(server, role?.Configuration?.ImapThumbprint);
            if (_listeners.TryGetValue(server.Name, out var open) && (open.Role != role || http is null || imap is null))
            {
                _listeners.Remove(server.Name);
                await open.DisposeAsync();
            }

            if (role is not null && http is not null && imap is not null && !_listeners.ContainsKey(server.Name))
            {
                Open(server, role, http, imap);
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

    private void Open(LabServer server, RunningRole role, LabCertificate http, LabCertificate imap)
    {
        ports.Ensure(server, HttpsName, ImapName);
        try
        {
            _listeners[server.Name] = new ClientAccessListener(role, (HttpsPort(server), http), (ImapPort(server), imap));
            _waiting.Remove(server.Name);
        }
        catch (SocketException exception)
        {
            // Somebody else has a port. The next settling tries again; who still has it then keeps it, and the server gets another one.
            if (_waiting.Add(server.Name))
            {
                logger.ClientAccessCannotListen(server.Name, exception.Message);
                return;
            }

            ports.ReplaceTaken(server, HttpsName, ImapName);
        }
    }

    private static LabCertificate? Certificate(LabServer server, string? thumbprint) =>
        server.Certificates().FirstOrDefault(certificate => certificate.Thumbprint == thumbprint && certificate.HasPrivateKey);
}
