using System.Buffers.Binary;

namespace SpeElsa.Engine.Persistence;

/// <summary>What stands in a write-ahead log. SQLite reads it up to the first frame that is not whole and is silent about what stands behind.</summary>
/// <param name="BrokenFrame">The first frame that is not whole, from 1; 0 is the header; null when all are.</param>
/// <param name="CommitsBehind">How many commits end in that frame or behind it.</param>
internal sealed record WriteAheadLog(long? BrokenFrame, int CommitsBehind)
{
    private const int HeaderBytes = 32;
    private const int FrameHeaderBytes = 24;
    private const uint Magic = 0x377F0682;

    /// <summary>
    /// Whether commits are lost that somebody was told yes for. There is one writer, so a power failure can cut off one commit at most, and nobody has
    /// been told yes for that one.
    /// </summary>
    public bool IsDamaged => CommitsBehind > 1 || BrokenFrame is 0;

    /// <summary>Reads the log of a database; null when it has none.</summary>
    /// <param name="databasePath">The database. Nothing of it is changed, and a server may be using it.</param>
    public static WriteAheadLog? Read(string databasePath)
    {
        var path = databasePath + "-wal";
        if (!File.Exists(path))
        {
            return null;
        }

        // Without a buffer: the header has to be what stands in the file now.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        for (WriteAheadLog? earlier = null; ;)
        {
            var before = ReadHeader(file);
            var log = Read(file, before);

            // A server may begin the log anew meanwhile, or write a frame while it is read: what is damaged is so at the second look too.
            if (ReadHeader(file).AsSpan().SequenceEqual(before))
            {
                if (!log.IsDamaged || log.BrokenFrame == earlier?.BrokenFrame)
                {
                    return log;
                }

                earlier = log;
            }
        }
    }

    private static byte[] ReadHeader(FileStream file)
    {
        var header = new byte[HeaderBytes];
        file.Position = 0;
        var count = file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false);
        return header[..count];
    }

    private static WriteAheadLog Read(FileStream file, byte[] header)
    {
        // A log that was begun and not written yet is empty or zeros.
        if (header.Length < HeaderBytes || !header.AsSpan().ContainsAnyExcept((byte)0))
        {
            return new WriteAheadLog(null, 0);
        }

        var magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        var checksum = new Checksum((magic & 1) != 0);
        checksum.Add(header.AsSpan(0, 24));
        var pageBytes = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(8));
        if ((magic & ~1u) != Magic || pageBytes is < 512 or > 65536 || !checksum.Is(header.AsSpan(24)))
        {
            return new WriteAheadLog(file.Length > HeaderBytes ? 0 : null, 0);
        }

        return ReadFrames(file, header.AsSpan(16, 8).ToArray(), pageBytes, checksum);
    }

    private static WriteAheadLog ReadFrames(FileStream file, byte[] salts, int pageBytes, Checksum checksum)
    {
        long? broken = null;
        var behind = 0;
        var frame = new byte[FrameHeaderBytes + pageBytes];
        for (var number = 1L; file.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length; number++)
        {
            // Frames of an earlier round have other salts; they are the rest behind the end.
            var isOurs = frame.AsSpan(8, 8).SequenceEqual(salts);
            checksum.Add(frame.AsSpan(0, 8));
            checksum.Add(frame.AsSpan(FrameHeaderBytes));
            if (!isOurs || !checksum.Is(frame.AsSpan(16)))
            {
                broken ??= number;
            }

            checksum.Set(frame.AsSpan(16));
            if (broken is not null && isOurs && BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(4)) > 0)
            {
                behind++;
            }
        }

        return new WriteAheadLog(behind > 0 ? broken : null, behind);
    }

    /// <summary>The log's own running checksum, see https://www.sqlite.org/fileformat2.html#walformat.</summary>
    private sealed class Checksum(bool isBigEndian)
    {
        private uint _first;
        private uint _second;

        public void Add(ReadOnlySpan<byte> bytes)
        {
            for (; bytes.Length >= 8; bytes = bytes[8..])
            {
                _first += Word(bytes) + _second;
                _second += Word(bytes[4..]) + _first;
            }
        }

        public bool Is(ReadOnlySpan<byte> stored) =>
            _first == BinaryPrimitives.ReadUInt32BigEndian(stored) && _second == BinaryPrimitives.ReadUInt32BigEndian(stored[4..]);

        public void Set(ReadOnlySpan<byte> stored)
        {
            _first = BinaryPrimitives.ReadUInt32BigEndian(stored);
            _second = BinaryPrimitives.ReadUInt32BigEndian(stored[4..]);
        }

        private uint Word(ReadOnlySpan<byte> bytes) =>
            isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }
}
