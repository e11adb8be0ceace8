using System.Globalization;
using SpeElsa.Lab;

namespace SpeElsa.Server.Moves.Rehearsals;

/// <summary>Lets things go wrong on the copies of a rehearsal: the same seed, the same faults. They live as long as the process; a restart forgets those that have not hit.</summary>
internal static class RehearsalFaults
{
    /// <summary>More would only hit each other's repeats.</summary>
    public const int Most = 50;

    /// <summary>Faults after which doing it again is enough.</summary>
    private static readonly LabFaultKind[] Kinds =
    [
        LabFaultKind.Delay, LabFaultKind.LostReply, LabFaultKind.CutMidStream, LabFaultKind.WrongExitCode, LabFaultKind.PartialCopy, LabFaultKind.LockedFile, LabFaultKind.DiskFull,
    ];

    /// <summary>Scripts that most moves run.</summary>
    private static readonly string[] Scripts =
    [
        "Copy-Directory", "Get-DirectoryManifest", "Stop-WindowsService", "Start-WindowsService", "Set-WindowsServiceStartMode", "Get-MailStoreServices", "Get-ServerFacts", "Get-Certificates",
    ];

    /// <returns>What is to go wrong where.</returns>
    public static IReadOnlyList<string> Set(Rehearsal rehearsal, LabSite? site)
    {
        if (rehearsal.Faults == 0 || site is null)
        {
            return [];
        }

#pragma warning disable CA5394 // It has to be the same for the same seed, and guards nothing.
        var random = new Random(rehearsal.Seed);
        var set = new List<string>();
        var servers = rehearsal.CopyInputs.Values.Select(value => site.Farm.Find(site.Inside(value.ToString()))).OfType<LabServer>().Distinct().ToArray();
        for (var number = 0; number < rehearsal.Faults && servers.Length > 0; number++)
        {
            var (server, fault) = (servers[random.Next(servers.Length)], new LabFault(Kinds[random.Next(Kinds.Length)], Scripts[random.Next(Scripts.Length)], random.Next(1, 4)));
            site.Farm.Faults.Set(server, fault);
            set.Add(string.Create(CultureInfo.InvariantCulture, $"{fault.Kind} at run {fault.Occurrence} of {fault.Script} on {server.Name}"));
        }
#pragma warning restore CA5394
        return set;
    }
}
