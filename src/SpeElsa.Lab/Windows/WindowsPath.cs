using System.Buffers;

namespace SpeElsa.Lab.Windows;

/// <summary>Windows paths and what they stand for on the disk of the lab's host.</summary>
internal static class WindowsPath
{
    private static readonly char[] Separators = ['\\', '/'];
    private static readonly SearchValues<char> Refused = SearchValues.Create("<>\"|?*:\0");

    /// <summary>
    /// Splits a full path into the machine it names (null: this one), its drive letter and its parts; '..' stops at the root.
    /// </summary>
    public static (string? Machine, char Drive, IReadOnlyList<string> Parts) Split(string path)
    {
        var text = path.StartsWith(@"\\?\", StringComparison.Ordinal) ? path[4..] : path;
        string? machine = null;
        if (text.StartsWith(@"\\", StringComparison.Ordinal) || text.StartsWith("//", StringComparison.Ordinal))
        {
            var unc = text[2..].Split(Separators, 3, StringSplitOptions.RemoveEmptyEntries);
            if (unc.Length < 2 || unc[1].Length != 2 || unc[1][1] != '$' || !char.IsAsciiLetter(unc[1][0]))
            {
                throw new DirectoryNotFoundException(
                    $"The network name cannot be found: '{path}'. A lab server shares its drives as C$ only.");
            }

            machine = unc[0];
            text = $"{unc[1][0]}:\\{(unc.Length > 2 ? unc[2] : "")}";
        }

        if (text.Length < 2 || text[1] != ':' || !char.IsAsciiLetter(text[0]) || (text.Length > 2 && !Separators.Contains(text[2])))
        {
            throw new ArgumentException($"'{path}' is not a full Windows path.", nameof(path));
        }

        var parts = new List<string>();
        foreach (var part in text[2..].Split(Separators, StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.AsSpan().ContainsAny(Refused))
            {
                throw new ArgumentException($"The path '{path}' holds a character that Windows refuses.", nameof(path));
            }

            if (part == "..")
            {
                if (parts.Count > 0)
                {
                    parts.RemoveAt(parts.Count - 1);
                }
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return (machine, char.ToUpperInvariant(text[0]), parts);
    }

    /// <summary>The path of the parts under a root, where parts that exist are found whatever their case.</summary>
    public static string Locate(string root, IReadOnlyList<string> parts)
    {
        var current = root;
        for (var i = 0; i < parts.Count; i++)
        {
            var next = Path.Combine(current, parts[i]);
            if (!Exists(next))
            {
                var match = Directory.Exists(current) ? FindIgnoringCase(current, parts[i]) : null;
                if (match is null)
                {
                    return Path.Combine([current, .. parts.Skip(i)]);
                }

                next = match;
            }

            current = next;
        }

        return current;
    }

    private static bool Exists(string path) => Path.Exists(path);

    private static string? FindIgnoringCase(string directory, string name)
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(directory))
        {
            if (string.Equals(Path.GetFileName(entry), name, StringComparison.OrdinalIgnoreCase))
            {
                return entry;
            }
        }

        return null;
    }
}
