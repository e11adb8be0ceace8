using System.Text.Json;

namespace SpeElsa.Cli.Server;

/// <summary>A server that is called by a name of its own.</summary>
/// <param name="Server">Where it is.</param>
/// <param name="KeyFile">The file that holds the API key; the key itself is kept nowhere else.</param>
internal sealed record Profile(Uri Server, string? KeyFile);

/// <summary>The profiles of this user, in a file.</summary>
/// <param name="path">The file.</param>
internal sealed class Profiles(string path)
{
    /// <summary>What is used where none is named.</summary>
    public const string Default = "default";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Where they are: SPE_PROFILES, or the settings folder of the user.</summary>
    public static string UsualPath => Environment.GetEnvironmentVariable("SPE_PROFILES") is { Length: > 0 } named
        ? named
        : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "spe", "profiles.json");

    public string Path => path;

    public SortedDictionary<string, Profile> Read()
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<SortedDictionary<string, Profile>>(File.ReadAllText(path), Json) ?? [] : [];
        }
        catch (JsonException exception)
        {
            throw new Refusal($"'{path}' can not be read: {exception.Message} Mend it or remove it.", Commands.ExitCodes.Unusable);
        }
    }

    public void Change(Action<SortedDictionary<string, Profile>> change)
    {
        var all = Read();
        change(all);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, JsonSerializer.Serialize(all, Json));
    }
}
