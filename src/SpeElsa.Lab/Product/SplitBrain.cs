using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Lab.Windows;

namespace SpeElsa.Lab;

/// <summary>Notices when two servers run the same role of the same installation at once, and never forgets it.</summary>
internal static class SplitBrain
{
    private const string FactName = "violations";
    private const string Kind = "split-brain";

    public static IReadOnlyList<LabViolation> Read(LabFarm farm) =>
        farm.Facts()[FactName]?.Deserialize<List<LabViolation>>(AtomicFile.Json) ?? [];

    /// <summary>Looks whether a role that was just started runs elsewhere already.</summary>
    public static void Check(LabFarm farm, TimeProvider time, RunningRole started, IEnumerable<RunningRole> running)
    {
        var twins = running.Where(
            role => role.Role == started.Role && role.Identity is not null && role.Identity == started.Identity).ToList();
        if (twins.Count < 2)
        {
            return;
        }

        var servers = twins.Select(role => role.Server.Name).Order(StringComparer.Ordinal).ToList();
        farm.UpdateFacts(facts =>
        {
            facts[FactName] ??= new JsonArray();
            facts[FactName]!.AsArray().Add(JsonSerializer.SerializeToNode(
                new LabViolation(Kind, started.Role.ToString(), servers, time.GetUtcNow()), AtomicFile.Json));
        });
        twins.ForEach(role => role.Server.RecordEffect(Kind, started.Role.ToString()));
    }
}
