using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using SpeElsa.Lab.Tests.Ssh;
using SpeElsa.Machines;
using SpeElsa.Machines.Ssh;
using SpeElsa.Testing;

namespace SpeElsa.Lab.Tests.Windows;

/// <summary>A farm of two empty servers in a folder of its own, which can be closed and opened again.</summary>
public sealed class TestFarm : IAsyncDisposable
{
    private static readonly Lazy<byte[]> AnyKey = new(() =>
    {
        using var rsa = RSA.Create(2048);
        return rsa.ExportPkcs8PrivateKey();
    });

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("speelsa-lab-");
    private readonly Dictionary<string, (LabSshServer Server, SshTransport Transport)> _ssh = [];
    private readonly Way _way;

    public TestFarm(Action<LabOptions>? configure = null, Way way = Way.InProcess)
    {
        _way = way;
        Options = new LabOptions { Directory = _directory.FullName };
        configure?.Invoke(Options);
        Farm = LabFarm.Open(Options, TimeProvider.System, NullLoggerFactory.Instance);
        Farm.AddServer("spe-old", 100L << 30);
        Farm.AddServer("spe-new", 200L << 30);
    }

    public LabOptions Options { get; }

    public LabFarm Farm { get; private set; }

    public LabServer Old => Farm.Find("spe-old")!;

    public LabServer New => Farm.Find("spe-new")!;

    public IMachine OldMachine => Machine("spe-old");

    public IMachine NewMachine => Machine("spe-new");

    public static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static LabCertificate Certificate(string name, bool exportable = true, string? friendlyName = null)
    {
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(AnyKey.Value, out _);
        var request = new CertificateRequest($"CN={name}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(5));
        return LabCertificate.From(certificate, friendlyName ?? name, exportable);
    }

    public static void Write(LabServer server, string windowsPath, string text)
    {
        var path = server.ToLocalPath(windowsPath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public static IReadOnlyList<string> Targets(LabServer server, string kind) =>
        [.. server.Effects.Where(effect => effect.Kind == kind).Select(effect => effect.Target)];

    public IMachineTransport Transport(string name) => _way is Way.InProcess ? Farm.Transport(name) : Ssh(name).Transport;

    /// <summary>The SSH server in front of a machine, and the way through it; made when it is first needed.</summary>
    public (LabSshServer Server, SshTransport Transport) Ssh(string name)
    {
        lock (_ssh)
        {
            if (!_ssh.TryGetValue(name, out var ssh))
            {
                var server = LabSshServer.Start(() => Farm.Transport(name));
                _ssh[name] = ssh = (server, server.Transport());
            }

            return ssh;
        }
    }

    public IMachine Machine(string name) => new ScriptedMachine(name, Transport(name));

    public Task<JsonElement> InvokeAsync(string machine, MachineScript script, JsonObject input) =>
        Machine(machine).InvokeAsync(script, input, Cancelled);

    public async Task<MachineScriptException> FailAsync(string machine, MachineScript script, JsonObject input) =>
        await Assert.ThrowsAsync<MachineScriptException>(() => InvokeAsync(machine, script, input));

    /// <summary>Starts a ticket and waits until it has ended.</summary>
    public async Task<TicketStatus> RunTicketAsync(string machine, string ticket, MachineScript script, JsonObject input)
    {
        await Machine(machine).StartAsync(ticket, script, input, Cancelled);
        return await WaitAsync(machine, ticket, status => status.IsFinal);
    }

    public async Task<TicketStatus> WaitAsync(string machine, string ticket, Func<TicketStatus, bool> until)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var status = await Machine(machine).GetStatusAsync(ticket, 0, Cancelled);
            if (until(status))
            {
                return status;
            }

            await timer.WaitForNextTickAsync(Cancelled);
        }
    }

    public static Task UntilAsync(Func<bool> condition) => Eventually.TrueAsync(() => Task.FromResult(condition()), "what is waited for comes");

    public async Task ReopenAsync(Action<LabOptions>? configure = null)
    {
        await Farm.DisposeAsync();
        configure?.Invoke(Options);
        Farm = LabFarm.Open(Options, TimeProvider.System, NullLoggerFactory.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (server, transport) in _ssh.Values)
        {
            transport.Dispose();
            await server.DisposeAsync();
        }

        await Farm.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
