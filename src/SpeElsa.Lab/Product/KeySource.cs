using System.Globalization;
using System.Security.Cryptography;

namespace SpeElsa.Lab;

/// <summary>RSA keys for certificates: new ones, or, for tests that make many farms, ones that lie in a folder and are used again.</summary>
internal sealed class KeySource(string? folder)
{
    private const int KeyBits = 2048;
    private const int KeptKeys = 8;
    private int _next;

    /// <summary>Makes keys at the same time, because each takes a noticeable fraction of a second. The caller disposes them.</summary>
    public IReadOnlyList<RSA> Take(int count)
    {
        var keys = new RSA[count];
        Parallel.For(0, count, index => keys[index] = Next());
        return keys;
    }

    private RSA Next() => folder is null ? Make() : Kept(Path.Combine(folder, $"{(Interlocked.Increment(ref _next) % KeptKeys).ToString(CultureInfo.InvariantCulture)}.p8"));

    private static RSA Make()
    {
        var key = RSA.Create(KeyBits);

        // A key is made when it is first used; used here, so that several are made at the same time.
        _ = key.ExportParameters(includePrivateParameters: false);
        return key;
    }

    private static RSA Kept(string path)
    {
        if (!File.Exists(path))
        {
            using var made = Make();
            PutAside(path, made.ExportPkcs8PrivateKey());
        }

        var key = RSA.Create();
        key.ImportPkcs8PrivateKey(File.ReadAllBytes(path), out var _);
        return key;
    }

    /// <summary>Whole or not at all, for other processes look for it at the same time; the first one stays.</summary>
    private static void PutAside(string path, byte[] key)
    {
        var mine = $"{path}.{Guid.NewGuid():n}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using (var file = new FileStream(mine, options))
        {
            file.Write(key);
        }

        try
        {
            File.Move(mine, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(mine);
        }
    }
}
