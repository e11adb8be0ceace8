using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Serialization;

namespace SpeElsa.Lab;

/// <summary>A certificate in a store of a simulated server: a real X.509 certificate, with its real key where it has one.</summary>
public sealed class LabCertificate
{
    [JsonConstructor]
    internal LabCertificate(byte[] rawData, byte[]? privateKey, string keyAlgorithm, string friendlyName, bool exportable)
    {
        RawData = rawData;
        PrivateKey = privateKey;
        KeyAlgorithm = keyAlgorithm;
        FriendlyName = friendlyName;
        Exportable = exportable;
        using var certificate = X509CertificateLoader.LoadCertificate(rawData);
        Thumbprint = certificate.Thumbprint;
        Subject = certificate.Subject;
        NotAfter = new DateTimeOffset(certificate.NotAfter).ToUniversalTime();
    }

    /// <summary>The SHA-1 thumbprint, upper-case hex.</summary>
    [JsonIgnore]
    public string Thumbprint { get; }

    /// <summary>The subject's distinguished name.</summary>
    [JsonIgnore]
    public string Subject { get; }

    /// <summary>The end of its validity.</summary>
    [JsonIgnore]
    public DateTimeOffset NotAfter { get; }

    /// <summary>The name the certificate console shows, possibly empty.</summary>
    [JsonPropertyName("friendlyName")]
    public string FriendlyName { get; }

    /// <summary>Whether Windows would let the private key out.</summary>
    [JsonPropertyName("exportable")]
    public bool Exportable { get; }

    /// <summary>Whether the store holds the private key.</summary>
    [JsonIgnore]
    public bool HasPrivateKey => PrivateKey is not null;

    [JsonInclude]
    [JsonPropertyName("rawData")]
    internal byte[] RawData { get; }

    [JsonInclude]
    [JsonPropertyName("privateKey")]
    internal byte[]? PrivateKey { get; }

    [JsonInclude]
    [JsonPropertyName("keyAlgorithm")]
    internal string KeyAlgorithm { get; }

    /// <summary>Takes over a certificate and, if its key can be read, the key.</summary>
    /// <param name="certificate">An RSA or ECDSA certificate.</param>
    /// <param name="friendlyName">The name the certificate console shows.</param>
    /// <param name="exportable">Whether Windows lets the private key out again.</param>
    /// <returns>The certificate as a store keeps it.</returns>
    public static LabCertificate From(X509Certificate2 certificate, string friendlyName = "", bool exportable = true)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        using var rsa = certificate.GetRSAPrivateKey();
        using var ecdsa = rsa is null ? certificate.GetECDsaPrivateKey() : null;
        var key = rsa?.ExportPkcs8PrivateKey() ?? ecdsa?.ExportPkcs8PrivateKey();
        return new LabCertificate(certificate.RawData, key, ecdsa is null ? "RSA" : "ECDSA", friendlyName, exportable);
    }

    /// <summary>Opens the certificate with its key, ready for a TLS listener. The caller disposes it.</summary>
    /// <returns>The certificate; without a private key if the store has none.</returns>
    public X509Certificate2 Open()
    {
        var certificate = X509CertificateLoader.LoadCertificate(RawData);
        if (PrivateKey is null)
        {
            return certificate;
        }

        using (certificate)
        using (var key = OpenKey())
        using (var withKey = key is RSA rsa ? certificate.CopyWithPrivateKey(rsa) : certificate.CopyWithPrivateKey((ECDsa)key))
        {
            // A key that lives in memory only is refused by the TLS stack of Windows; one that came through a PFX is not.
            return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
        }
    }

    internal AsymmetricAlgorithm OpenKey()
    {
        AsymmetricAlgorithm key = KeyAlgorithm == "ECDSA" ? ECDsa.Create() : RSA.Create();
        key.ImportPkcs8PrivateKey(PrivateKey, out _);
        return key;
    }
}
