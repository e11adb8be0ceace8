using System.Security.Cryptography;
using System.Text;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime;

/// <summary>Gives journal rows their numbers and hashes, and checks them.</summary>
public static class JournalChain
{
    internal static JournalRecord Append(InstanceRecord instance, LogEntry entry, long sequence, string previousHash)
    {
        var record = new JournalRecord
        {
            InstanceId = instance.Id,
            Sequence = sequence,
            Timestamp = entry.Timestamp,
            EventName = entry.EventName,
            ActivityId = entry.ActivityId,
            NodeId = entry.NodeId,
            ActivityInstanceId = entry.ActivityInstanceId,
            ParentActivityInstanceId = entry.ParentActivityInstanceId,
            ActivityType = entry.ActivityType,
            ActivityTypeVersion = entry.ActivityTypeVersion,
            ActivityName = entry.ActivityName,
            Message = entry.Message,
            Source = entry.Source,
            Role = entry.Role,
            Attempt = entry.Attempt,
            Payload = entry.Payload is null ? null : EngineJson.Write(entry.Payload),
            Hash = "",
        };
        return record with { Hash = HashOf(previousHash, record) };
    }

    /// <summary>Finds the first row that does not follow from the one before it.</summary>
    /// <param name="rows">The whole journal of one instance, in order.</param>
    /// <param name="instance">The instance, which names its last row: without it, rows missing at the end are not noticed.</param>
    /// <returns>Its number, or null when every row holds.</returns>
    public static long? FindBreak(IEnumerable<JournalRecord> rows, InstanceRecord? instance = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var expected = 1L;
        var previous = "";
        foreach (var row in rows)
        {
            if (row.Sequence != expected || row.Hash != HashOf(previous, row))
            {
                return expected;
            }

            expected++;
            previous = row.Hash;
        }

        if (instance is not null && (instance.JournalSequence != expected - 1 || instance.JournalHash != previous))
        {
            return Math.Min(expected, instance.JournalSequence + 1);
        }

        return null;
    }

    /// <summary>The hash of a row. Each field is preceded by its length, so that no two different rows read alike.</summary>
    /// <param name="previousHash">The hash of the row before; empty for the first.</param>
    /// <param name="row">The row; what it says of its own hash does not count.</param>
    /// <returns>64 hex digits.</returns>
    public static string HashOf(string previousHash, JournalRecord row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var text = new StringBuilder();
        foreach (var field in new[]
        {
            previousHash,
            row.InstanceId,
            FormattableString.Invariant($"{row.Sequence}"),
            FormattableString.Invariant($"{row.Timestamp.UtcTicks}"),
            row.EventName,
            row.ActivityId,
            row.NodeId,
            row.ActivityInstanceId,
            row.ParentActivityInstanceId,
            row.ActivityType,
            FormattableString.Invariant($"{row.ActivityTypeVersion}"),
            row.ActivityName,
            row.Message,
            row.Source,
            FormattableString.Invariant($"{(int)row.Role}"),
            FormattableString.Invariant($"{row.Attempt}"),
            row.Payload,
        })
        {
            text.Append(field?.Length ?? -1).Append(':').Append(field).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
