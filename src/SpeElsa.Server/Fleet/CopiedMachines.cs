using System.Collections.Concurrent;
using SpeElsa.Activities;
using SpeElsa.Lab;
using SpeElsa.MailStore;
using SpeElsa.Machines;

namespace SpeElsa.Server.Fleet;

/// <summary>Which machine of the fleet each copy in the lab is a copy of.</summary>
internal sealed class CopiedMachines
{
    private readonly ConcurrentDictionary<string, string> _originals = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Notes a copy.</summary>
    public void Add(string copy, string original) => _originals[copy] = original;

    /// <summary>Forgets a copy.</summary>
    public void Remove(string copy) => _originals.TryRemove(copy, out _);

    /// <summary>The original of a copy; null where the fleet has none.</summary>
    public string? OriginalOf(string copy) => _originals.GetValueOrDefault(copy);
}

/// <summary>
/// The fleet of a rehearsal: the copies that were made for it. A step that names any other machine, by mistake or because its procedure does, is refused before
/// anything is opened.
/// </summary>
/// <param name="fleet">Knows the copies.</param>
/// <param name="plan">The plan that is rehearsed.</param>
internal sealed class CopiesOnly(IFleet fleet, string plan) : IFleet
{
    public IReadOnlyList<string> Names => [];

    public IMachine Machine(string name) => fleet.Machine(Check(name));

    public MachineSettings Settings(string name) => fleet.Settings(Check(name));

    public Task<IManagementApi> ManagementApiAsync(string machineName, CancellationToken cancellationToken) => fleet.ManagementApiAsync(Check(machineName), cancellationToken);

    private string Check(string name) => name.EndsWith($"{LabSites.Separator}{plan}", StringComparison.Ordinal)
        ? name
        : throw new ArgumentException($"This is a rehearsal of the plan {plan}, and '{name}' is none of its copies. A rehearsal never reaches a real machine.", nameof(name));
}
