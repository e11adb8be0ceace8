using System.Globalization;
using System.Text.Json;
using SpeElsa.Machines.Ssh;
using SpeElsa.Server.Access;
using SpeElsa.Server.Configuration;

namespace SpeElsa.Server.Fleet;

/// <summary>
/// The host keys that people have accepted, one for each computer and port, in a file of the data directory. Earlier ones stay in it, so it
/// says who accepted what and when. Safe for concurrent use.
/// </summary>
internal sealed class HostKeys
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private readonly Lock _lock = new();
    private readonly string _path;
    private IReadOnlyList<AcceptedHostKey> _accepted;

    public HostKeys(ServerOptions options)
    {
        _path = Path.Combine(options.DataPath, "host-keys.json");
        _accepted = File.Exists(_path) ? JsonSerializer.Deserialize<List<AcceptedHostKey>>(File.ReadAllBytes(_path), Json)! : [];
    }

    /// <summary>The key that counts for a computer; null when none was accepted.</summary>
    public AcceptedHostKey? Find(SshOptions options) => _accepted.LastOrDefault(key => key.Place == PlaceOf(options));

    /// <summary>Accepts a key in place of the one before; on disk before it counts.</summary>
    public AcceptedHostKey Accept(SshOptions options, string fingerprint, string by, DateTimeOffset at)
    {
        lock (_lock)
        {
            var key = new AcceptedHostKey(PlaceOf(options), fingerprint, by, at);
            IReadOnlyList<AcceptedHostKey> next = [.. _accepted, key];
            PrivateFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(next, Json));
            _accepted = next;
            return key;
        }
    }

    /// <summary>Computer and port. Behind a jump host the same address may be another computer, so that belongs to it.</summary>
    public static string PlaceOf(SshOptions options)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"{options.Host.ToLowerInvariant()}:{options.Port}");
        return options.JumpHost is { } jump ? $"{place} through {PlaceOf(jump)}" : place;
    }
}

/// <summary>A host key that somebody has accepted.</summary>
/// <param name="Place">Computer and port.</param>
/// <param name="Fingerprint">As ssh-keygen -l shows it.</param>
/// <param name="AcceptedBy">Who accepted it.</param>
/// <param name="AcceptedAt">When.</param>
internal sealed record AcceptedHostKey(string Place, string Fingerprint, string AcceptedBy, DateTimeOffset AcceptedAt);
