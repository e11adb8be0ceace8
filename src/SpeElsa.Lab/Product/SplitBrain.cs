using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Lab.Windows;

namespace SpeElsa.Lab;

/// <summary>Notices when two servers run the same role or instance of the same installation at once, and never forgets it.</summary>
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
        Record(farm, time, started.Role.ToString(), servers);
        twins.ForEach(role => role.Server.RecordEffect(Kind, started.Role.ToString()));
    }

    /// <summary>
    /// Looks whether an instance that was just started on a host runs on another host too. Two Instance Hosts beside each other are how the
    /// product is meant to be; the harm is one instance on both, because what is archived from then on is in one copy or the other. Hosts
    /// that are twins are recorded as such and not once more for each instance.
    /// </summary>
    public static void Check(LabFarm farm, TimeProvider time, RunningRole host, string instanceId, IEnumerable<RunningRole> running)
    {
        var databaseId = InstanceStates.Get(host.Server, instanceId)?.DatabaseId;
        var twins = running.Where(other => other.Role == ProductRole.InstanceHost
            && other.Identity != host.Identity
            && InstanceStates.Get(other.Server, instanceId) is { IsRunning: true } state
            && state.DatabaseId == databaseId).Append(host).ToList();
        if (databaseId is null || twins.Count < 2)
        {
            return;
        }

        var what = $"Instance {instanceId}";
        Record(farm, time, what, [.. twins.Select(role => role.Server.Name).Order(StringComparer.Ordinal)]);
        twins.ForEach(role => role.Server.RecordEffect(Kind, what));
    }

    private static void Record(LabFarm farm, TimeProvider time, string what, IReadOnlyList<string> servers) => farm.UpdateFacts(facts =>
    {
        facts[FactName] ??= new JsonArray();
        facts[FactName]!.AsArray().Add(JsonSerializer.SerializeToNode(
            new LabViolation(Kind, what, servers, time.GetUtcNow()), AtomicFile.Json));
    });
}
