using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace SpeElsa.Lab;

/// <summary>Salted hashes of passwords, as one text.</summary>
internal static class PasswordHash
{
    private const int Iterations = 20_000;
    private static readonly byte[] ProcessKey = RandomNumberGenerator.GetBytes(32);

    // Basic authentication checks a password with every call; what was right once needs no second derivation.
    private static readonly ConcurrentDictionary<string, bool> Known = new();

    public static string Create(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return $"pbkdf2${Convert.ToBase64String(salt)}${Convert.ToBase64String(Derive(password, salt))}";
    }

    public static bool Verify(string? hash, string password)
    {
        if (hash?.Split('$') is not ["pbkdf2", var salt, var expected])
        {
            return false;
        }

        var known = Convert.ToBase64String(HMACSHA256.HashData(ProcessKey, Encoding.UTF8.GetBytes($"{hash}\n{password}")));
        if (Known.ContainsKey(known))
        {
            return true;
        }

        var matches = CryptographicOperations.FixedTimeEquals(
            Derive(password, Convert.FromBase64String(salt)), Convert.FromBase64String(expected));
        if (matches)
        {
            Known[known] = true;
        }

        return matches;
    }

    private static byte[] Derive(string password, byte[] salt) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, HashAlgorithmName.SHA256, 32);
}
