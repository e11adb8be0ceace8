using System.Globalization;
using System.IO.Enumeration;

namespace SpeElsa.Lab.Windows;

/// <summary>The part of robocopy's command line that the lab honours.</summary>
internal sealed record RobocopyOptions(string Source, string Destination)
{
    /// <summary>/E: with all sub-folders.</summary>
    public bool Recurse { get; private init; }

    /// <summary>/MIR or /PURGE: remove what the source does not have.</summary>
    public bool Purge { get; private init; }

    /// <summary>/XJ: pass junctions over.</summary>
    public bool SkipJunctions { get; private init; }

    /// <summary>/L: say what would be done.</summary>
    public bool ListOnly { get; private init; }

    /// <summary>/NFL: no line for a file.</summary>
    public bool NoFileList { get; private init; }

    /// <summary>/R: how often a file that cannot be copied is tried again.</summary>
    public int Retries { get; private init; }

    /// <summary>/W: how long it waits before.</summary>
    public TimeSpan RetryWait { get; private init; }

    /// <summary>/MIN: smaller files are left out.</summary>
    public long MinimumBytes { get; private init; }

    /// <summary>/MINAGE: younger files are left out.</summary>
    public TimeSpan MinimumAge { get; private init; }

    /// <summary>/IPG: the pause after each block of 64 KB.</summary>
    public TimeSpan Gap { get; private init; }

    /// <summary>/XF: patterns of names that are left out.</summary>
    public IReadOnlyList<string> ExcludedFiles { get; private init; } = [];

    public static RobocopyOptions Parse(string[] arguments)
    {
        var options = new RobocopyOptions(arguments[0], arguments[1]);
        var excluded = new List<string>();
        var inExcluded = false;
        foreach (var argument in arguments.Skip(2))
        {
            if (!argument.StartsWith('/'))
            {
                excluded.Add(inExcluded ? argument : throw new ArgumentException($"ERROR : Invalid Parameter : \"{argument}\""));
                continue;
            }

            var name = argument.ToUpperInvariant();
            inExcluded = name == "/XF";
            options = name switch
            {
                "/E" => options with { Recurse = true },
                "/MIR" => options with { Recurse = true, Purge = true },
                "/XJ" => options with { SkipJunctions = true },
                "/L" => options with { ListOnly = true },
                "/NFL" => options with { NoFileList = true },
                _ when name.StartsWith("/R:", StringComparison.Ordinal) => options with { Retries = Number(name) },
                _ when name.StartsWith("/W:", StringComparison.Ordinal) => options with { RetryWait = TimeSpan.FromSeconds(Number(name)) },
                _ when Value(name, "/MIN:") is { } bytes => options with { MinimumBytes = bytes },
                _ when Value(name, "/MINAGE:") is { } days => options with { MinimumAge = TimeSpan.FromDays(days) },
                _ when Value(name, "/IPG:") is { } gap => options with { Gap = TimeSpan.FromMilliseconds(gap) },
                // How the lab copies and prints in any case.
                "/XF" or "/Z" or "/BYTES" or "/NP" or "/NDL" or "/FP" or "/NJH" or "/COPY:DAT" or "/DCOPY:DAT" => options,
                _ => throw new ArgumentException($"ERROR : Invalid Parameter : \"{argument}\""),
            };
        }

        return options with { ExcludedFiles = excluded };
    }

    /// <summary>Whether a file of the source is left out for its name, its size or its age.</summary>
    public bool LeavesOut(FileInfo file, DateTimeOffset now) =>
        Excludes(file.Name) || file.Length < MinimumBytes || (MinimumAge > TimeSpan.Zero && file.LastWriteTimeUtc > now - MinimumAge);

    public bool Excludes(string fileName) =>
        ExcludedFiles.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, fileName, ignoreCase: true));

    private static long? Value(string argument, string option) =>
        argument.StartsWith(option, StringComparison.Ordinal) ? long.Parse(argument.AsSpan(option.Length), CultureInfo.InvariantCulture) : null;

    private static int Number(string option) => int.Parse(option.AsSpan(3), CultureInfo.InvariantCulture);
}
