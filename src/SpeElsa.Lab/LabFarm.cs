using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using SpeElsa.Lab.Shell;
using SpeElsa.Lab.Windows;
using SpeElsa.Machines;

namespace SpeElsa.Lab;

/// <summary>
/// A farm of simulated Windows servers in one folder. Scripts run inside this process: when it dies, or the farm is closed, they die with
/// it, as if every server had been restarted in that moment. What they had changed is on disk.
/// </summary>
public sealed class LabFarm : IAsyncDisposable
{
    /// <summary>The domain of every server of a farm that is given no other.</summary>
    public const string Domain = "lab.example";

    private readonly Lock _gate = new();
    private readonly ILoggerFactory _loggers;
    private readonly TimeProvider _time;
    private JsonObject _facts;
    private IReadOnlyList<LabServer> _servers = [];

    private LabFarm(LabOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        Options = options;
        Hold = new LabHold(options);
        Dns = new LabDns(this, Path.Combine(options.Directory, "dns.json"));
        _time = time;
        _loggers = loggers;
        _facts = File.Exists(FactsPath) ? AtomicFile.Read<JsonObject>(FactsPath) : [];
    }

    /// <summary>The servers, by name.</summary>
    public IReadOnlyList<LabServer> Servers => _servers;

    /// <summary>The names of the farm's domain.</summary>
    public LabDns Dns { get; }

    /// <summary>What is to go wrong on the servers.</summary>
    public LabFaults Faults { get; } = new();

    internal LabOptions Options { get; }

    internal LabHold Hold { get; }

    private string FactsPath => Path.Combine(Options.Directory, "farm.json");

    /// <summary>Opens the farm in a folder, or an empty farm if there is none.</summary>
    /// <param name="options">Where it is and how it behaves.</param>
    /// <param name="time">The clock of the ledger. The machines themselves live in real time, as the threads they wait for do.</param>
    /// <param name="loggers">Where the farm logs.</param>
    /// <returns>The farm; close it to end what runs in it.</returns>
    public static LabFarm Open(LabOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Directory);
        Directory.CreateDirectory(options.Directory);
        var farm = new LabFarm(options, time, loggers);
        farm._servers = [.. Directory.EnumerateDirectories(options.Directory)
            .Where(directory => File.Exists(Path.Combine(directory, LabServer.StateFileName)))
            .OrderBy(directory => directory, StringComparer.Ordinal)
            .Select(directory => LabServer.Open(farm, directory, time, loggers.CreateLogger<LabServer>()))];
        return farm;
    }

    /// <summary>Finds a server.</summary>
    /// <param name="name">Its computer name, now or at first, or that with the domain; in any case.</param>
    /// <returns>The server; null when there is none of that name.</returns>
    public LabServer? Find(string name) => _servers.FirstOrDefault(server =>
        new[] { server.Name, server.ComputerName }.Any(own =>
            string.Equals(own, name, StringComparison.OrdinalIgnoreCase) || string.Equals($"{own}.{Options.Domain}", name, StringComparison.OrdinalIgnoreCase)));

    /// <exception cref="ArgumentException">It cannot be a computer name.</exception>
    internal static void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Length > 15 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            throw new ArgumentException($"'{name}' is not a computer name.", nameof(name));
        }
    }

    /// <summary>Adds an empty server.</summary>
    /// <param name="name">A computer name: letters, digits and hyphens.</param>
    /// <param name="diskBytes">The size of its drive.</param>
    /// <returns>The new server.</returns>
    /// <exception cref="ArgumentException">The name cannot be one, or is taken.</exception>
    public LabServer AddServer(string name, long diskBytes)
    {
        CheckName(name);
        lock (_gate)
        {
            if (Find(name) is not null)
            {
                throw new ArgumentException($"The farm has a server '{name}' already.", nameof(name));
            }

            var directory = Path.Combine(Options.Directory, name);
            var server = LabServer.Create(this, directory, name, diskBytes, _time, _loggers.CreateLogger<LabServer>());
            _servers = [.. _servers.Append(server).OrderBy(other => other.Name, StringComparer.Ordinal)];
            return server;
        }
    }

    /// <summary>The facts that belong to no server, such as the licence.</summary>
    /// <returns>A copy; changing it changes nothing.</returns>
    public JsonObject Facts()
    {
        lock (_gate)
        {
            return (JsonObject)_facts.DeepClone();
        }
    }

    /// <summary>Changes the farm-wide facts, whole or not at all.</summary>
    /// <param name="change">Receives the facts to change.</param>
    public void UpdateFacts(Action<JsonObject> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_gate)
        {
            var next = (JsonObject)_facts.DeepClone();
            change(next);
            AtomicFile.Write(FactsPath, next);
            _facts = next;
        }
    }

    /// <summary>The way in for machine scripts, as SSH is to a real server.</summary>
    /// <param name="server">The server's name.</param>
    /// <returns>The transport.</returns>
    /// <exception cref="ArgumentException">There is no such server.</exception>
    public IMachineTransport Transport(string server) =>
        (Find(server) ?? throw new ArgumentException($"The farm has no server '{server}'.", nameof(server))).Transport;

    /// <summary>Ends every running script and closes the files.</summary>
    /// <returns>When all have ended.</returns>
    public ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            server.Dispose();
        }

        return ValueTask.CompletedTask;
    }
}
