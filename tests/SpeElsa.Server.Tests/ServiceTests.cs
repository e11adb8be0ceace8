using System.Net.Sockets;
using System.Text;
using SpeElsa.Server.Tests.Harness;

namespace SpeElsa.Server.Tests;

/// <summary>The program under a service manager.</summary>
public sealed class ServiceTests
{
    /// <summary>A program knows systemd by the name of its parent. This one has it, and hands on what it is told.</summary>
    private const string Manager = """
        #!/bin/sh
        trap 'kill -TERM "$child"' TERM
        "$@" &
        child=$!
        wait "$child"
        code=$?
        if [ $code -gt 128 ]; then wait "$child"; code=$?; fi
        exit $code
        """;

    [Fact]
    public async Task As_a_systemd_unit_it_says_when_it_is_ready_and_when_it_stops()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "systemd is Linux's.");
        var folder = Directory.CreateTempSubdirectory("speelsa-");
        var systemd = Path.Combine(folder.FullName, "systemd");
        await File.WriteAllTextAsync(systemd, Manager);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(systemd, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder.FullName, "notify")));
        await using var server = ServerProcess.On(Path.Combine(folder.FullName, "data"));
        server.Set("NOTIFY_SOCKET", Path.Combine(folder.FullName, "notify"));
        server.Set("Lab__Enabled", "false");

        server.Launch(systemd);
        var ready = await ReceiveAsync(manager);
        await server.StopAsync();
        var stopping = await ReceiveAsync(manager);

        Assert.Equal(("READY=1", "STOPPING=1"), (ready, stopping));
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[200];
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, SocketFlags.None, patience.Token));
    }
}
