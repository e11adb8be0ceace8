using System.Collections.Concurrent;
using SpeElsa.Lab.Windows;

namespace SpeElsa.Lab;

// What else of Windows the scripts look at and change. What an administrator sets is stored; what a running machine merely shows is not.
public sealed partial class LabServer
{
    private const string KeyFolder = @"C:\ProgramData\Microsoft\Crypto\RSA\MachineKeys\";
    private const string KeySuffix = "_lab";
    private const int SystemProcess = 4;

    // What a fresh Windows Server 2022 has.
    private static readonly RegistryValue[] FreshRegistry =
    [
        new(@"HKLM:\SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full", "Release", 528449, null),
        new(@"HKLM:\SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full", "Version", null, "4.8.04161"),
        new(@"HKLM:\SYSTEM\CurrentControlSet\Control\FileSystem", "LongPathsEnabled", 0, null),
    ];

    private readonly ConcurrentDictionary<int, string> _listeners = new();
    private readonly ConcurrentDictionary<string, (int ProcessId, string Name)> _fileOwners = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _shareMappings = new(StringComparer.OrdinalIgnoreCase);
    private (string UserName, string Password)? _shareAccount;

    /// <summary>How far the machine's clock is ahead of the real time.</summary>
    public TimeSpan ClockOffset { get; set; }

    /// <summary>How far the clock is ahead that a script reads, with what a fault adds to it.</summary>
    internal TimeSpan ClockAhead(string script) => ClockOffset + Farm.Faults.SkewOf(this, script);

    /// <summary>Whether the scanner of Windows is on the machine. Default: true.</summary>
    public bool HasAntivirus { get; set; } = true;

    /// <summary>The firewall rules that let something in.</summary>
    public IReadOnlyList<LabFirewallRule> FirewallRules => _state.Windows.FirewallRules;

    /// <summary>The folders that the scanner of Windows leaves out.</summary>
    public IReadOnlyList<string> AntivirusExclusions => _state.Windows.AntivirusExclusions;

    /// <summary>The snapshots of the drive.</summary>
    public IReadOnlyList<LabSnapshot> Snapshots => _state.Windows.Snapshots;

    /// <summary>The connections to shares by credentials, as <c>\\server\share</c>.</summary>
    public IReadOnlyList<string> ShareMappings => [.. _shareMappings.Keys.Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Sets a value of the registry, and makes its key.</summary>
    /// <param name="key">The key, as <c>HKLM:\…</c>.</param>
    /// <param name="name">The value's name; empty makes the key only.</param>
    /// <param name="value">A whole number or a text; null removes the value.</param>
    public void SetRegistryValue(string key, string name, object? value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        Change(state =>
        {
            state.Windows.Registry.RemoveAll(other => IsSame(other.Key, key) && IsSame(other.Name, name));
            if (name.Length == 0 || value is not null)
            {
                state.Windows.Registry.Add(new RegistryValue(key.TrimEnd('\\'), name, value is string or null ? null : Convert.ToInt64(value, null), value as string));
            }
        });
    }

    /// <summary>Removes a key of the registry with its values; harmless when it is not there.</summary>
    /// <param name="key">The key, as <c>HKLM:\…</c>.</param>
    public void RemoveRegistryKey(string key) => Change(state => state.Windows.Registry.RemoveAll(value => IsSame(value.Key, key.TrimEnd('\\'))));

    /// <summary>Adds a firewall rule, replacing the one of that name.</summary>
    /// <param name="rule">The rule.</param>
    public void AddFirewallRule(LabFirewallRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        Change(state =>
        {
            state.Windows.FirewallRules.RemoveAll(other => IsSame(other.Name, rule.Name));
            state.Windows.FirewallRules.Add(rule);
            AddEffect(state, LabEffectKinds.FirewallAdd, rule.Name);
        });
    }

    /// <summary>Names the program that listens on a port, and opens the port.</summary>
    /// <param name="port">The port.</param>
    /// <param name="process">The program's name.</param>
    public void Listen(int port, string process)
    {
        _listeners[port] = process;
        SetPort(port, true);
    }

    /// <summary>Has a program open a file for itself alone.</summary>
    /// <param name="windowsPath">The file.</param>
    /// <param name="process">The program's name.</param>
    /// <returns>The lock; dispose it to close the file.</returns>
    public LabFileLock LockFile(string windowsPath, string process)
    {
        var path = ToLocalPath(windowsPath);
        var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        _fileOwners[path] = (4000 + _fileOwners.Count, process);
        return new LabFileLock(stream, () => _fileOwners.TryRemove(path, out _));
    }

    /// <summary>From now on, other machines see this one's shares only with this account; null: as they always do.</summary>
    /// <param name="userName">The account; null for none.</param>
    /// <param name="password">Its password.</param>
    public void RequireShareAccount(string? userName, string password) =>
        _shareAccount = userName is null ? null : (userName, password);

    /// <summary>Who may read the private key of a certificate, besides administrators and the system.</summary>
    /// <param name="thumbprint">The certificate's thumbprint.</param>
    /// <returns>The accounts.</returns>
    public IReadOnlyList<string> KeyReaders(string thumbprint) =>
        [.. _state.Windows.KeyAccess.Where(access => IsSame(access.Thumbprint, thumbprint)).Select(access => access.Account)];

    internal static string KeyFileName(string thumbprint) => thumbprint + KeySuffix;

    /// <summary>The certificate whose private key Windows keeps in a file; null when it is not such a file.</summary>
    internal LabCertificate? FindByKeyFile(string windowsPath)
    {
        if (!windowsPath.StartsWith(KeyFolder, StringComparison.OrdinalIgnoreCase) || !windowsPath.EndsWith(KeySuffix, StringComparison.Ordinal))
        {
            return null;
        }

        var thumbprint = windowsPath[KeyFolder.Length..^KeySuffix.Length];
        return _state.Certificates.Values.SelectMany(store => store).FirstOrDefault(
            certificate => certificate.HasPrivateKey && HasThumbprint(certificate, thumbprint));
    }

    internal void GrantKey(string thumbprint, string account)
    {
        if (!KeyReaders(thumbprint).Contains(account, StringComparer.OrdinalIgnoreCase))
        {
            Change(state =>
            {
                state.Windows.KeyAccess.Add(new KeyAccess(thumbprint, account));
                AddEffect(state, LabEffectKinds.CertificateAccess, thumbprint);
            });
        }
    }

    internal IReadOnlyList<RegistryValue> RegistryKey(string key) =>
        [.. _state.Windows.Registry.Concat(FreshRegistry).Where(value => IsSame(value.Key, key.TrimEnd('\\')))
            .DistinctBy(value => value.Name, StringComparer.OrdinalIgnoreCase)];

    internal void RemoveFirewallRule(string name) => Change(state =>
    {
        state.Windows.FirewallRules.RemoveAll(rule => IsSame(rule.Name, name));
        AddEffect(state, LabEffectKinds.FirewallRemove, name);
    });

    internal void SetAntivirusExclusion(string path, bool excluded) => Change(state =>
    {
        state.Windows.AntivirusExclusions.RemoveAll(other => IsSame(other, path));
        if (excluded)
        {
            state.Windows.AntivirusExclusions.Add(path);
        }

        AddEffect(state, LabEffectKinds.AntivirusExclusion, path);
    });

    internal LabSnapshot CreateSnapshot(string drive)
    {
        var snapshot = new LabSnapshot(Guid.NewGuid().ToString("B").ToUpperInvariant(), drive, _time.GetUtcNow());
        Change(state =>
        {
            state.Windows.Snapshots.Add(snapshot);
            AddEffect(state, LabEffectKinds.SnapshotCreate, snapshot.Id);
        });
        return snapshot;
    }

    internal void RemoveSnapshot(string id) => Change(state =>
    {
        state.Windows.Snapshots.RemoveAll(snapshot => snapshot.Id == id);
        AddEffect(state, LabEffectKinds.SnapshotRemove, id);
    });

    /// <summary>What listens, with the process that does; what was only opened is the system's.</summary>
    internal IReadOnlyList<(int Port, int ProcessId, string Process)> Listeners =>
    [
        .. _ports.Where(port => port.Value).Select(port => port.Key).Append(FileSharingPort).Distinct().Where(IsPortOpen).Order()
            .Select(port => _listeners.TryGetValue(port, out var process) ? (port, 5000 + port, process) : (port, SystemProcess, "System")),
    ];

    internal (int ProcessId, string Name)? OwnerOf(string windowsPath) =>
        _fileOwners.TryGetValue(ToLocalPath(windowsPath), out var owner) ? owner : null;

    internal bool HasMapping(string remotePath) => _shareMappings.ContainsKey(remotePath);

    internal void MapShare(string remotePath, string userName, string password)
    {
        var server = _farm.Find(remotePath.Split('\\', StringSplitOptions.RemoveEmptyEntries)[0])
            ?? throw new InvalidOperationException("The network path was not found.");
        if (server._shareAccount is { } account && account != (userName, password))
        {
            throw new InvalidOperationException("The specified network password is not correct.");
        }

        _shareMappings[remotePath] = true;
    }

    internal void UnmapShare(string remotePath) => _shareMappings.TryRemove(remotePath, out _);

    // By name, as Windows does: a connection to the short name is none to the full one.
    private bool MaySee(LabServer other, string machine, char drive) =>
        other._shareAccount is null || other == this || _shareMappings.ContainsKey($@"\\{machine}\{drive}$");

    private static bool IsSame(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
