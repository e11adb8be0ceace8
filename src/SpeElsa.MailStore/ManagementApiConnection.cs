namespace SpeElsa.MailStore;

/// <summary>Where a Management API is and who calls it. Passwords are asked for when they are needed and never kept.</summary>
/// <param name="BaseAddress">
/// The https address of the Management Server, for example <c>https://spe-old.lab.example:8474/</c>; without user, query or fragment.
/// </param>
/// <param name="UserName">The system administrator who calls; has no colon, because HTTP Basic can not carry one.</param>
/// <param name="Password">Reads that administrator's normal password.</param>
/// <param name="ApiPassword">
/// Reads the API password an administrator with MFA must send; null, or a null answer, when there is none.
/// </param>
/// <param name="Thumbprint">
/// SHA-1 or SHA-256 thumbprint (hex) of the server's certificate. Null trusts what the system trusts, which refuses self-signed ones.
/// </param>
public sealed record ManagementApiConnection(
    Uri BaseAddress,
    string UserName,
    Func<CancellationToken, ValueTask<string>> Password,
    Func<CancellationToken, ValueTask<string?>>? ApiPassword = null,
    string? Thumbprint = null);
