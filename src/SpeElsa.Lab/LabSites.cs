using System.Collections.Concurrent;

namespace SpeElsa.Lab;

/// <summary>
/// The farms of a host: its own, and copies of installations elsewhere. Each is a world of its own: what a script, a role or a name of one farm
/// reaches is in that farm. From outside, a server of a copy is known by its name, a tilde and the name of the copy, which no computer can be called.
/// </summary>
/// <param name="own">The host's own farm; null where it has none.</param>
public sealed class LabSites(LabSite? own)
{
    /// <summary>What stands between the name of a server and that of the copy it belongs to.</summary>
    public const char Separator = '~';

    private readonly ConcurrentDictionary<string, LabSite> _copies = new(StringComparer.Ordinal);

    /// <summary>The host's own farm; null where it has none.</summary>
    public LabSite? Own => own;

    /// <summary>All farms, the host's own first.</summary>
    public IReadOnlyList<LabSite> All => [.. own is null ? [] : new[] { own }, .. _copies.Values.OrderBy(site => site.Name, StringComparer.Ordinal)];

    /// <summary>Adds a copy.</summary>
    /// <param name="site">The copy; its name is not that of another.</param>
    public void Add(LabSite site)
    {
        ArgumentNullException.ThrowIfNull(site);
        if (!_copies.TryAdd(site.Name, site))
        {
            throw new ArgumentException($"There is a farm '{site.Name}' already.", nameof(site));
        }
    }

    /// <summary>Forgets a copy. Whoever takes it out closes it.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The copy; null when there is none of that name.</returns>
    public LabSite? Remove(string name) => _copies.TryRemove(name, out var site) ? site : null;

    /// <summary>Finds a copy.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The copy; null when there is none of that name.</returns>
    public LabSite? FindCopy(string name) => _copies.GetValueOrDefault(name);

    /// <summary>Finds a server.</summary>
    /// <param name="name">Its name as it is known from outside, in any case.</param>
    /// <returns>The farm and the server; null when there is none of that name.</returns>
    public (LabSite Site, LabServer Server)? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var at = name.LastIndexOf(Separator);
        var site = at < 0 ? own : _copies.GetValueOrDefault(name[(at + 1)..]);
        return site?.Farm.Find(at < 0 ? name : name[..at]) is { } server ? (site, server) : null;
    }
}

/// <summary>A farm and the product on it.</summary>
/// <param name="Name">The name of a copy; empty for the host's own farm.</param>
/// <param name="Farm">The farm.</param>
/// <param name="Product">The product.</param>
public sealed record LabSite(string Name, LabFarm Farm, LabProduct Product)
{
    /// <summary>How a server is known from outside.</summary>
    /// <param name="server">The computer name it began with.</param>
    /// <returns>Its name, and that of the copy.</returns>
    public string NameOf(string server) => Name.Length == 0 ? server : $"{server}{LabSites.Separator}{Name}";

    /// <summary>The name by which its own farm knows a server that is named from outside.</summary>
    /// <param name="name">A name with or without that of this copy.</param>
    /// <returns>The name without it.</returns>
    public string Inside(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Name.Length > 0 && name.EndsWith($"{LabSites.Separator}{Name}", StringComparison.Ordinal) ? name[..^(Name.Length + 1)] : name;
    }
}
