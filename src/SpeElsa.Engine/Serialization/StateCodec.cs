using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using Elsa.Workflows.State;

namespace SpeElsa.Engine.Serialization;

/// <summary>Stored states: one byte that names the format, then JSON, compressed where that helps.</summary>
public static class StateCodec
{
    private const byte PlainJson = 1;
    private const byte BrotliJson = 2;
    private const int WorthCompressing = 512;
    private const int Quality = 1;
    private const int Window = 22;

    /// <summary>Writes a state.</summary>
    public static byte[] Encode(WorkflowState state)
    {
        var json = EngineJson.WriteBytes(state);
        return json.Length < WorthCompressing ? [PlainJson, .. json] : Compress(json);
    }

    /// <summary>Reads a state.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged, or a newer version of this program wrote them.</exception>
    public static WorkflowState Decode(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        try
        {
            return bytes switch
            {
                [PlainJson, ..] => EngineJson.Read<WorkflowState>(bytes.AsSpan(1)) ?? throw new InvalidDataException("The state is empty."),
                [BrotliJson, ..] => Inflate(bytes),
                [var format, ..] => throw new InvalidDataException($"State format {format} is not known here; a newer version wrote it."),
                [] => throw new InvalidDataException("The state is empty."),
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"The state is damaged: {exception.Message}", exception);
        }
    }

    private static byte[] Compress(byte[] json)
    {
        var room = ArrayPool<byte>.Shared.Rent(1 + BrotliEncoder.GetMaxCompressedLength(json.Length));
        try
        {
            room[0] = BrotliJson;
            return BrotliEncoder.TryCompress(json, room.AsSpan(1), out var written, Quality, Window)
                ? room.AsSpan(0, 1 + written).ToArray()
                : throw new InvalidOperationException("The room for a compressed state was too small.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    private static WorkflowState Inflate(byte[] bytes)
    {
        using var input = new MemoryStream(bytes, 1, bytes.Length - 1);
        using var brotli = new BrotliStream(input, CompressionMode.Decompress);
        return JsonSerializer.Deserialize<WorkflowState>(brotli, EngineJson.Options) ?? throw new InvalidDataException("The state is empty.");
    }
}
