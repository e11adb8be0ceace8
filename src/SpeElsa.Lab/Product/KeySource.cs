using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace SpeElsa.Lab;

/// <summary>RSA keys for certificates: new ones, or, for tests that make many farms, ones that every farm of the process shares.</summary>
internal sealed class KeySource(bool shared)
{
    private const int KeyBits = 2048;
    private const int SharedKeys = 8;
    private static readonly ConcurrentDictionary<int, Lazy<byte[]>> Pool = new();
    private int _next;

    /// <summary>Makes keys at the same time, because each takes a noticeable fraction of a second. The caller disposes them.</summary>
    public IReadOnlyList<RSA> Take(int count)
    {
        var keys = new RSA[count];
        Parallel.For(0, count, index => keys[index] = Next());
        return keys;
    }

    private RSA Next()
    {
        var key = RSA.Create(KeyBits);
        if (shared)
        {
            var place = Interlocked.Increment(ref _next) % SharedKeys;
            var bytes = Pool.GetOrAdd(place, _ => new Lazy<byte[]>(() =>
            {
                using var made = RSA.Create(KeyBits);
                return made.ExportPkcs8PrivateKey();
            }));
            key.ImportPkcs8PrivateKey(bytes.Value, out var _);
        }

        // A key is made when it is first used; used here, so that several are made at the same time.
        _ = key.ExportParameters(includePrivateParameters: false);
        return key;
    }
}
