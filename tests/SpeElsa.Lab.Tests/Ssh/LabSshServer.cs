using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using SpeElsa.Machines;
using SpeElsa.Machines.Ssh;
using SpeElsa.Testing;

namespace SpeElsa.Lab.Tests.Ssh;

/// <summary>
/// A real OpenSSH server on loopback in front of a lab server. Whatever command comes in, a shell of ours passes it and its standard input to
/// this process, which runs it in the lab server's PowerShell as powershell.exe would.
/// </summary>
public sealed partial class LabSshServer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/sshd";

    // Standard input is passed on line by line, because a connection of bash cannot be half closed; a dot ends it.
    private const string Shell =
        """
        #!/bin/bash
        exec 3<>/dev/tcp/127.0.0.1/@PORT@ || exit 1
        printf '%s\n%s\n' '@TOKEN@' "$SSH_ORIGINAL_COMMAND" >&3
        { cat; printf '.\n'; } <&0 >&3 &
        while IFS= read -r line <&3; do
          case "$line" in
            'exit '*) exit "${line#exit }";;
            'cut') kill -9 "$PPID"; exit 255;;
            'error '*) printf '%s\n' "${line#error }" >&2;;
            *) printf '%s\n' "$line";;
          esac
        done
        exit 255

        """;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("speelsa-ssh-");
    private readonly TcpListener _bridge = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly string _token = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
    private readonly Func<IMachineTransport> _inner;
    private readonly Task _accepting;
    private Process _server;
    private Task _draining = Task.CompletedTask; // A full pipe would stop the server.
    private int _running;

    private LabSshServer(Func<IMachineTransport> inner)
    {
        _inner = inner;
        _bridge.Start();
        Port = FreePort.Find();
        MakeKey("host");
        MakeKey("client");
        File.Copy(PathOf("client.pub"), PathOf("authorized"));
        File.WriteAllText(PathOf("shell"), Shell
            .Replace("@PORT@", ((IPEndPoint)_bridge.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("@TOKEN@", _token, StringComparison.Ordinal).ReplaceLineEndings("\n"));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(PathOf("shell"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        File.WriteAllText(PathOf("config"), $"""
            Port {Port}
            ListenAddress 127.0.0.1
            HostKey {PathOf("host")}
            AuthorizedKeysFile {PathOf("authorized")}
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin prohibit-password
            MaxStartups 100
            ForceCommand {PathOf("shell")}

            """);
        if (Environment.IsPrivilegedProcess)
        {
            Directory.CreateDirectory("/run/sshd");
        }

        _server = Launch();
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public string PrivateKey => File.ReadAllText(PathOf("client"));

    /// <summary>As <c>ssh-keygen -l</c> shows it.</summary>
    public string HostKey => Fingerprint.Match(Run("ssh-keygen", "-lf", PathOf("host.pub"))).Value;

    /// <summary>The commands that came in, as they are seen in the list of processes.</summary>
    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>The most scripts that ran at the same time.</summary>
    public int MostAtATime { get; private set; }

    /// <summary>Decides by a line of output whether the connection is cut in its place.</summary>
    public Func<string, bool> CutAt { get; set; } = _ => false;

    /// <summary>What the shell says in place of PowerShell: standard error and exit code.</summary>
    public (string Error, int ExitCode)? InPlaceOfPowerShell { get; set; }

    public SshOptions Options => new()
    {
        Host = "127.0.0.1",
        Port = Port,
        UserName = Environment.UserName,
        HostKey = HostKey,
        PrivateKeySecret = "key",
    };

    /// <summary>Starts one; the test is skipped where there is no OpenSSH server.</summary>
    public static LabSshServer Start(Func<IMachineTransport> inner)
    {
        Assert.SkipUnless(File.Exists(Program), "There is no OpenSSH server here: install openssh-server.");
        return new LabSshServer(inner);
    }

    public SshTransport Transport(SshOptions? options = null) =>
        new(options ?? Options, (name, _) => ValueTask.FromResult(name switch { "key" => PrivateKey, "bad" => "no key", _ => null }));

    /// <summary>Sets the computer up anew, as far as a client can tell: the same address, another host key.</summary>
    public async Task ChangeHostKeyAsync()
    {
        await StopAsync();
        File.Delete(PathOf("host"));
        File.Delete(PathOf("host.pub"));
        MakeKey("host");
        _server = Launch();
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _bridge.Stop();
        await StopAsync();
        await _accepting;
        _closing.Dispose();
        _directory.Delete(recursive: true);
    }

    [GeneratedRegex("SHA256:[A-Za-z0-9+/]+")]
    private static partial Regex Fingerprint { get; }

    [GeneratedRegex("-EncodedCommand ([A-Za-z0-9+/=]+)$")]
    private static partial Regex Encoded { get; }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
    }

    private Process Launch()
    {
        var server = Process.Start(new ProcessStartInfo(Program, ["-D", "-e", "-f", PathOf("config")]) { RedirectStandardError = true })!;
        var said = new StringBuilder();
        while (server.StandardError.ReadLine() is { } line)
        {
            said.AppendLine(line);
            if (line.StartsWith("Server listening", StringComparison.Ordinal))
            {
                _draining = server.StandardError.ReadToEndAsync();
                return server;
            }
        }

        // It ended by itself, so there is nothing to kill.
        throw new InvalidOperationException($"The SSH server did not start: {said}");
    }

    private async Task StopAsync()
    {
        _server.Kill();
        await _server.WaitForExitAsync();
        await _draining;
        _server.Dispose();
    }

    private string PathOf(string name) => Path.Combine(_directory.FullName, name);

    private void MakeKey(string name) => Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", PathOf(name));

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _bridge.AcceptTcpClientAsync(_closing.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        using (client)
        {
            try
            {
                using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
                await using var writer = new StreamWriter(client.GetStream(), new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };
                if (await reader.ReadLineAsync(gone.Token) != _token)
                {
                    return;
                }

                var command = await reader.ReadLineAsync(gone.Token) ?? "";
                Commands.Enqueue(command);
                var input = new List<string>();
                while (await reader.ReadLineAsync(gone.Token) is { } line && line != ".")
                {
                    input.Add(line);
                }

                if (InPlaceOfPowerShell is { } other)
                {
                    await writer.WriteLineAsync($"error {other.Error}\nexit {other.ExitCode}");
                    return;
                }

                // What runs is named after the script in it, not after what starts it.
                var bootstrap = Encoding.Unicode.GetString(Convert.FromBase64String(Encoded.Match(command).Groups[1].Value));
                var name = Encoding.ASCII.GetString(Convert.FromBase64String(input[0])).Split('\n')[0];
                _ = reader.ReadLineAsync(gone.Token).AsTask().ContinueWith(_ => gone.Cancel(), TaskScheduler.Default);
                MostAtATime = Math.Max(MostAtATime, Interlocked.Increment(ref _running));
                int exitCode;
                try
                {
                    exitCode = await _inner().RunAsync($"{name}\n{bootstrap}", string.Join('\n', input), Say, gone.Token);
                }
                finally
                {
                    Interlocked.Decrement(ref _running);
                }

                await writer.WriteLineAsync($"exit {exitCode}");

                void Say(string line) => writer.WriteLine(CutAt(line) ? "cut" : line);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The other end went away, or the lab server was switched off: the connection ends without an exit code.
            }
        }
    }
}
