using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Elsa.Identity.Contracts;
using Elsa.Identity.Models;

namespace SpeElsa.Engine.Api.Identity;

/// <summary>
/// PBKDF2 with HMAC-SHA256 in the form Elsa 3.8 stores it (base64 of "pbkdf2-sha256$ROUNDS$HASH"), so that configured users and applications move
/// between the two without new passwords.
/// </summary>
/// <param name="rounds">How slow a hash is made.</param>
internal sealed class SecretHasher(int rounds = SecretHasher.Rounds) : ISecretHasher
{
    /// <summary>How slow Elsa makes hashes.</summary>
    public const int Rounds = 600_000;

    private const string Scheme = "pbkdf2-sha256";
    private const int MostRounds = 10_000_000;
    private const int Bytes = 32;

    /// <summary>A text that nobody can guess: 256 random bits.</summary>
    public static string RandomText() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    public HashedSecret HashSecret(string secret)
    {
        var salt = RandomNumberGenerator.GetBytes(Bytes);
        var hash = Convert.ToBase64String(Derive(secret, salt, rounds));
        return new HashedSecret(Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Scheme}${rounds}${hash}"))), Convert.ToBase64String(salt));
    }

    public bool VerifySecret(string clearTextSecret, string hashedSecret, string salt)
    {
        var saltBytes = new byte[salt.Length];
        var whole = new byte[hashedSecret.Length];
        if (!Convert.TryFromBase64String(salt, saltBytes, out var saltLength) || !Convert.TryFromBase64String(hashedSecret, whole, out var wholeLength))
        {
            return false;
        }

        var hash = new byte[Bytes];
        return Encoding.ASCII.GetString(whole, 0, wholeLength).Split('$') is [Scheme, var roundsText, var hashText]
            && int.TryParse(roundsText, NumberStyles.None, CultureInfo.InvariantCulture, out var storedRounds)
            && storedRounds is > 0 and <= MostRounds
            && Convert.TryFromBase64String(hashText, hash, out var length)
            && length == Bytes
            && CryptographicOperations.FixedTimeEquals(hash, Derive(clearTextSecret, saltBytes[..saltLength], storedRounds));
    }

    private static byte[] Derive(string secret, byte[] salt, int rounds) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(secret), salt, rounds, HashAlgorithmName.SHA256, Bytes);
}
