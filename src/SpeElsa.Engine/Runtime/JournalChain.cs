using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime;

/// <summary>Gives journal rows their numbers and hashes, and checks them.</summary>
public static class JournalChain
{
    private const int Fields = 17;

    /// <summary>Digits of a number, with its sign.</summary>
    private const int LongestNumber = 20;

    /// <summary>What stands around a field, and a number instead of a text.</summary>
    private const int LongestMark = 40;

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
        ArgumentNullException.ThrowIfNull(previousHash);
        ArgumentNullException.ThrowIfNull(row);
        ReadOnlySpan<string?> texts =
        [
            previousHash, row.InstanceId, row.EventName, row.ActivityId, row.NodeId, row.ActivityInstanceId, row.ParentActivityInstanceId, row.ActivityType, row.ActivityName, row.Message,
            row.Source, row.Payload,
        ];
        var room = 0;
        foreach (var text in texts)
        {
            room += Encoding.UTF8.GetMaxByteCount(text?.Length ?? 0);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(room + (Fields * LongestMark));
        try
        {
            var fields = new FieldWriter(buffer);
            fields.Add(previousHash);
            fields.Add(row.InstanceId);
            fields.Add(row.Sequence);
            fields.Add(row.Timestamp.UtcTicks);
            fields.Add(row.EventName);
            fields.Add(row.ActivityId);
            fields.Add(row.NodeId);
            fields.Add(row.ActivityInstanceId);
            fields.Add(row.ParentActivityInstanceId);
            fields.Add(row.ActivityType);
            fields.Add(row.ActivityTypeVersion);
            fields.Add(row.ActivityName);
            fields.Add(row.Message);
            fields.Add(row.Source);
            fields.Add((int)row.Role);
            fields.Add(row.Attempt);
            fields.Add(row.Payload);
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(fields.Written, hash);
            return Convert.ToHexStringLower(hash);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Writes the length of each field in UTF-16 code units (-1: there is none), a colon, the field as UTF-8, and a line feed.</summary>
    private ref struct FieldWriter(Span<byte> buffer)
    {
        private readonly Span<byte> _buffer = buffer;
        private int _position;

        public readonly ReadOnlySpan<byte> Written => _buffer[.._position];

        public void Add(string? text)
        {
            Put(text?.Length ?? -1);
            _buffer[_position++] = (byte)':';
            _position += Encoding.UTF8.GetBytes(text ?? "", _buffer[_position..]);
            _buffer[_position++] = (byte)'\n';
        }

        public void Add(long number)
        {
            Span<byte> digits = stackalloc byte[LongestNumber];
            number.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
            Put(length);
            _buffer[_position++] = (byte)':';
            digits[..length].CopyTo(_buffer[_position..]);
            _position += length;
            _buffer[_position++] = (byte)'\n';
        }

        private void Put(int number)
        {
            number.TryFormat(_buffer[_position..], out var length, default, CultureInfo.InvariantCulture);
            _position += length;
        }
    }
}
