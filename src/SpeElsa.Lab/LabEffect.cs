using System.Text.Json.Serialization;

namespace SpeElsa.Lab;

/// <summary>One thing that really happened on a simulated server.</summary>
/// <param name="Sequence">Its place among the effects of this server.</param>
/// <param name="Kind">What happened, e.g. <c>service-stop</c> or <c>file-copy</c>.</param>
/// <param name="Target">What it happened to: a service name, a thumbprint, a Windows path.</param>
/// <param name="Timestamp">When, by the farm's clock.</param>
public sealed record LabEffect(
    [property: JsonPropertyName("sequence")] long Sequence,
    [property: JsonPropertyName("kind")] string Kind,
    [property: JsonPropertyName("target")] string Target,
    [property: JsonPropertyName("timestamp")] DateTimeOffset Timestamp);

/// <summary>The kinds of effect that the Windows side of a server records.</summary>
public static class LabEffectKinds
{
    /// <summary>A service went from stopped to running.</summary>
    public const string ServiceStart = "service-start";

    /// <summary>A service went from running to stopped.</summary>
    public const string ServiceStop = "service-stop";

    /// <summary>The start mode of a service changed.</summary>
    public const string ServiceMode = "service-mode";

    /// <summary>A certificate came into a store.</summary>
    public const string CertificateImport = "certificate-import";

    /// <summary>A certificate left a store.</summary>
    public const string CertificateRemove = "certificate-remove";

    /// <summary>A certificate and its private key were written to a PFX file.</summary>
    public const string CertificateExport = "certificate-export";

    /// <summary>A file copy put a file in place.</summary>
    public const string FileCopy = "file-copy";

    /// <summary>A file copy removed a file that the source does not have.</summary>
    public const string FileRemove = "file-remove";

    /// <summary>A directory was moved as a whole.</summary>
    public const string DirectoryMove = "directory-move";

    /// <summary>A file was renamed: out of the way, or into its place.</summary>
    public const string FileMove = "file-move";

    /// <summary>An account was given a private key.</summary>
    public const string CertificateAccess = "certificate-access";

    /// <summary>A firewall rule was added.</summary>
    public const string FirewallAdd = "firewall-add";

    /// <summary>A firewall rule was removed.</summary>
    public const string FirewallRemove = "firewall-remove";

    /// <summary>The scanner was told to leave a folder out, or to read it again.</summary>
    public const string AntivirusExclusion = "antivirus-exclusion";

    /// <summary>A snapshot of the drive was made.</summary>
    public const string SnapshotCreate = "snapshot-create";

    /// <summary>A snapshot was removed.</summary>
    public const string SnapshotRemove = "snapshot-remove";

    /// <summary>An installer ran to its end.</summary>
    public const string Install = "install";

    /// <summary>The server was restarted.</summary>
    public const string Reboot = "reboot";

    /// <summary>The computer was renamed.</summary>
    public const string ComputerRename = "computer-rename";
}
