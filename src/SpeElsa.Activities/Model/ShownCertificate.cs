using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace SpeElsa.Activities;

/// <summary>The certificate that a Client Access Server shows to end users; nothing is sent but what it takes to see it.</summary>
/// <param name="Thumbprint">Its thumbprint, as Windows writes it; null when none was shown.</param>
/// <param name="Problem">Why none was shown.</param>
internal sealed record ShownCertificate(string? Thumbprint, string? Problem = null)
{
    private const int LongestLine = 1024;
    private const string Tag = "a1";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>What browsers see.</summary>
    public static Task<ShownCertificate> HttpsAsync(MachineSettings settings, CancellationToken cancellationToken) =>
        LookAsync(settings, settings.HttpsPort, (_, _) => Task.CompletedTask, cancellationToken);

    /// <summary>What mail programs see after STARTTLS.</summary>
    public static Task<ShownCertificate> ImapAsync(MachineSettings settings, CancellationToken cancellationToken) =>
        LookAsync(settings, settings.ImapPort, StartTlsAsync, cancellationToken);

    private static async Task<ShownCertificate> LookAsync(
        MachineSettings settings, int port, Func<Stream, CancellationToken, Task> begin, CancellationToken cancellationToken)
    {
        var address = settings.ClientAccessAddress ?? settings.HostName;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        string? thumbprint = null;
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address, port, patience.Token);
            await using var stream = client.GetStream();
            await begin(stream, patience.Token);
            await using var tls = new SslStream(stream);
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = settings.HostName,
                    // Which certificate it is, is the question here; whether to trust it is decided by comparing it.
                    RemoteCertificateValidationCallback = (_, certificate, _, _) => (thumbprint = certificate?.GetCertHashString()) is not null,
                },
                patience.Token);
        }
        catch (Exception exception) when (exception is SocketException or IOException or AuthenticationException or OperationCanceledException
            && thumbprint is null && !cancellationToken.IsCancellationRequested)
        {
            var why = exception is OperationCanceledException ? $"no answer within {Patience.TotalSeconds:0} seconds" : exception.Message;
            return new ShownCertificate(null, $"{address}:{port}: {why}");
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // It was shown; what became of the connection after that does not matter.
        }

        return new ShownCertificate(thumbprint);
    }

    private static async Task StartTlsAsync(Stream stream, CancellationToken cancellationToken)
    {
        var greeting = await ReadLineAsync(stream, cancellationToken);
        if (!greeting.StartsWith("* OK", StringComparison.OrdinalIgnoreCase))
        {
            throw new IOException($"this is no IMAP server, it says '{greeting}'");
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{Tag} STARTTLS\r\n"), cancellationToken);
        string line;
        do
        {
            line = await ReadLineAsync(stream, cancellationToken);
        }
        while (!line.StartsWith($"{Tag} ", StringComparison.Ordinal));

        if (!line.StartsWith($"{Tag} OK", StringComparison.OrdinalIgnoreCase))
        {
            throw new IOException($"STARTTLS was refused: '{line}'");
        }
    }

    // Byte by byte, because what follows the answer to STARTTLS belongs to TLS.
    private static async Task<string> ReadLineAsync(Stream stream, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (line.Length < LongestLine)
        {
            if (await stream.ReadAsync(one, cancellationToken) == 0)
            {
                throw new IOException("the connection was closed");
            }

            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one[0]);
        }

        throw new IOException("the answer is too long");
    }
}
