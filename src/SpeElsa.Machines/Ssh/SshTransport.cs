using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace SpeElsa.Machines.Ssh;

/// <summary>
/// Runs scripts on a Windows computer through its OpenSSH server. Each script has a connection of its own, so that one that breaks takes no
/// other with it. Safe for concurrent use; make one per machine, because it holds the machine's concurrency.
/// </summary>
public sealed class SshTransport : IMachineTransport, IDisposable
{
    private readonly SshOptions _options;
    private readonly Func<string, CancellationToken, ValueTask<string?>> _secret;
    private readonly Func<SshOptions, string?> _accepted;
    private readonly SemaphoreSlim _places;

    /// <summary>Makes a transport; it connects with the first script.</summary>
    /// <param name="options">How the machine is reached.</param>
    /// <param name="secret">Reads a secret by the name the options give it; null when there is none.</param>
    /// <param name="accepted">
    /// The fingerprint that somebody has accepted for a computer whose options have no <see cref="SshOptions.HostKey"/>; asked at each
    /// connection, for machine and jump host apart. Null, or a null answer: none.
    /// </param>
    /// <exception cref="ArgumentException">The options cannot be used.</exception>
    public SshTransport(
        SshOptions options, Func<string, CancellationToken, ValueTask<string?>> secret, Func<SshOptions, string?>? accepted = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(secret);
        var faults = options.Faults().ToList();
        if (faults.Count > 0)
        {
            throw new ArgumentException($"The SSH settings cannot be used. {string.Join(" ", faults)}", nameof(options));
        }

        _options = options;
        _secret = secret;
        _accepted = accepted ?? (_ => null);
        _places = new SemaphoreSlim(options.Concurrency);
    }

    /// <inheritdoc />
    public async Task<int> RunAsync(string scriptText, string input, Action<string> onLine, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(onLine);
        var bytes = PowerShellHost.StandardInput(scriptText, input);
        await _places.WaitAsync(cancellationToken);
        try
        {
            if (_options.JumpHost is not { } jumpHost)
            {
                using var direct = await ConnectAsync(_options, _options.Host, _options.Port, cancellationToken);
                return await RunAsync(direct, bytes, onLine, cancellationToken);
            }

            using var jump = await ConnectAsync(jumpHost, jumpHost.Host, jumpHost.Port, cancellationToken);
            using var tunnel = new ForwardedPortLocal("127.0.0.1", 0, _options.Host, (uint)_options.Port);
            jump.AddForwardedPort(tunnel);
            tunnel.Start();
            using var machine = await ConnectAsync(_options, tunnel.BoundHost, (int)tunnel.BoundPort, cancellationToken);
            return await RunAsync(machine, bytes, onLine, cancellationToken);
        }
        catch (Exception e) when (e is SshException or ObjectDisposedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new IOException(e.Message, e);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _places.Dispose();

    private static string Bare(string fingerprint)
    {
        const string Prefix = "SHA256:";
        var bare = fingerprint.Trim();
        return (bare.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? bare[Prefix.Length..] : bare).TrimEnd('=');
    }

    private static async Task<int> RunAsync(SshClient client, byte[] input, Action<string> onLine, CancellationToken cancellationToken)
    {
        using var command = client.CreateCommand(PowerShellHost.CommandLine, Encoding.UTF8);
        var execution = command.ExecuteAsync(cancellationToken);
        var writing = Task.Run(() => Write(command, input), CancellationToken.None);
        using var output = new StreamReader(command.OutputStream, Encoding.UTF8);
        var reading = Task.Run(() =>
        {
            var any = false;
            while (output.ReadLine() is { } line)
            {
                any = true;
                onLine(line);
            }

            return any;
        }, CancellationToken.None);

        bool anyOutput;
        try
        {
            await execution;
        }
        catch (Exception e) when (e is SshException or ObjectDisposedException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Open(e.Message, e);
        }
        finally
        {
            // When it is cancelled or the connection breaks, the library ends the streams, and with them the two tasks. What has arrived
            // until then counts: the result may be among it.
            await writing;
            anyOutput = await reading;
        }

        if (command.ExitStatus is not { } exitCode)
        {
            throw Open("it ended without an exit code.", null);
        }

        using var errors = new StreamReader(command.ExtendedOutputStream, Encoding.UTF8);
        PowerShellHost.ThrowIfMissing(exitCode, anyOutput, await errors.ReadToEndAsync(cancellationToken));
        return exitCode;
    }

    // Even when no line has come, the script may have begun: a connection that breaks can take lines with it that were on their way.
    private static MachineTransportException Open(string message, Exception? e) => new(
        ScriptErrorCodes.NoResult, $"The connection broke after the script was sent and before its result arrived: {message}", e);

    private static void Write(SshCommand command, byte[] input)
    {
        try
        {
            using var stream = command.CreateInputStream();
            stream.Write(input);
        }
        catch (Exception e) when (e is SshException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It ended without reading everything, or the connection broke; the execution tells which.
        }
    }

    private async Task<SshClient> ConnectAsync(SshOptions options, string host, int port, CancellationToken cancellationToken)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"{options.Host}:{options.Port}");
        using var authentication = await AuthenticationAsync(options, place, cancellationToken);
        var connection = new ConnectionInfo(host, port, options.UserName, authentication) { Timeout = options.ConnectTimeout, Encoding = Encoding.UTF8 };
        var client = new SshClient(connection) { KeepAliveInterval = options.KeepAlive };
        var trusted = string.IsNullOrWhiteSpace(options.HostKey) ? _accepted(options) : options.HostKey;
        string? shown = null;
        client.HostKeyReceived += (_, key) =>
        {
            shown = Bare(key.FingerPrintSHA256);
            key.CanTrust = !string.IsNullOrWhiteSpace(trusted) && string.Equals(shown, Bare(trusted), StringComparison.Ordinal);
        };
        try
        {
            await client.ConnectAsync(cancellationToken);
            return client;
        }
        catch (Exception e) when (e is SshException or SocketException or IOException)
        {
            client.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw Classify(e, options, place, shown, trusted);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private static MachineTransportException Classify(Exception e, SshOptions options, string place, string? shown, string? trusted)
    {
        if (shown is not null && string.IsNullOrWhiteSpace(trusted))
        {
            return new(ScriptErrorCodes.HostNotTrusted,
                $"The host key of {place} is not trusted yet. It shows SHA256:{shown}. Compare that with what 'ssh-keygen -lf' says of the .pub files in %ProgramData%\\ssh on that computer, then accept it or put it into HostKey.", e)
            {
                ShownHostKey = $"SHA256:{shown}",
            };
        }

        if (shown is not null && !string.Equals(shown, Bare(trusted!), StringComparison.Ordinal))
        {
            return new(ScriptErrorCodes.HostKeyChanged,
                $"The host key of {place} is another than the trusted one. It shows SHA256:{shown}, trusted is SHA256:{Bare(trusted!)}. " +
                "Find out why before you trust the new one: somebody may answer in the machine's place.", e)
            {
                ShownHostKey = $"SHA256:{shown}",
            };
        }

        return e switch
        {
            SshAuthenticationException => new(ScriptErrorCodes.AuthenticationFailed,
                $"{place} does not let {options.UserName} in. Check the account, and the password or the authorized key.", e),
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } => new(ScriptErrorCodes.ConnectionRefused,
                $"{place} answers and refuses the connection. Check that the OpenSSH server runs there and listens on this port.", e),
            SshOperationTimeoutException or SocketException { SocketErrorCode: SocketError.TimedOut } => new(ScriptErrorCodes.Unreachable,
                $"{place} did not answer within {options.ConnectTimeout}. Check that it is on and that a firewall lets the port through.", e),
            _ => new(ScriptErrorCodes.Unreachable, $"{place}: {e.Message}", e),
        };
    }

    private async Task<AuthenticationMethod> AuthenticationAsync(SshOptions options, string place, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(options.PrivateKeySecret))
        {
            return new PasswordAuthenticationMethod(options.UserName, await SecretAsync(options.PasswordSecret!));
        }

        var key = Encoding.UTF8.GetBytes(await SecretAsync(options.PrivateKeySecret));
        var passphrase = string.IsNullOrWhiteSpace(options.PassphraseSecret) ? null : await SecretAsync(options.PassphraseSecret);
        try
        {
            using var stream = new MemoryStream(key);
            return new PrivateKeyAuthenticationMethod(options.UserName, new PrivateKeyFile(stream, passphrase));
        }
        catch (Exception e) when (e is SshException or InvalidOperationException or FormatException or NotSupportedException)
        {
            throw new MachineTransportException(ScriptErrorCodes.AuthenticationFailed,
                $"The secret {options.PrivateKeySecret} for {place} is not a private key that can be read with the passphrase given.", e);
        }

        async Task<string> SecretAsync(string name) => await _secret(name, cancellationToken)
            ?? throw new MachineTransportException(ScriptErrorCodes.AuthenticationFailed, $"The secret {name} for {place} is not in the secret store. Store it under that name, then try again.");
    }
}
