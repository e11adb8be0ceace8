using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using SpeElsa.Lab.Shell;
using SpeElsa.Lab.Windows;

namespace SpeElsa.Lab;

/// <summary>
/// A simulated Windows server: a real directory tree that stands for its drive C:, its services, certificate stores and scheduled tasks,
/// and the exact ledger of what happened to it. All changes are on disk before a call returns; calls may come from any thread.
/// </summary>
public sealed partial class LabServer : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _directory;
    private readonly LabFarm _farm;
    private readonly EffectLedger _ledger;
    private readonly TimeProvider _time;
    private ServerState _state;

    private LabServer(LabFarm farm, string directory, ServerState state, TimeProvider time, ILogger logger)
    {
        _farm = farm;
        _directory = directory;
        _state = state;
        _time = time;
        _shell = new LabShell(this, farm.Hold, logger);
        Directory.CreateDirectory(DriveRoot);
        var lastSequence = state.Effects.Select(effect => effect.Sequence).DefaultIfEmpty(0).Max();
        _ledger = EffectLedger.Open(Path.Combine(directory, "effects.jsonl"), lastSequence, time);
        ClearTemporaryFiles();
    }

    /// <summary>Told after a service was added, removed, started, stopped or given another start mode; on the thread that did it.</summary>
    public event Action<LabServer, LabService>? ServiceChanged;

    /// <summary>The computer name it began with, which the farm knows it by for good; in its DNS an alias when the computer is renamed.</summary>
    public string Name => _state.Name;

    /// <summary>The computer name as Windows has it.</summary>
    public string ComputerName => _state.ComputerName ?? Name;

    /// <summary>The computer name with the domain of the farm.</summary>
    public string FullName => $"{ComputerName}.{_farm.Options.Domain}";

    /// <summary>The directory that stands for <c>C:\</c>.</summary>
    public string DriveRoot => Path.Combine(_directory, "C");

    /// <summary>The size of the drive.</summary>
    public long DiskBytes => _state.DiskBytes;

    /// <summary>When Windows was started last.</summary>
    public DateTimeOffset BootedAt => _state.BootedAt;

    /// <summary>Runs an installer that a script starts; it returns the exit code. Null: Windows does not find the file.</summary>
    public Func<LabInstallation, CancellationToken, Task<int>>? Installer { get; set; }

    /// <summary>Everything that really happened on this server, oldest first.</summary>
    public IReadOnlyList<LabEffect> Effects => [.. _state.Effects.Concat(_ledger.Effects).OrderBy(effect => effect.Sequence)];

    internal string TemporaryDirectory => Path.Combine(_directory, "tmp");

    internal LabFarm Farm => _farm;

    /// <summary>Finds the real path that a Windows path stands for.</summary>
    /// <param name="windowsPath">A full path on drive C: or <c>\\server\C$</c> of a server of the farm; case does not matter.</param>
    /// <returns>The path on the lab's disk, whether or not something is there; never outside the server's drive.</returns>
    /// <exception cref="DirectoryNotFoundException">The drive, server or share does not exist.</exception>
    public string ToLocalPath(string windowsPath) => Resolve(windowsPath).Local;

    /// <summary>Makes a directory junction. On the lab's disk it is a symbolic link.</summary>
    /// <param name="windowsPath">Where the junction is to be.</param>
    /// <param name="windowsTarget">The directory it leads to.</param>
    public void CreateJunction(string windowsPath, string windowsTarget)
    {
        var link = ToLocalPath(windowsPath);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        Directory.CreateSymbolicLink(link, Path.GetRelativePath(Path.GetDirectoryName(link)!, ToLocalPath(windowsTarget)));
    }

    /// <summary>The product side's own facts about this server.</summary>
    /// <returns>A copy; changing it changes nothing.</returns>
    public JsonObject State() => (JsonObject)_state.Product.DeepClone();

    /// <summary>Changes the product side's facts, and with them, if one is named, the ledger: both or neither.</summary>
    /// <param name="change">Receives the facts to change.</param>
    /// <param name="effectKind">The kind of effect to record with the change; null is none.</param>
    /// <param name="effectTarget">What the effect happened to.</param>
    public void UpdateState(Action<JsonObject> change, string? effectKind = null, string? effectTarget = null)
    {
        ArgumentNullException.ThrowIfNull(change);
        Change(state =>
        {
            change(state.Product);
            if (effectKind is not null)
            {
                AddEffect(state, effectKind, effectTarget ?? "");
            }
        });
    }

    /// <summary>Records something that has just happened on this server.</summary>
    /// <param name="kind">What happened.</param>
    /// <param name="target">What it happened to.</param>
    public void RecordEffect(string kind, string target) => _ledger.Record(kind, target);

    /// <summary>Restarts Windows: running scripts and tasks die, services stop, those with automatic start mode start again.</summary>
    public void Reboot()
    {
        StopScripts();
        _shareMappings.Clear();
        var changed = new List<LabService>();
        Change(state =>
        {
            changed.AddRange(state.Services.Where(service => service.IsRunning)
                .Select(service => service with { State = LabService.Stopped }));
            state.Services = [.. state.Services.Select(service => service with { State = LabService.Stopped })];
            state.BootedAt = _time.GetUtcNow();
            AddEffect(state, LabEffectKinds.Reboot, state.Name);
        });
        changed.ForEach(Tell);
        changed.Clear();
        Change(state =>
        {
            state.Services = [.. state.Services.Select(service =>
                service.StartMode == LabService.Automatic ? service with { State = LabService.Running } : service)];
            changed.AddRange(state.Services.Where(service => service.IsRunning));
        });
        changed.ForEach(Tell);
    }

    /// <summary>Renames the computer and restarts it.</summary>
    /// <param name="computerName">The new computer name.</param>
    /// <exception cref="ArgumentException">The name cannot be one, or another server has it.</exception>
    public void Rename(string computerName)
    {
        LabFarm.CheckName(computerName);
        if (_farm.Find(computerName) is { } other && other != this)
        {
            throw new ArgumentException($"The farm has a server '{computerName}' already.", nameof(computerName));
        }

        Change(state =>
        {
            state.ComputerName = computerName == state.Name ? null : computerName;
            AddEffect(state, LabEffectKinds.ComputerRename, computerName);
        });
        Reboot();
    }

    /// <summary>Ends what runs here and closes the files.</summary>
    public void Dispose()
    {
        _shell.Dispose();
        _ledger.Dispose();
    }

    internal static LabServer Open(LabFarm farm, string directory, TimeProvider time, ILogger logger)
    {
        var state = AtomicFile.Read<ServerState>(Path.Combine(directory, StateFileName));
        return state.Format == ServerState.CurrentFormat
            ? new LabServer(farm, directory, state, time, logger)
            : throw new InvalidDataException(
                $"The lab server in '{directory}' has format {state.Format}; delete the lab's folder to begin anew.");
    }

    internal static LabServer Create(LabFarm farm, string directory, string name, long diskBytes, TimeProvider time, ILogger logger)
    {
        Directory.CreateDirectory(directory);
        foreach (var folder in (string[])["Program Files", "ProgramData", "Users", Path.Combine("Windows", "Temp")])
        {
            Directory.CreateDirectory(Path.Combine(directory, "C", folder));
        }

        var state = new ServerState { Name = name, DiskBytes = diskBytes, BootedAt = time.GetUtcNow() };
        AtomicFile.Write(Path.Combine(directory, StateFileName), state);
        return new LabServer(farm, directory, state, time, logger);
    }

    internal const string StateFileName = "server.json";

    internal T Read<T>(Func<ServerState, T> read) => read(_state);

    internal void Change(Action<ServerState> change)
    {
        lock (_gate)
        {
            var next = AtomicFile.Copy(_state);
            change(next);
            AtomicFile.Write(Path.Combine(_directory, StateFileName), next);
            _state = next;
        }
    }

    internal void RenameWithEffect(string kind, string target, string from, Action rename) => _ledger.Rename(kind, target, from, rename);

    internal LabPath Resolve(string windowsPath)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(windowsPath);
        var (machine, drive, parts) = WindowsPath.Split(windowsPath);
        var server = machine is null || machine.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? this : _farm.Find(machine);
        if (server is null)
        {
            throw new DirectoryNotFoundException($"The network path was not found: '{windowsPath}'.");
        }

        if (machine is not null && !MaySee(server, machine, drive))
        {
            throw new DirectoryNotFoundException($"Access is denied: '{windowsPath}'. {server.Name} asks for an account.");
        }

        return drive == 'C'
            ? new LabPath(server, WindowsPath.Locate(server.DriveRoot, parts), machine is null ? @"C:\" : $@"\\{machine}\C$\")
            : throw new DirectoryNotFoundException($"Cannot find drive. A drive with the name '{drive}' does not exist.");
    }

    private void AddEffect(ServerState state, string kind, string target) =>
        state.Effects.Add(new LabEffect(_ledger.NextSequence(), kind, target, _time.GetUtcNow()));

    // The ledger looks at the temporary files to decide what a kill left undecided, so they are cleared only after it was opened.
    private void ClearTemporaryFiles()
    {
        if (Directory.Exists(TemporaryDirectory))
        {
            Directory.Delete(TemporaryDirectory, recursive: true);
        }

        Directory.CreateDirectory(TemporaryDirectory);
    }
}
