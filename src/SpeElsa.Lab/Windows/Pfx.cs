using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Formats.Asn1;

namespace SpeElsa.Lab.Windows;

/// <summary>Real PFX files, with the friendly name that .NET keeps on Windows only.</summary>
internal static class Pfx
{
    private static readonly Oid FriendlyNameId = new("1.2.840.113549.1.9.20");
    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 100_000);

    /// <summary>Writes a certificate and its key, encrypted with the password.</summary>
    public static byte[] Write(LabCertificate certificate, string password)
    {
        using var x509 = X509CertificateLoader.LoadCertificate(certificate.RawData);
        using var key = certificate.OpenKey();
        var keyId = new Pkcs9LocalKeyId([1]);
        var certificates = new Pkcs12SafeContents();
        var certificateBag = certificates.AddCertificate(x509);
        certificateBag.Attributes.Add(keyId);
        if (certificate.FriendlyName.Length > 0)
        {
            certificateBag.Attributes.Add(FriendlyName(certificate.FriendlyName));
        }

        var keys = new Pkcs12SafeContents();
        keys.AddShroudedKey(key, password, Encryption).Attributes.Add(keyId);
        var builder = new Pkcs12Builder();
        builder.AddSafeContentsEncrypted(certificates, password, Encryption);
        builder.AddSafeContentsUnencrypted(keys);
        builder.SealWithMac(password, HashAlgorithmName.SHA256, 100_000);
        return builder.Encode();
    }

    /// <summary>Reads the certificates of a file that holds one key.</summary>
    /// <exception cref="IOException">The password is wrong, or the file is no PFX.</exception>
    public static IReadOnlyList<LabCertificate> Read(byte[] data, string password, bool exportable)
    {
        try
        {
            var pfx = Pkcs12Info.Decode(data, out _, skipCopy: true);
            if (!pfx.VerifyMac(password))
            {
                throw new IOException("The specified network password is not correct.");
            }

            var found = new List<(X509Certificate2 X509, string Name)>();
            (byte[] Data, string Algorithm)? key = null;
            foreach (var contents in pfx.AuthenticatedSafe)
            {
                if (contents.ConfidentialityMode == Pkcs12ConfidentialityMode.Password)
                {
                    contents.Decrypt(password);
                }

                foreach (var bag in contents.GetBags())
                {
                    switch (bag)
                    {
                        case Pkcs12CertBag certificate:
                            found.Add((certificate.GetCertificate(), FriendlyNameOf(bag)));
                            break;
                        case Pkcs12ShroudedKeyBag shrouded:
                            key = ReadKey(shrouded.EncryptedPkcs8PrivateKey.Span, password);
                            break;
                    }
                }
            }

            return [.. found.Select(pair =>
            {
                using (pair.X509)
                {
                    return new LabCertificate(pair.X509.RawData, key?.Data, key?.Algorithm ?? "RSA", pair.Name, exportable);
                }
            })];
        }
        catch (CryptographicException e)
        {
            throw new IOException("The file is not a PFX file, or it is damaged.", e);
        }
    }

    private static (byte[] Data, string Algorithm) ReadKey(ReadOnlySpan<byte> encrypted, string password)
    {
        var info = Pkcs8PrivateKeyInfo.DecryptAndDecode(password, encrypted.ToArray(), out _);
        return (info.Encode(), info.AlgorithmId.Value == "1.2.840.10045.2.1" ? "ECDSA" : "RSA");
    }


    private static AsnEncodedData FriendlyName(string name)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteCharacterString(UniversalTagNumber.BMPString, name);
        return new AsnEncodedData(FriendlyNameId, writer.Encode());
    }

    private static string FriendlyNameOf(Pkcs12SafeBag bag)
    {
        foreach (var attribute in bag.Attributes)
        {
            if (attribute.Oid.Value == FriendlyNameId.Value && attribute.Values.Count > 0)
            {
                return new AsnReader(attribute.Values[0].RawData, AsnEncodingRules.BER)
                    .ReadCharacterString(UniversalTagNumber.BMPString);
            }
        }

        return "";
    }
}
