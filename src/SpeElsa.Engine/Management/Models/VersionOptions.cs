using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Elsa.Common.Models;

/// <summary>Which versions of a definition are meant. The default value means the version number 0, which no definition has.</summary>
public readonly record struct VersionOptions
{
    /// <summary>The newest version.</summary>
    public static readonly VersionOptions Latest = new() { IsLatest = true };

    /// <summary>The version new instances are bound to.</summary>
    public static readonly VersionOptions Published = new() { IsPublished = true };

    /// <summary>The newest version and the published one.</summary>
    public static readonly VersionOptions LatestOrPublished = new() { IsLatestOrPublished = true };

    /// <summary>The newest version, where it is the published one.</summary>
    public static readonly VersionOptions LatestAndPublished = new() { IsLatestAndPublished = true };

    /// <summary>The newest version, where it is not published.</summary>
    public static readonly VersionOptions Draft = new() { IsDraft = true };

    /// <summary>Every version.</summary>
    public static readonly VersionOptions All = new() { AllVersions = true };

    /// <summary>Whether the newest version is meant.</summary>
    public bool IsLatest { get; private init; }

    /// <summary>Whether the newest version and the published one are meant.</summary>
    public bool IsLatestOrPublished { get; private init; }

    /// <summary>Whether the newest version is meant, where it is published.</summary>
    public bool IsLatestAndPublished { get; private init; }

    /// <summary>Whether the published version is meant.</summary>
    public bool IsPublished { get; private init; }

    /// <summary>Whether the newest version is meant, where it is not published.</summary>
    public bool IsDraft { get; private init; }

    /// <summary>Whether every version is meant.</summary>
    public bool AllVersions { get; private init; }

    /// <summary>The number of the version that is meant, or 0.</summary>
    public int Version { get; private init; }

    /// <summary>The version with a number.</summary>
    /// <param name="version">The number, from 1.</param>
    public static VersionOptions SpecificVersion(int version) => new() { Version = version };

    /// <summary>Reads what <see cref="ToString"/> writes; letter case does not matter.</summary>
    /// <exception cref="FormatException">It is neither a name nor a number.</exception>
    public static VersionOptions FromString(string value) => TryParse(value, out var options)
        ? options
        : throw new FormatException($"'{value}' names no version. Use AllVersions, Latest, Published, LatestOrPublished, LatestAndPublished, Draft or a number.");

    /// <summary>Reads what <see cref="ToString"/> writes; letter case does not matter.</summary>
    /// <returns>Whether it is a name or a number.</returns>
    public static bool TryParse([NotNullWhen(true)] string? value, out VersionOptions options)
    {
        VersionOptions? found = value?.Trim().ToUpperInvariant() switch
        {
            "ALLVERSIONS" or "ALL" => All,
            "LATEST" => Latest,
            "PUBLISHED" => Published,
            "LATESTORPUBLISHED" => LatestOrPublished,
            "LATESTANDPUBLISHED" => LatestAndPublished,
            "DRAFT" => Draft,
            var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => SpecificVersion(number),
            _ => null,
        };
        options = found ?? default;
        return found is not null;
    }

    /// <summary>The name as the API knows it, or the number.</summary>
    public override string ToString() => this switch
    {
        { AllVersions: true } => "AllVersions",
        { IsLatest: true } => "Latest",
        { IsPublished: true } => "Published",
        { IsLatestOrPublished: true } => "LatestOrPublished",
        { IsLatestAndPublished: true } => "LatestAndPublished",
        { IsDraft: true } => "Draft",
        _ => Version.ToString(CultureInfo.InvariantCulture),
    };
}
