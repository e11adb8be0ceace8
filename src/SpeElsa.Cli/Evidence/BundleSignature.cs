using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SpeElsa.Cli.Evidence;

/// <summary>signature.json. Nothing vouches for its bytes, so it is good in one spelling only.</summary>
internal sealed class BundleSignature
{
    private const string Algorithm = "ECDSA-P256-SHA256";
    private static readonly BigInteger Order = BigInteger.Parse("00FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", System.Globalization.NumberStyles.AllowHexSpecifier, null);
    private readonly byte[] _publicKey;
    private readonly byte[] _signature;

    private BundleSignature(byte[] publicKey, byte[] signature) => (_publicKey, _signature) = (publicKey, signature);

    /// <summary>SHA-256 of the public key, lower-case hex.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(_publicKey));

    /// <exception cref="BundleFaultException">It is spelled otherwise, or is about another kind of key.</exception>
    public static BundleSignature Read(ReadOnlyMemory<byte> content)
    {
        using var document = JsonDocument.Parse(content, Facts.Strict);
        var root = document.RootElement;
        var read = new BundleSignature(Convert.FromBase64String(root.Required("publicKey")), Convert.FromBase64String(root.Required("signature")));
        if (root.Required("algorithm") != Algorithm)
        {
            throw new BundleFaultException($"The algorithm is not {Algorithm}.");
        }

        return content.Span.SequenceEqual(Encoding.ASCII.GetBytes(read.Spelling())) ? read : throw new BundleFaultException("signature.json was changed: it is not spelled as the format has it.");
    }

    /// <exception cref="BundleFaultException">It did not sign this.</exception>
    public void Verify(ReadOnlySpan<byte> content)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(_publicKey, out _);
        if (key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value || !key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(_publicKey))
        {
            throw new BundleFaultException("The key is not one on P-256 in its usual form.");
        }

        if (!IsOnlyForm())
        {
            throw new BundleFaultException("The signature was changed: it is not in the one form that is allowed (DER, the smaller s).");
        }

        if (!key.VerifyData(content, _signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))
        {
            throw new BundleFaultException("manifest.json is not what was signed, or the signature was changed.");
        }
    }

    /// <summary>From one signature (r, s) anybody can make the other, (r, order - s); and DER read loosely has many spellings.</summary>
    private bool IsOnlyForm()
    {
        try
        {
            var reader = new AsnReader(_signature, AsnEncodingRules.DER);
            var sequence = reader.ReadSequence();
            sequence.ReadInteger();
            var s = sequence.ReadInteger();
            sequence.ThrowIfNotEmpty();
            reader.ThrowIfNotEmpty();
            return s <= Order / 2;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private string Spelling() =>
        $"{{\n  \"algorithm\": \"{Algorithm}\",\n  \"keyId\": \"{Fingerprint}\",\n  \"publicKey\": \"{Convert.ToBase64String(_publicKey)}\",\n"
        + $"  \"signature\": \"{Convert.ToBase64String(_signature)}\"\n}}\n";
}
