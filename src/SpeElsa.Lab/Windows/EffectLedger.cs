using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SpeElsa.Lab.Windows;

/// <summary>
/// The effects that are changes of the disk, one line each. What happens by a rename is announced first, with the name it will be renamed
/// from, and settled afterwards. A kill in between leaves an announcement, and the disk says which side of the rename it fell on: the old
/// name is still there, or it is not.
/// </summary>
internal sealed class EffectLedger : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<LabEffect> _effects = [];
    private readonly FileStream _file;
    private readonly TimeProvider _time;
    private long _lastSequence;

    private EffectLedger(FileStream file, TimeProvider time)
    {
        _file = file;
        _time = time;
    }

    public IReadOnlyList<LabEffect> Effects
    {
        get
        {
            lock (_gate)
            {
                return [.. _effects];
            }
        }
    }

    public static EffectLedger Open(string path, long lastSequence, TimeProvider time)
    {
        var pending = new Dictionary<long, Line>();
        var settled = new List<Line>();
        var goodBytes = 0L;
        if (File.Exists(path))
        {
            foreach (var text in File.ReadLines(path))
            {
                if (TryParse(text) is not { } line)
                {
                    break; // A kill tore the last line; what it would have said is decided by the disk, below.
                }

                goodBytes += Encoding.UTF8.GetByteCount(text) + 1;
                if (line.Op == Line.Begin)
                {
                    pending[line.Sequence] = line;
                }
                else if (pending.Remove(line.Sequence, out var begun))
                {
                    settled.Add(line.Op == Line.Done ? begun : line);
                }
                else if (line.Op == Line.Done)
                {
                    settled.Add(line);
                }
            }
        }

        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(Math.Min(goodBytes, file.Length));
        file.Seek(0, SeekOrigin.End);
        var ledger = new EffectLedger(file, time) { _lastSequence = lastSequence };
        foreach (var line in settled.Where(line => line.Op != Line.Dropped))
        {
            ledger._effects.Add(line.ToEffect());
        }

        foreach (var line in pending.Values.OrderBy(line => line.Sequence))
        {
            var happened = !Exists(line.RenamedFrom);
            ledger.Append(line with { Op = happened ? Line.Done : Line.Dropped });
            if (happened)
            {
                ledger._effects.Add(line.ToEffect());
            }
        }

        var highest = settled.Concat(pending.Values).Select(line => line.Sequence).DefaultIfEmpty(0).Max();
        ledger._lastSequence = Math.Max(lastSequence, highest);
        return ledger;
    }

    public long NextSequence() => Interlocked.Increment(ref _lastSequence);

    public void Record(string kind, string target)
    {
        var line = new Line(Line.Done, NextSequence(), kind, target, _time.GetUtcNow(), null);
        lock (_gate)
        {
            Append(line);
            _effects.Add(line.ToEffect());
        }
    }

    /// <summary>Does a rename and records it, whichever side of it a kill falls on.</summary>
    public void Rename(string kind, string target, string from, Action rename)
    {
        var line = new Line(Line.Begin, NextSequence(), kind, target, _time.GetUtcNow(), from);
        lock (_gate)
        {
            Append(line);
        }

        try
        {
            rename();
        }
        catch
        {
            lock (_gate)
            {
                Append(line with { Op = Line.Dropped });
            }

            throw;
        }

        lock (_gate)
        {
            Append(line with { Op = Line.Done });
            _effects.Add(line.ToEffect());
        }
    }

    public void Dispose() => _file.Dispose();

    private static bool Exists(string? path) => File.Exists(path) || Directory.Exists(path);

    private static Line? TryParse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Line>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Append(Line line)
    {
        _file.Write(JsonSerializer.SerializeToUtf8Bytes(line));
        _file.WriteByte((byte)'\n');
        _file.Flush();
    }

    private sealed record Line(
        [property: JsonPropertyName("op")] string Op,
        [property: JsonPropertyName("sequence")] long Sequence,
        [property: JsonPropertyName("kind")] string Kind,
        [property: JsonPropertyName("target")] string Target,
        [property: JsonPropertyName("timestamp")] DateTimeOffset Timestamp,
        [property: JsonPropertyName("renamedFrom")] string? RenamedFrom)
    {
        public const string Begin = "begin";
        public const string Done = "done";
        public const string Dropped = "dropped";

        public LabEffect ToEffect() => new(Sequence, Kind, Target, Timestamp);
    }
}
