using System.Text.Json;
using SpeElsa.Activities;
using SpeElsa.Server.Access;
using SpeElsa.Server.Configuration;

namespace SpeElsa.Server.Fleet;

/// <summary>What each machine told when it was last looked at, in a file of the data directory. It can be lost: the next look brings it again. Safe for concurrent use.</summary>
internal sealed class KnownFacts
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly Lock _lock = new();
    private readonly string _path;
    private IReadOnlyDictionary<string, MachineFacts> _facts;

    public KnownFacts(ServerOptions options)
    {
        _path = Path.Combine(options.DataPath, "machine-facts.json");
        _facts = Read(_path);
    }

    /// <summary>What a machine told; null when it was never looked at.</summary>
    public MachineFacts? Find(string name) => _facts.GetValueOrDefault(name);

    /// <summary>Keeps what a machine told.</summary>
    public void Keep(string name, MachineFacts facts)
    {
        lock (_lock)
        {
            var next = new Dictionary<string, MachineFacts>(_facts, StringComparer.OrdinalIgnoreCase) { [name] = facts };
            PrivateFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(next, Json));
            _facts = next;
        }
    }

    private static Dictionary<string, MachineFacts> Read(string path)
    {
        try
        {
            return File.Exists(path) ? new(JsonSerializer.Deserialize<Dictionary<string, MachineFacts>>(File.ReadAllBytes(path), Json)!, StringComparer.OrdinalIgnoreCase) : new(StringComparer.OrdinalIgnoreCase);
        }
        catch (JsonException)
        {
            // Nothing is lost that the next look does not bring again.
            return new(StringComparer.OrdinalIgnoreCase);
        }
    }
}
