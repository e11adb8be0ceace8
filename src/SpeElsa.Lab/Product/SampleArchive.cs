namespace SpeElsa.Lab;

/// <summary>The files of an instance: the same seed makes the same files.</summary>
internal static class SampleArchive
{
    public const string MasterDatabase = "MailStoreMaster.fdb";
    public const string StoreDatabase = "MessageStore.fdb";
    public const string ContentFolder = "Content";
    private const int SmallestDatabase = 16 * 1024;
    private static readonly string[] Stores = ["Messages 2024-01", "Messages 2025-01", "Messages 2026-01"];

    public static void Create(string directory, int seed, int contentFiles, long totalBytes)
    {
        var random = new Random(seed);
        Fill(Path.Combine(directory, MasterDatabase), SmallestDatabase * 4, random);
        // A few big files, many small ones, some empty: what a copy meets on a real archive.
        var sizes = Enumerable.Range(0, contentFiles).Select(
            index => index % 29 == 3 ? 0 : Math.Pow(random.NextDouble(), 20) + 0.001).ToList();
        var scale = totalBytes / sizes.Sum();
        for (var index = 0; index < contentFiles; index++)
        {
            var store = Path.Combine(directory, Stores[index % Stores.Length]);
            var folder = Path.Combine(store, ContentFolder, $"{index / 32:D3}");
            Fill(Path.Combine(folder, $"{index:D6}.dat"), (int)(sizes[index] * scale), random);
        }

        foreach (var store in Stores)
        {
            Fill(Path.Combine(directory, store, StoreDatabase), SmallestDatabase, random);
            Fill(Path.Combine(directory, store, "Index", "segments.idx"), random.Next(100, 4000), random);
        }

        Directory.CreateDirectory(Path.Combine(directory, "Temp"));
    }

    /// <summary>A single store, as one that lies elsewhere.</summary>
    public static void CreateStore(string directory, int seed, int contentFiles, long totalBytes)
    {
        var random = new Random(seed);
        for (var index = 0; index < contentFiles; index++)
        {
            Fill(Path.Combine(directory, ContentFolder, "000", $"{index:D6}.dat"), (int)(totalBytes / contentFiles), random);
        }

        Fill(Path.Combine(directory, StoreDatabase), SmallestDatabase, random);
    }

    private static void Fill(string path, int length, Random random)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var bytes = new byte[length];
        random.NextBytes(bytes);
        File.WriteAllBytes(path, bytes);
        // Old enough that no copy takes it for a file that is being written.
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(random.Next(0, 200_000)));
    }
}
