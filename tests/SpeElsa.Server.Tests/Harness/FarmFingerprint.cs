using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace SpeElsa.Server.Tests.Harness;

/// <summary>What a farm looks like from outside, without what is random in it: services, certificates by name, and every file of product and archives.</summary>
internal static class FarmFingerprint
{
    private static readonly EnumerationOptions AllFiles = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>Contents that hold random keys and hashes differ between farms; of these only the name counts, also where they were put aside under another.</summary>
    private static readonly string[] RandomContent = [".json", ".exe", ".dll"];

    public static async Task<IReadOnlyList<string>> TakeAsync(ServerProcess server)
    {
        var lines = new List<string>();
        var overview = JsonNode.Parse(await server.Client.GetStringAsync(new Uri("/lab/servers", UriKind.Relative)))!;
        lines.Add($"licence {overview["licensedServer"]}");
        lines.Add($"violations {overview["violations"]!.AsArray().Count}");
        foreach (var machine in overview["servers"]!.AsArray())
        {
            var name = machine!["name"]!.GetValue<string>();
            lines.AddRange(machine["services"]!.AsArray().Select(service => $"{name} service {service!["name"]} {service["state"]} {service["startMode"]}"));
            lines.AddRange(machine["certificates"]!.AsArray().Select(certificate => $"{name} certificate {certificate!["friendlyName"]} key {certificate["hasPrivateKey"]}"));
            lines.AddRange(Files(Path.Combine(server.LabDirectory, name)).Select(file => $"{name} {file}"));
        }

        return [.. lines.Order(StringComparer.Ordinal)];
    }

    /// <summary>PFX files anywhere on the simulated disks.</summary>
    public static IReadOnlyList<string> PfxFiles(ServerProcess server) =>
        [.. Directory.EnumerateFiles(server.LabDirectory, "*.pfx", AllFiles).Where(file => file.Contains("SpeElsa", StringComparison.OrdinalIgnoreCase))];

    private static IEnumerable<string> Files(string machine)
    {
        foreach (var folder in new[] { "MailStoreData", "Archive", "MailStore Infrastructure" })
        {
            foreach (var root in Directory.EnumerateDirectories(machine, folder, AllFiles))
            {
                foreach (var file in Directory.EnumerateFiles(root, "*", AllFiles))
                {
                    yield return $"file {Stable(Path.GetRelativePath(machine, file))} {(RandomContent.Any(Path.GetFileName(file).Contains) ? "" : Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))))}";
                }
            }
        }
    }

    /// <summary>The folder the new configuration was kept in is named after the move.</summary>
    private static string Stable(string path) => System.Text.RegularExpressions.Regex.Replace(path, "before-[0-9a-f]+", "before-move");
}
