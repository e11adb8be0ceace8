using System.Security.Cryptography;

namespace SpeElsa.Cli.Commands;

/// <summary>The key that somebody says must have signed.</summary>
internal static class KeyPin
{
    private const string Prefix = "sha256:";
    private const string PemLabel = "PUBLIC KEY";
    private const int Digits = 64;

    /// <summary>Reads a fingerprint, or the file of a public key.</summary>
    /// <param name="text">64 hex digits, also with SHA256: before them and colons between; or a PEM file.</param>
    /// <param name="cancellationToken">Stops waiting for the file.</param>
    /// <returns>The fingerprint, lower-case hex.</returns>
    /// <exception cref="FormatException">It is neither.</exception>
    public static async Task<string> ReadAsync(string text, CancellationToken cancellationToken)
    {
        if (File.Exists(text))
        {
            var pem = await File.ReadAllTextAsync(text, cancellationToken);
            return PemEncoding.TryFind(pem, out var fields) && pem[fields.Label] == PemLabel
                ? Convert.ToHexStringLower(SHA256.HashData(Convert.FromBase64String(pem[fields.Base64Data])))
                : throw new FormatException($"{text} holds no public key: it must have a block '-----BEGIN {PemLabel}-----'.");
        }

        var digits = text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? text[Prefix.Length..] : text;
        digits = digits.Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        return digits.Length == Digits && digits.All(char.IsAsciiHexDigitLower)
            ? digits
            : throw new FormatException($"--key '{text}' is neither a file nor a fingerprint of {Digits} hex digits.");
    }
}
