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

    public static void Check(LabFarm farm, TimeProvider time, IEnumerable<RunningRole> running)
    {
        foreach (var twins in running.Where(role => role.Identity is not null).GroupBy(role => (role.Role, role.Identity)).Where(group => group.Count() > 1))
        {
            var servers = twins.Select(role => role.Server.Name).Order(StringComparer.Ordinal).ToList();
            farm.UpdateFacts(facts =>
            {
                facts[FactName] ??= new JsonArray();
                facts[FactName]!.AsArray().Add(JsonSerializer.SerializeToNode(
                    new LabViolation(Kind, twins.Key.Role.ToString(), servers, time.GetUtcNow()), AtomicFile.Json));
            });
            foreach (var role in twins)
            {
                role.Server.RecordEffect(Kind, twins.Key.Role.ToString());
            }
        }
    }
}
