using System.Buffers.Binary;
using System.Text;

namespace SpeElsa.Server.Evidence;

/// <summary>
/// A ZIP in the one layout that evidence has: nothing is compressed, no dates, no extra fields, no comments, nothing before, between or after. So its
/// bytes follow from names and contents, and whoever checks it can make the file again and compare.
/// </summary>
internal static class StoredZip
{
    private const ushort Version = 20;
    private const ushort FirstOfJanuary1980 = 0x21;
    private const int LocalLength = 30;
    private const int CentralLength = 46;
    private const int EndLength = 22;
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(Remainder)];

    /// <param name="files">The files in order; names are ASCII with forward slashes.</param>
    /// <exception cref="InvalidOperationException">The whole is longer than 4 GB, or there are more than 65,534 files.</exception>
    public static byte[] Write(IReadOnlyList<(string Name, byte[] Content)> files)
    {
        var length = files.Sum(file => (long)LocalLength + CentralLength + (2 * file.Name.Length) + file.Content.Length) + EndLength;
        if (length > int.MaxValue || files.Count >= ushort.MaxValue)
        {
            throw new InvalidOperationException($"The evidence is {length} bytes in {files.Count} files, more than its format has room for.");
        }

        var central = new MemoryStream();
        var all = new MemoryStream((int)length);
        foreach (var (name, content) in files)
        {
            var offset = (uint)all.Length;
            var crc = Crc(content);
            all.Write(Header(LocalLength, 0x04034b50, 4, name, content, crc));
            all.Write(Encoding.ASCII.GetBytes(name));
            all.Write(content);
            var header = Header(CentralLength, 0x02014b50, 6, name, content, crc);
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), Version);
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(42), offset);
            central.Write(header);
            central.Write(Encoding.ASCII.GetBytes(name));
        }

        var end = new byte[EndLength];
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054b50);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(8), (ushort)files.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), (ushort)files.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(12), (uint)central.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(16), (uint)all.Length);
        central.WriteTo(all);
        all.Write(end);
        return all.ToArray();
    }

    /// <summary>What local and central headers have in common, from the version that is needed to the length of the name.</summary>
    private static byte[] Header(int length, uint mark, int from, string name, byte[] content, uint crc)
    {
        var header = new byte[length];
        BinaryPrimitives.WriteUInt32LittleEndian(header, mark);
        var common = header.AsSpan(from);
        BinaryPrimitives.WriteUInt16LittleEndian(common, Version);
        BinaryPrimitives.WriteUInt16LittleEndian(common[8..], FirstOfJanuary1980);
        BinaryPrimitives.WriteUInt32LittleEndian(common[10..], crc);
        BinaryPrimitives.WriteUInt32LittleEndian(common[14..], (uint)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(common[18..], (uint)content.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(common[22..], (ushort)name.Length);
        return header;
    }

    private static uint Crc(byte[] content)
    {
        var crc = uint.MaxValue;
        foreach (var value in content)
        {
            crc = CrcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint Remainder(int value)
    {
        var crc = (uint)value;
        for (var bit = 0; bit < 8; bit++)
        {
            crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }

        return crc;
    }
}
