using System.Text.Json.Serialization;

namespace SpeElsa.Machines;

/// <summary>What went wrong in a script, and where.</summary>
/// <param name="Code">One of <see cref="ScriptErrorCodes"/>.</param>
/// <param name="Message">The message, without secrets.</param>
/// <param name="Script">The script's name.</param>
/// <param name="Line">The line in that script; null when the error has no place.</param>
/// <param name="Position">The statement at that line.</param>
/// <param name="Files">The paths that it is about, as the script names them; null when it is about none.</param>
public sealed record ScriptError(
    [property: JsonPropertyName("code")] string Code,
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("script")] string? Script,
    [property: JsonPropertyName("line")] int? Line,
    [property: JsonPropertyName("position")] string? Position,
    [property: JsonPropertyName("files")] IReadOnlyList<string>? Files = null);

/// <summary>The codes of script errors. They are stored and compared, so they stay as they are.</summary>
public static class ScriptErrorCodes
{
    /// <summary>An error that no script foresaw.</summary>
    public const string Failed = "script.failed";

    /// <summary>An input is missing or cannot be.</summary>
    public const string InvalidInput = "script.invalid-input";

    /// <summary>The script ended, or its connection did, and its result did not arrive.</summary>
    public const string NoResult = "script.no-result";

    /// <summary>The script took longer than it may.</summary>
    public const string TimedOut = "script.timed-out";

    /// <summary>The script was stopped because somebody asked for it.</summary>
    public const string Cancelled = "script.cancelled";

    /// <summary>The machine cannot be reached.</summary>
    public const string Unreachable = "machine.unreachable";

    /// <summary>The machine answers and refuses the connection.</summary>
    public const string ConnectionRefused = "machine.connection-refused";

    /// <summary>Nobody has said yet that the machine's host key is the right one.</summary>
    public const string HostNotTrusted = "machine.not-trusted";

    /// <summary>The machine's host key is another than the trusted one.</summary>
    public const string HostKeyChanged = "machine.host-key-changed";

    /// <summary>The machine does not let the account in.</summary>
    public const string AuthenticationFailed = "machine.authentication-failed";

    /// <summary>The account is not an administrator of the machine.</summary>
    public const string NotAdministrator = "machine.not-administrator";

    /// <summary>Windows PowerShell cannot be started on the machine.</summary>
    public const string PowerShellMissing = "machine.powershell-missing";

    /// <summary>PowerShell runs in a constrained language mode on the machine.</summary>
    public const string PowerShellConstrained = "machine.powershell-constrained";

    /// <summary>There is no service of that name.</summary>
    public const string ServiceNotFound = "service.not-found";

    /// <summary>The service is disabled and cannot be started.</summary>
    public const string ServiceDisabled = "service.disabled";

    /// <summary>The service did not reach the state in time.</summary>
    public const string ServiceTimeout = "service.timeout";

    /// <summary>A certificate with that thumbprint is not in the store.</summary>
    public const string CertificateNotFound = "certificate.not-found";

    /// <summary>Windows does not let the private key out.</summary>
    public const string CertificateNotExportable = "certificate.not-exportable";

    /// <summary>A certificate arrived without its private key, or is not the one it was said to be.</summary>
    public const string CertificateMismatch = "certificate.mismatch";

    /// <summary>The private key of a certificate is not on the machine.</summary>
    public const string CertificateWithoutKey = "certificate.no-key";

    /// <summary>Windows did not let an account have a private key.</summary>
    public const string CertificateAccessDenied = "certificate.access-denied";

    /// <summary>A certificate is not in the store that was to hold its copy.</summary>
    public const string CertificateWithoutCopy = "certificate.no-copy";

    /// <summary>A temporary PFX file is still there.</summary>
    public const string TransferFileLeft = "transfer.file-left";

    /// <summary>A path that is needed does not exist.</summary>
    public const string PathNotFound = "path.not-found";

    /// <summary>The copy could not copy some files; trying again copies the rest.</summary>
    public const string CopyIncomplete = "copy.incomplete";

    /// <summary>The copy could not copy some files because they are in use; trying again copies those that are not any more.</summary>
    public const string CopyLocked = "copy.locked";

    /// <summary>The copy could not begin at all.</summary>
    public const string CopyFailed = "copy.failed";

    /// <summary>The installer ended with an exit code that is not success.</summary>
    public const string InstallFailed = "install.failed";

    /// <summary>The scanner of Windows is not on the machine.</summary>
    public const string AntivirusNotAvailable = "antivirus.not-available";

    /// <summary>The scanner of Windows did not take the setting.</summary>
    public const string AntivirusRefused = "antivirus.refused";

    /// <summary>Windows did not make or remove a snapshot.</summary>
    public const string SnapshotFailed = "snapshot.failed";

    /// <summary>This Windows has no connections to shares that tasks could use.</summary>
    public const string ShareNotSupported = "share.not-supported";

    /// <summary>The share does not let the account in.</summary>
    public const string ShareRefused = "share.refused";

    /// <summary>The task was started and the script did not begin.</summary>
    public const string TicketNotBegun = "ticket.not-begun";

    /// <summary>The ticket still runs.</summary>
    public const string TicketRunning = "ticket.running";

    /// <summary>Says whether the same script, run again, may succeed without anything being changed by a person.</summary>
    /// <param name="code">An error code.</param>
    /// <returns>True when trying again can help.</returns>
    public static bool CanRetry(string code) => code is
        NoResult or TimedOut or Unreachable or ConnectionRefused or ServiceTimeout or TransferFileLeft or CopyIncomplete or CopyLocked
        or TicketNotBegun or TicketRunning;
}
