using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Persistence;

/// <summary>
/// Rows of one instance's journal that were committed together. What rows repeat takes most of their room, so a page is compressed. Hashes are not in it: each follows
/// from the row and the hash before, and the last one is stored beside the page, so that a page that was changed does not fit it.
/// </summary>
internal sealed class JournalPageRow
{
    public required string InstanceId { get; init; }

    /// <summary>The number of its first row.</summary>
    public required long FirstSequence { get; init; }

    /// <summary>How many rows it has.</summary>
    public required int Count { get; init; }

    /// <summary>The hash of its last row.</summary>
    public required string Hash { get; init; }

    /// <summary>Its rows; see <see cref="JournalPages"/>.</summary>
    public required byte[] Content { get; init; }
}

/// <summary>Where an execution of an activity belongs.</summary>
internal sealed class ExecutionRow
{
    public required string Id { get; init; }

    public required string InstanceId { get; init; }
}

/// <summary>
/// Writes and reads pages. The first byte tells the form: 1, JSON; 2, the length of the JSON as four bytes, low one first, and the JSON compressed by Brotli. The JSON is a list of rows, each a
/// list of time (UTC ticks), event, activity, node, execution, parent execution, type, version of the type, name, message, source, role, attempt, payload.
/// </summary>
internal static class JournalPages
{
    private const byte PlainJson = 1;
    private const byte BrotliJson = 2;
    private const int Header = 5;
    private const int WorthCompressing = 256;
    private const int LargestPage = 1 << 30;
    private const int Quality = 1;
    private const int Window = 18;
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes rows that follow each other.</summary>
    public static byte[] Encode(IReadOnlyList<JournalRecord> rows)
    {
        var buffer = new ArrayBufferWriter<byte>(rows.Count * 256);
        buffer.GetSpan(1)[0] = PlainJson;
        buffer.Advance(1);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartArray();
            foreach (var row in rows)
            {
                Write(writer, row);
            }

            writer.WriteEndArray();
        }

        return buffer.WrittenCount < WorthCompressing ? buffer.WrittenSpan.ToArray() : Compress(buffer.WrittenSpan[1..]);
    }

    /// <summary>Reads the rows of pages that follow each other.</summary>
    /// <param name="pages">The pages, in order.</param>
    /// <param name="previousHash">The hash of the row before the first; empty where there is none.</param>
    /// <exception cref="InvalidDataException">A page can not be read: it is damaged, or a newer version wrote it. What comes before it has been read.</exception>
    public static IEnumerable<JournalRecord> Decode(IEnumerable<JournalPageRow> pages, string previousHash)
    {
        foreach (var page in pages)
        {
            var rows = Read(page);
            for (var index = 0; index < rows.Count; index++)
            {
                var hash = index == rows.Count - 1 ? page.Hash : JournalChain.HashOf(previousHash, rows[index]);
                previousHash = hash;
                yield return rows[index] with { Hash = hash };
            }
        }
    }

    private static byte[] Compress(ReadOnlySpan<byte> json)
    {
        var room = ArrayPool<byte>.Shared.Rent(Header + BrotliEncoder.GetMaxCompressedLength(json.Length));
        try
        {
            room[0] = BrotliJson;
            BinaryPrimitives.WriteInt32LittleEndian(room.AsSpan(1), json.Length);
            return BrotliEncoder.TryCompress(json, room.AsSpan(Header), out var written, Quality, Window)
                ? room.AsSpan(0, Header + written).ToArray()
                : throw new InvalidOperationException("The room for a compressed journal page was too small.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    private static void Write(Utf8JsonWriter writer, JournalRecord row)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(row.Timestamp.UtcTicks);
        writer.WriteStringValue(row.EventName);
        writer.WriteStringValue(row.ActivityId);
        writer.WriteStringValue(row.NodeId);
        writer.WriteStringValue(row.ActivityInstanceId);
        writer.WriteStringValue(row.ParentActivityInstanceId);
        writer.WriteStringValue(row.ActivityType);
        writer.WriteNumberValue(row.ActivityTypeVersion);
        writer.WriteStringValue(row.ActivityName);
        writer.WriteStringValue(row.Message);
        writer.WriteStringValue(row.Source);
        writer.WriteNumberValue((int)row.Role);
        writer.WriteNumberValue(row.Attempt);
        writer.WriteStringValue(row.Payload);
        writer.WriteEndArray();
    }

    private static List<JournalRecord> Read(JournalPageRow page)
    {
        try
        {
            var json = page.Content switch
            {
                [PlainJson, ..] => page.Content.AsSpan(1),
                [BrotliJson, _, _, _, _, ..] => Inflate(page.Content),
                [var form, ..] => throw new InvalidDataException($"its form {form} is not known here; a newer version wrote it"),
                [] => throw new InvalidDataException("it is empty"),
            };
            var rows = Read(page, json);
            return rows.Count == page.Count ? rows : throw new InvalidDataException($"it has {rows.Count} rows and not {page.Count}");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or InvalidDataException or FormatException)
        {
            throw new InvalidDataException($"The page of the journal of instance {page.InstanceId} that begins with row {page.FirstSequence} can not be read: {exception.Message}", exception);
        }
    }

    private static Span<byte> Inflate(byte[] content)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(1));
        var json = length is >= 0 and <= LargestPage ? new byte[length] : throw new InvalidDataException("its length can not be");
        return BrotliDecoder.TryDecompress(content.AsSpan(Header), json, out var written) && written == length ? json : throw new InvalidDataException("what is compressed in it is damaged");
    }

    private static List<JournalRecord> Read(JournalPageRow page, ReadOnlySpan<byte> json)
    {
        var rows = new List<JournalRecord>(page.Count);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType is JsonTokenType.StartArray)
        {
            rows.Add(new JournalRecord
            {
                InstanceId = page.InstanceId,
                Sequence = page.FirstSequence + rows.Count,
                Timestamp = new DateTimeOffset(Number(ref reader), TimeSpan.Zero),
                EventName = Text(ref reader)!,
                ActivityId = Text(ref reader)!,
                NodeId = Text(ref reader)!,
                ActivityInstanceId = Text(ref reader)!,
                ParentActivityInstanceId = Text(ref reader),
                ActivityType = Text(ref reader)!,
                ActivityTypeVersion = (int)Number(ref reader),
                ActivityName = Text(ref reader),
                Message = Text(ref reader),
                Source = Text(ref reader),
                Role = (JournalRole)Number(ref reader),
                Attempt = (int)Number(ref reader),
                Payload = Text(ref reader),
                Hash = "",
            });
            reader.Read();
        }

        return rows;
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetString();
    }

    private static long Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetInt64();
    }
}
