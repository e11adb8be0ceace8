using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace SpeElsa.Cli.Evidence;

/// <summary>The ZIP of a bundle: read once from its beginning to its end, made again from what was read, compared.</summary>
internal static partial class BundleZip
{
    private const uint LocalMark = 0x04034b50;
    private const uint CentralMark = 0x02014b50;
    private const uint EndMark = 0x06054b50;
    private const int LocalSize = 30;
    private static readonly uint[] CrcOfByte = new uint[256];

    static BundleZip()
    {
        for (var value = 0u; value < CrcOfByte.Length; value++)
        {
            var crc = value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1)));
            }

            CrcOfByte[value] = crc;
        }
    }

    /// <summary>Reads the files in order.</summary>
    /// <exception cref="BundleFaultException">It can not be followed.</exception>
    public static List<(string Name, ReadOnlyMemory<byte> Content)> Read(ReadOnlyMemory<byte> zip)
    {
        var files = new List<(string, ReadOnlyMemory<byte>)>();
        var at = 0;
        while (Number(zip, at) == LocalMark)
        {
            var header = Part(zip, at, LocalSize).Span;
            var length = BinaryPrimitives.ReadUInt32LittleEndian(header[22..]);
            var nameLength = BinaryPrimitives.ReadUInt16LittleEndian(header[26..]);
            var name = Encoding.Latin1.GetString(Part(zip, at + LocalSize, nameLength).Span);
            if (!Name().IsMatch(name))
            {
                throw new BundleFaultException($"Byte {at}: a file has a name that no bundle has.");
            }

            files.Add((name, Part(zip, at + LocalSize + nameLength, length)));
            at += LocalSize + nameLength + (int)length;
        }

        return files.Count > 0 ? files : throw new BundleFaultException("It does not begin as a bundle does: it is something else, or its first bytes were changed.");
    }

    /// <summary>Finds the first byte that is not as the only layout of a bundle has it.</summary>
    /// <returns>What is wrong; null when every byte is as it must be.</returns>
    public static string? Compare(ReadOnlyMemory<byte> zip, IReadOnlyList<(string Name, ReadOnlyMemory<byte> Content)> files)
    {
        var expected = Write(files);
        var same = expected.AsSpan().CommonPrefixLength(zip.Span);
        return same == expected.Length && same == zip.Length
            ? null
            : same == expected.Length
                ? $"Byte {same}: {zip.Length - same} bytes follow after the end."
                : same == zip.Length
                    ? $"Byte {same}: the end is missing."
                    : $"Byte {same}: the ZIP is not laid out as a bundle is, or its contents do not have the checksum that it says.";
    }

    private static byte[] Write(IReadOnlyList<(string Name, ReadOnlyMemory<byte> Content)> files)
    {
        using var zip = new MemoryStream();
        using var writer = new BinaryWriter(zip);
        var directory = new List<(string Name, uint Crc, uint Length, uint Offset)>();
        foreach (var (name, content) in files)
        {
            var entry = (Name: name, Crc: Crc32(content.Span), Length: (uint)content.Length, Offset: (uint)zip.Position);
            directory.Add(entry);
            writer.Write(LocalMark);
            WriteCommon(writer, entry);
            writer.Write(Encoding.ASCII.GetBytes(name));
            writer.Write(content.Span);
        }

        var start = (uint)zip.Position;
        foreach (var entry in directory)
        {
            writer.Write(CentralMark);
            writer.Write((ushort)20);
            WriteCommon(writer, entry);
            writer.Write((ushort)0);
            writer.Write((ushort)0);
            writer.Write((ushort)0);
            writer.Write(0u);
            writer.Write(entry.Offset);
            writer.Write(Encoding.ASCII.GetBytes(entry.Name));
        }

        var length = (uint)zip.Position - start;
        writer.Write(EndMark);
        writer.Write(0u);
        writer.Write((ushort)directory.Count);
        writer.Write((ushort)directory.Count);
        writer.Write(length);
        writer.Write(start);
        writer.Write((ushort)0);
        writer.Flush();
        return zip.ToArray();
    }

    /// <summary>From "version needed" to "extra field length".</summary>
    private static void WriteCommon(BinaryWriter writer, (string Name, uint Crc, uint Length, uint Offset) entry)
    {
        writer.Write((ushort)20);
        writer.Write((ushort)0);
        writer.Write((ushort)0);
        writer.Write((ushort)0);
        writer.Write((ushort)0x0021);
        writer.Write(entry.Crc);
        writer.Write(entry.Length);
        writer.Write(entry.Length);
        writer.Write((ushort)entry.Name.Length);
        writer.Write((ushort)0);
    }

    private static uint Number(ReadOnlyMemory<byte> zip, int at) =>
        at <= zip.Length - sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(zip.Span[at..]) : 0;

    private static ReadOnlyMemory<byte> Part(ReadOnlyMemory<byte> zip, long at, long length) => at + length <= zip.Length
        ? zip.Slice((int)at, (int)length)
        : throw new BundleFaultException($"Byte {at}: {length} bytes should follow, but the file ends before: it was cut off, or a length in it was changed.");

    private static uint Crc32(ReadOnlySpan<byte> content)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var value in content)
        {
            crc = CrcOfByte[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return ~crc;
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)?\z")]
    private static partial Regex Name();
}
