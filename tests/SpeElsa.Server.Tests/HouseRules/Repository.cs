using System.Runtime.CompilerServices;

namespace SpeElsa.Server.Tests.HouseRules;

/// <summary>The sources this test was built from.</summary>
internal static class Repository
{
    private static readonly string[] Made = ["bin", "obj", ".git", "node_modules", "data", "TestResults"];

    public static string Root { get; } = FindRoot();

    /// <summary>Every file that people wrote or that is committed, relative to the root, with forward slashes.</summary>
    public static IEnumerable<string> Files(string folder = "") => Walk(Path.Combine(Root, folder)).Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'));

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder).Where(file => Path.GetFileName(file) != ".git"))
        {
            yield return file;
        }

        foreach (var child in Directory.EnumerateDirectories(folder).Where(child => !Made.Contains(Path.GetFileName(child), StringComparer.Ordinal)))
        {
            foreach (var file in Walk(child))
            {
                yield return file;
            }
        }
    }

    private static string FindRoot([CallerFilePath] string here = "")
    {
        // A deterministic build maps the path of this file away; the output folder lies in the repository too.
        var start = File.Exists(here) ? Path.GetDirectoryName(here)! : AppContext.BaseDirectory;
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SpeElsa.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"SpeElsa.sln is not above {start}.");
    }
}
