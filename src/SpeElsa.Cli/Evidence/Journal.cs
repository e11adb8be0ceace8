using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SpeElsa.Cli.Evidence;

/// <summary>A row of journal.jsonl.</summary>
internal sealed record JournalRow(
    string InstanceId, long Sequence, long Ticks, string EventName, string ActivityId, string ActivityInstanceId, string ActivityType, string? Message, long Attempt, JsonElement? Payload, string Hash);

/// <summary>journal.jsonl: the rows of every instance, each chained to the one before.</summary>
internal sealed class Journal
{
    private static readonly string[] Fields =
    [
        "instanceId", "sequence", "at", "utcTicks", "eventName", "activityId", "nodeId", "activityInstanceId", "parentActivityInstanceId", "activityType", "activityTypeVersion",
        "activityName", "message", "source", "role", "attempt", "payload", "hash",
    ];

    private readonly Dictionary<string, List<JournalRow>> _rows = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];

    /// <summary>The instances that have rows, in order.</summary>
    public List<string> Instances { get; } = [];

    public IReadOnlyList<string> Faults => _faults;

    public string Says => $"{Facts.Count(_rows.Values.Sum(rows => rows.Count), "row")} of {Facts.Count(Instances.Count, "journal")}, every hash follows from the row before.";

    /// <summary>The rows of an instance, in order.</summary>
    public IReadOnlyList<JournalRow> Rows(string instanceId) => _rows.GetValueOrDefault(instanceId) ?? [];

    public JournalRow? Find(string instanceId, long sequence) => Rows(instanceId) is var rows && sequence >= 1 && sequence <= rows.Count ? rows[(int)sequence - 1] : null;

    public static Journal Read(ReadOnlyMemory<byte> content)
    {
        var journal = new Journal();
        var number = 0;
        while (!content.IsEmpty)
        {
            number++;
            var end = content.Span.IndexOf((byte)'\n');
            if (end < 0)
            {
                throw new BundleFaultException($"Line {number} of journal.jsonl has no end.");
            }

            using var document = JsonDocument.Parse(content[..end], Facts.Strict);
            journal.Add(document.RootElement, number);
            content = content[(end + 1)..];
        }

        return journal;
    }

    private void Add(JsonElement line, int number)
    {
        if (!line.EnumerateObject().Select(property => property.Name).SequenceEqual(Fields, StringComparer.Ordinal))
        {
            throw new BundleFaultException($"Line {number} of journal.jsonl does not have the fields of a row.");
        }

        var instanceId = line.Required("instanceId");
        if (Instances.Count == 0 || Instances[^1] != instanceId)
        {
            if (!_rows.TryAdd(instanceId, []))
            {
                throw new BundleFaultException($"Line {number} of journal.jsonl: the rows of {instanceId} do not stand together.");
            }

            Instances.Add(instanceId);
        }

        var rows = _rows[instanceId];
        var ticks = long.Parse(line.Required("utcTicks"), NumberStyles.None, CultureInfo.InvariantCulture);
        var hash = line.Required("hash");
        if (line.Ticks("at") != ticks)
        {
            _faults.Add($"Row {rows.Count + 1} of {instanceId}: 'at' and 'utcTicks' differ.");
        }

        if (line.Number("sequence") != rows.Count + 1)
        {
            _faults.Add($"Row {rows.Count + 1} of {instanceId} has the number {line.Number("sequence")}.");
        }

        if (HashOf(rows.Count == 0 ? "" : rows[^1].Hash, line) != hash)
        {
            _faults.Add($"Row {rows.Count + 1} of {instanceId}: its hash does not follow from the row before and its fields.");
        }

        JsonElement? payload = null;
        if (line.Text("payload") is { } text)
        {
            using var facts = JsonDocument.Parse(text, Facts.Lenient);
            payload = facts.RootElement.Clone();
        }

        rows.Add(new JournalRow(
            instanceId, line.Number("sequence"), ticks, line.Required("eventName"), line.Required("activityId"), line.Required("activityInstanceId"), line.Required("activityType"),
            line.Text("message"), line.Number("attempt"), payload, hash));
    }

    /// <summary>Every field as "length:text", each on a line of its own; lengths count UTF-16 units, a null has the length -1 and no text.</summary>
    private static string HashOf(string previous, JsonElement line)
    {
        var text = new StringBuilder().Append(previous.Length).Append(':').Append(previous).Append('\n');
        foreach (var name in Fields.Where(name => name is not ("at" or "hash")))
        {
            var field = line.Value(name) switch
            {
                null => null,
                { ValueKind: JsonValueKind.Number } => line.Number(name).ToString(CultureInfo.InvariantCulture),
                _ => line.Text(name),
            };
            text.Append(field?.Length ?? -1).Append(':').Append(field).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
