namespace SpeElsa.Activities;

// What the scripts answer, as far as the steps read it.

internal sealed record ServerFacts(
    string ComputerName, string? Fqdn, string? OsVersion, bool InstallDirectoryExists, string? ProductVersion, IReadOnlyList<DriveFacts>? Drives, DateTimeOffset? UtcNow = null)
{
    public DriveFacts? DriveOf(string path) =>
        Drives?.FirstOrDefault(drive => path.StartsWith(drive.Root[..1], StringComparison.OrdinalIgnoreCase));
}

internal sealed record DriveFacts(string Root, long FreeBytes, long SizeBytes);

internal sealed record ServiceFacts(string? Role, string Name, string? DisplayName, string State, string? StartMode)
{
    public bool IsStopped => string.Equals(State, "Stopped", StringComparison.OrdinalIgnoreCase);

    public bool IsRunning => string.Equals(State, "Running", StringComparison.OrdinalIgnoreCase);

    public bool IsDisabled => string.Equals(StartMode, "Disabled", StringComparison.OrdinalIgnoreCase);
}

internal sealed record ServicesResult(IReadOnlyList<ServiceFacts> Services);

internal sealed record CertificateFacts(
    string Thumbprint, string? Subject, string? FriendlyName, DateTimeOffset? NotAfter, bool HasPrivateKey, bool? Exportable, bool? Matches);

internal sealed record CertificatesResult(IReadOnlyList<CertificateFacts> Certificates);

internal sealed record ExportedCertificate(string Thumbprint, string Pfx);

internal sealed record ExportResult(IReadOnlyList<ExportedCertificate> Certificates, bool FilesRemoved);

internal sealed record LeftoversResult(IReadOnlyList<string>? Files, IReadOnlyList<string>? Removed);

internal sealed record ManifestFile(string Path, long Length, string Sha256);

internal sealed record ManifestResult(
    bool Exists, long FileCount, long TotalBytes, string? Digest, IReadOnlyList<string>? SkippedJunctions, IReadOnlyList<ManifestFile>? Files)
{
    public static bool AreSame(ManifestResult left, ManifestResult right) =>
        left.Exists
            && right.Exists && left.Digest == right.Digest && left.FileCount == right.FileCount && left.TotalBytes == right.TotalBytes;
}

internal sealed record CopyResult(int ExitCode, long FilesCopied, long BytesCopied, long FilesSkipped, long ExtrasRemoved);

internal sealed record PathState(string Path, bool Exists, bool IsDirectory, bool IsJunction);

internal sealed record PathsResult(IReadOnlyList<PathState> Paths);

internal sealed record InstallResult(int ExitCode, string? ProductVersion);

internal sealed record FileOwnersResult(IReadOnlyList<OwnedFile> Files);

internal sealed record OwnedFile(string Path, IReadOnlyList<FileOwner> Owners);

internal sealed record FileOwner(int? ProcessId, string Name, string? Client);

internal sealed record PendingReboot(bool Pending, IReadOnlyList<string> Reasons);

internal sealed record Runtimes(int DotNetRelease, string? DotNetVersion, IReadOnlyDictionary<string, string?>? VisualC);

internal sealed record PortsInUse(IReadOnlyList<PortState> Ports);

internal sealed record PortState(int Port, bool InUse, IReadOnlyList<PortOwner> Owners);

internal sealed record PortOwner(string? Address, int ProcessId, string? Process);

internal sealed record FirewallRules(IReadOnlyList<FirewallProfile> Profiles, IReadOnlyList<PortRule> Ports);

internal sealed record FirewallProfile(string Name, bool Enabled);

internal sealed record PortRule(int Port, bool Allowed, IReadOnlyList<string> AllowedBy);

internal sealed record AntivirusState(bool Available, bool RealTime, IReadOnlyList<string> Missing);

internal sealed record VolumeSnapshots(IReadOnlyList<VolumeSnapshot> Snapshots);

internal sealed record VolumeSnapshot(string Id, DateTimeOffset Created);

internal sealed record NameAnswer(bool Exists, IReadOnlyList<string> Addresses, long? TimeToLiveSeconds);
