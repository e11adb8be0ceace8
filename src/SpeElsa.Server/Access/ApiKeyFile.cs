using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SpeElsa.Server.Access;

/// <summary>An administrator's key, for scripts. Made on first start and written to a file that only its owner can read.</summary>
internal sealed class ApiKeyFile
{
    public const string FileName = "api-key.txt";
    private const int KeyBytes = 32;
    private readonly byte[] _hash;

    private ApiKeyFile(string path, string key, bool isNew)
    {
        Path = path;
        IsNew = isNew;
        _hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
    }

    public string Path { get; }

    /// <summary>Whether this start made it.</summary>
    public bool IsNew { get; }

    public static ApiKeyFile Open(string dataPath)
    {
        var path = System.IO.Path.Combine(dataPath, FileName);
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } known)
        {
            return new ApiKeyFile(path, known, isNew: false);
        }

        var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));
        PrivateFile.Write(path, Encoding.UTF8.GetBytes(key + Environment.NewLine));
        return new ApiKeyFile(path, key, isNew: true);
    }

    /// <summary>Compares in a time that does not depend on where the difference is.</summary>
    public bool Matches(string candidate) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(candidate)), _hash);
}
