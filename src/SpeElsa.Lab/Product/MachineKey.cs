using System.Security.Cryptography;
using System.Text;

namespace SpeElsa.Lab;

/// <summary>
/// What DPAPI is to Windows: values protected with the key of a machine, which never leaves it. A value that was copied to another server
/// can not be read there.
/// </summary>
internal static class MachineKey
{
    private const string StateName = "machineKey";
    private const string Prefix = "dpapi:";
    private const int NonceLength = 12;
    private const int TagLength = 16;

    public static string Protect(LabServer server, string value)
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceLength);
        var plain = Encoding.UTF8.GetBytes(value);
        var cipher = new byte[plain.Length];
        var tag = new byte[TagLength];
        using var aes = new AesGcm(KeyOf(server), TagLength);
        aes.Encrypt(nonce, plain, cipher, tag);
        return Prefix + Convert.ToBase64String([.. nonce, .. tag, .. cipher]);
    }

    /// <returns>The value; null when it was protected on another machine or is damaged.</returns>
    public static string? Unprotect(LabServer server, string? value)
    {
        if (value is null || !value.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            var bytes = Convert.FromBase64String(value[Prefix.Length..]);
            if (bytes.Length < NonceLength + TagLength)
            {
                return null;
            }

            var plain = new byte[bytes.Length - NonceLength - TagLength];
            using var aes = new AesGcm(KeyOf(server), TagLength);
            aes.Decrypt(bytes.AsSpan(0, NonceLength), bytes.AsSpan(NonceLength + TagLength), bytes.AsSpan(NonceLength, TagLength), plain);
            return Encoding.UTF8.GetString(plain);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            // The key of another machine does not fit, which is what this class is for; or somebody edited the database by hand.
            return null;
        }
    }

    private static byte[] KeyOf(LabServer server)
    {
        if (server.State()[StateName] is null)
        {
            server.UpdateState(state => state[StateName] ??= Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        }

        return Convert.FromBase64String((string)server.State()[StateName]!);
    }
}
