using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SpeElsa.Lab;

/// <summary>
/// What end users see of one run of a Client Access Server: a page over TLS, and IMAP with STARTTLS that goes as far as the certificate. Both
/// on loopback.
/// </summary>
internal sealed class ClientAccessListener : IAsyncDisposable
{
    private const int LongestLine = 1024;
    private static readonly byte[] Page = Encoding.ASCII.GetBytes(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 24\r\nConnection: close\r\n\r\nMailStore SPE, simulated");

    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2 _http;
    private readonly X509Certificate2 _imap;
    private readonly TcpListener _httpPort;
    private readonly TcpListener _imapPort;
    private readonly Task _running;

    /// <exception cref="SocketException">A port is taken.</exception>
    public ClientAccessListener(RunningRole role, (int Port, LabCertificate Certificate) http, (int Port, LabCertificate Certificate) imap)
    {
        Role = role;
        _httpPort = new TcpListener(IPAddress.Loopback, http.Port);
        _imapPort = new TcpListener(IPAddress.Loopback, imap.Port);
        _httpPort.Start();
        try
        {
            _imapPort.Start();
        }
        catch
        {
            _httpPort.Dispose();
            throw;
        }

        _http = http.Certificate.Open();
        _imap = imap.Certificate.Open();
        _running = Task.WhenAll(AcceptAsync(_httpPort, ServePageAsync), AcceptAsync(_imapPort, ServeImapAsync));
    }

    public RunningRole Role { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _httpPort.Dispose();
        _imapPort.Dispose();
        await _running;
        _http.Dispose();
        _imap.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener, Func<NetworkStream, Task> serve)
    {
        List<Task> connections = [];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptTcpClientAsync(_stop.Token);
                connections.RemoveAll(connection => connection.IsCompleted);
                connections.Add(ServeAsync(client, serve));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // It is being closed, or a client was gone before it was accepted; the loop's condition knows which.
            }
        }

        await Task.WhenAll(connections);
    }

    private static async Task ServeAsync(TcpClient client, Func<NetworkStream, Task> serve)
    {
        using (client)
        {
            try
            {
                await serve(client.GetStream());
            }
            catch (Exception exception) when (exception is IOException or AuthenticationException or OperationCanceledException)
            {
                // The other side hung up or did not like the certificate, which is what most who look at a certificate do; or we close.
            }
        }
    }

    private async Task ServePageAsync(NetworkStream stream)
    {
        await using var tls = new SslStream(stream, leaveInnerStreamOpen: true);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _http }, _stop.Token);
        while (await ReadLineAsync(tls) is { } line)
        {
            if (line.Length == 0)
            {
                await tls.WriteAsync(Page, _stop.Token);
                return;
            }
        }
    }

    private async Task ServeImapAsync(NetworkStream stream)
    {
        await WriteLineAsync(stream, "* OK MailStore SPE ready (simulated)");
        if (await ConverseAsync(stream, mayStartTls: true))
        {
            await using var tls = new SslStream(stream, leaveInnerStreamOpen: true);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _imap }, _stop.Token);
            await ConverseAsync(tls, mayStartTls: false);
        }
    }

    /// <returns>Whether TLS is to begin; otherwise the conversation is over.</returns>
    private async Task<bool> ConverseAsync(Stream stream, bool mayStartTls)
    {
        while (await ReadLineAsync(stream) is { } line)
        {
            var words = line.Split(' ', 3);
            var (tag, command) = (words[0], words.ElementAtOrDefault(1)?.ToUpperInvariant());
            switch (command)
            {
                case "CAPABILITY":
                    await WriteLineAsync(stream, $"* CAPABILITY IMAP4rev1 {(mayStartTls ? "STARTTLS " : "")}LOGINDISABLED");
                    await WriteLineAsync(stream, $"{tag} OK CAPABILITY completed");
                    break;
                case "NOOP":
                    await WriteLineAsync(stream, $"{tag} OK NOOP completed");
                    break;
                case "STARTTLS" when mayStartTls:
                    await WriteLineAsync(stream, $"{tag} OK Begin TLS negotiation now");
                    return true;
                case "LOGOUT":
                    await WriteLineAsync(stream, "* BYE");
                    await WriteLineAsync(stream, $"{tag} OK LOGOUT completed");
                    return false;
                default:
                    await WriteLineAsync(stream, $"{tag} BAD Unknown command");
                    break;
            }
        }

        return false;
    }

    // Byte by byte, because what follows STARTTLS belongs to TLS and must not be read ahead.
    private async Task<string?> ReadLineAsync(Stream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (line.Length < LongestLine && await stream.ReadAsync(one, _stop.Token) == 1)
        {
            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one[0]);
        }

        return null;
    }

    private async Task WriteLineAsync(Stream stream, string line) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), _stop.Token);
}
