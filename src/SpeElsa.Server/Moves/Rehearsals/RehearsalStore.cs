using System.Collections.Concurrent;
using System.Text.Json;
using SpeElsa.Server.Access;
using SpeElsa.Server.Configuration;

namespace SpeElsa.Server.Moves.Rehearsals;

/// <summary>
/// Keeps the last rehearsal of each plan: a folder in the data directory with the rehearsal, what its copies were made from, and the copies. A rehearsal lives and
/// dies with these files, so it is not in the database.
/// </summary>
internal sealed class RehearsalStore(ServerOptions options)
{
    private const string FileName = "rehearsal.json";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private readonly string _folder = Path.Combine(options.DataPath, "rehearsals");
    private readonly ConcurrentDictionary<string, Rehearsal> _rehearsals = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>The last rehearsal of every plan that has one.</summary>
    public IReadOnlyList<Rehearsal> All => [.. _rehearsals.Values];

    /// <summary>The last rehearsal of a plan; null when there was none.</summary>
    public Rehearsal? Find(string planId) => _rehearsals.GetValueOrDefault(planId);

    /// <summary>Where the farm of the copies is.</summary>
    public string FarmOf(string planId) => Path.Combine(_folder, planId, "lab");

    /// <summary>What the copies are made from.</summary>
    public string OrderOf(string planId) => Path.Combine(_folder, planId, "copy.json");

    /// <summary>The password of the copies' mail account, for whoever answers in place of the stand-in.</summary>
    public string SmtpPasswordOf(string planId) => Path.Combine(_folder, planId, "smtp-password.txt");

    /// <summary>Reads what an earlier process has stored.</summary>
    /// <returns>The files that can not be read.</returns>
    public IReadOnlyList<string> Load()
    {
        List<string> broken = [];
        foreach (var folder in Directory.Exists(_folder) ? Directory.GetDirectories(_folder) : [])
        {
            var file = Path.Combine(folder, FileName);
            try
            {
                if (Read<Rehearsal>(file) is { } rehearsal)
                {
                    _rehearsals[rehearsal.PlanId] = rehearsal;
                }
            }
            catch (Exception exception) when (exception is IOException or JsonException)
            {
                broken.Add(file);
            }
        }

        return broken;
    }

    /// <summary>Begins the next rehearsal of a plan, unless one has not ended.</summary>
    /// <returns>Whether it was begun.</returns>
    public bool Begin(Func<int, Rehearsal> make, string planId)
    {
        lock (_gate)
        {
            var last = Find(planId);
            if (last is { HasEnded: false })
            {
                return false;
            }

            // Copies of the last one are removed before new ones are made.
            Save(make((last?.Number ?? 0) + 1) with { HasCopies = last?.HasCopies ?? false });
            return true;
        }
    }

    /// <summary>Changes a rehearsal.</summary>
    public Rehearsal Change(string planId, Func<Rehearsal, Rehearsal> change)
    {
        lock (_gate)
        {
            var changed = change(_rehearsals[planId]);
            Save(changed);
            return changed;
        }
    }

    public static void Write<T>(string path, T value) => PrivateFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(value, Json));

    public static T? Read<T>(string path)
        where T : class => File.Exists(path) ? JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Json) : null;

    private void Save(Rehearsal rehearsal)
    {
        Write(Path.Combine(_folder, rehearsal.PlanId, FileName), rehearsal);
        _rehearsals[rehearsal.PlanId] = rehearsal;
    }
}
