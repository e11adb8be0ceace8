using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SpeElsa.MailStore;

/// <summary>
/// Decides whether the server's certificate is the one we were told about. With a pin nothing else counts, neither issuer nor name nor end
/// date: MailStore's own certificates are self-signed and the pin is stronger. Without one the system's trust decides.
/// </summary>
internal sealed class CertificatePin
{
    private const int Sha1Digits = 40;
    private const int Sha256Digits = 64;
    private readonly string? _expected;
    private volatile string? _rejected;

    public CertificatePin(string? thumbprint)
    {
        if (thumbprint is null)
            return;
        // Thumbprints copied from Windows dialogs have spaces, and often an invisible mark at the front.
        _expected = string.Concat(thumbprint.Where(char.IsAsciiHexDigit)).ToUpperInvariant();
        if (_expected.Length is not (Sha1Digits or Sha256Digits))
            throw new ArgumentException("A thumbprint has 40 (SHA-1) or 64 (SHA-256) hexadecimal digits.", nameof(thumbprint));
    }

    /// <summary>SHA-256 thumbprint of the certificate that was refused last; null once one was accepted.</summary>
    public string? Rejected => _rejected;

    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
            return false;
        var accepted = _expected switch
        {
            null => errors == SslPolicyErrors.None,
            { Length: Sha256Digits } => certificate.GetCertHashString(HashAlgorithmName.SHA256) == _expected,
            _ => certificate.GetCertHashString() == _expected,
        };
        _rejected = accepted ? null : certificate.GetCertHashString(HashAlgorithmName.SHA256);
        return accepted;
    }
}
