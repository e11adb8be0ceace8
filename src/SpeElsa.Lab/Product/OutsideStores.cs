using System.Text.Json;
using System.Text.Json.Serialization;
using SpeElsa.Lab.Windows;

namespace SpeElsa.Lab;

/// <summary>A store that does not lie in the base directory of its instance.</summary>
internal sealed record OutsideStore(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("path")] string Path);

/// <summary>
/// Where the stores outside the base directory are. The real product has it in the instance's master database, so here too it lies in the
/// base directory and travels with it, and still names the old place.
/// </summary>
internal static class OutsideStores
{
    private const string FileName = "OutsideStores.json";

    public static IReadOnlyList<OutsideStore> Read(string directory)
    {
        try
        {
            return AtomicFile.Read<List<OutsideStore>>(Path.Combine(directory, FileName));
        }
        catch (Exception exception) when (exception is IOException or JsonException or InvalidDataException)
        {
            // Most instances have none; a file that is half copied is as good as none.
            return [];
        }
    }

    public static void Write(string directory, IReadOnlyList<OutsideStore> stores) =>
        AtomicFile.Write(Path.Combine(directory, FileName), stores.ToList());
}
