using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using SpeElsa.Server.Access;
using SpeElsa.Server.Configuration;

namespace SpeElsa.Server.Evidence;

/// <summary>
/// What this server signs evidence with: ECDSA on P-256, made at the first start. The private part lies in keys/evidence.key of the data directory,
/// encrypted with the server's own keys; the public part in evidence-key.pem, for whoever hands the fingerprint to an auditor.
/// </summary>
/// <remarks>
/// A key that is lost or can not be read any more is never replaced silently: auditors have its fingerprint, and would take what a new key signs for
/// forged. Only where neither part is there a key is made. Safe for concurrent use once it is open.
/// </remarks>
internal sealed class EvidenceKey(ServerOptions options, IDataProtectionProvider protection, ILogger<EvidenceKey> logger)
{
    public const string Algorithm = "ECDSA-P256-SHA256";
    public const string PublicFile = "evidence-key.pem";

    /// <summary>The order of the curve, big-endian.</summary>
    private static readonly byte[] Order = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");

    private readonly string _path = Path.Combine(options.DataPath, "keys", "evidence.key");
    private readonly string _publicPath = Path.Combine(options.DataPath, PublicFile);
    private readonly IDataProtector _protector = protection.CreateProtector("SpeElsa.EvidenceKey.v1");
    private readonly Lock _lock = new();
    private ECDsa? _key;
    private byte[]? _publicKey;

    /// <summary>Why there is no key to sign with; null: there is one.</summary>
    public string? Fault { get; private set; }

    /// <summary>The public part, DER of SubjectPublicKeyInfo.</summary>
    public byte[] PublicKey => _publicKey ?? throw NotOpen();

    /// <summary>The public part as PEM.</summary>
    public string PublicPem => PemEncoding.WriteString("PUBLIC KEY", PublicKey) + "\n";

    /// <summary>SHA-256 of <see cref="PublicKey"/>, lower-case hex.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(PublicKey));

    /// <summary>Reads the key, or makes one where there is none yet.</summary>
    public void Open()
    {
        try
        {
            _key = File.Exists(_path) ? Read() : File.Exists(_publicPath) ? throw new CryptographicException("The file is missing") : Create();
        }
        catch (CryptographicException exception)
        {
            Fault = $"The key that signs evidence, {_path}, can not be read ({exception.Message}). Put the folder 'keys' of the data directory back as it was. If it is lost, remove "
                + $"that file and {PublicFile} and start the server again: it makes a new key, whose fingerprint auditors have to be told.";
            logger.EvidenceKeyUnusable(Fault);
            return;
        }

        _publicKey = _key.ExportSubjectPublicKeyInfo();
        if (!File.Exists(_publicPath) || File.ReadAllText(_publicPath) != PublicPem)
        {
            PrivateFile.Write(_publicPath, Encoding.ASCII.GetBytes(PublicPem));
        }

        logger.EvidenceKeyOpened(Fingerprint, _publicPath);
    }

    /// <summary>Signs with SHA-256; DER of (r, s). Of the two values of s that would do it takes the smaller one, so that nobody can turn a signature into another.</summary>
    public byte[] Sign(byte[] content)
    {
        byte[] signature;
        lock (_lock)
        {
            signature = (_key ?? throw NotOpen()).SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }

        var order = Number(Order);
        var s = Number(signature.AsSpan(Order.Length));
        if (s > order / 2)
        {
            signature.AsSpan(Order.Length).Clear();
            var smaller = (order - s).ToByteArray(isUnsigned: true, isBigEndian: true);
            smaller.CopyTo(signature.AsSpan(signature.Length - smaller.Length));
        }

        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(Number(signature.AsSpan(0, Order.Length)));
            writer.WriteInteger(Number(signature.AsSpan(Order.Length)));
        }

        return writer.Encode();
    }

    private static InvalidOperationException NotOpen() => new("The key for evidence has not been opened.");

    private static BigInteger Number(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private ECDsa Read()
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(_protector.Unprotect(File.ReadAllBytes(_path)), out _);
        return key;
    }

    private ECDsa Create()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        PrivateFile.Write(_path, _protector.Protect(key.ExportPkcs8PrivateKey()));
        return key;
    }
}

internal static partial class EvidenceLog
{
    [LoggerMessage(EventId = 7401, Level = LogLevel.Information, Message = "Evidence is signed with the key {Fingerprint}; its public part is in {Path}")]
    public static partial void EvidenceKeyOpened(this ILogger logger, string fingerprint, string path);

    [LoggerMessage(EventId = 7402, Level = LogLevel.Error, Message = "No evidence can be signed. {Fault}")]
    public static partial void EvidenceKeyUnusable(this ILogger logger, string fault);
}
