using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SpeElsa.Lab.Windows;

namespace SpeElsa.Lab;

/// <summary>
/// How an instance is. <see cref="Error"/> says why the last start failed, <see cref="DatabaseId"/> whose instance it is that runs.
/// </summary>
internal sealed record InstanceState(
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("error")] string? Error = null,
    [property: JsonPropertyName("processID")] int? ProcessId = null,
    [property: JsonPropertyName("databaseID")] string? DatabaseId = null)
{
    public const string RunningStatus = "running";
    public const string StoppedStatus = "stopped";
    public static readonly InstanceState Stopped = new(StoppedStatus);

    [JsonIgnore]
    public bool IsRunning => Status == RunningStatus;
}

/// <summary>
/// The instance processes of a server. They outlive our own process, as they would on a real server, so they are kept in its state.
/// </summary>
internal static class InstanceStates
{
    private const string StateName = "instances";
    private static int _lastProcessId = 4000;

    public static InstanceState? Get(LabServer server, string instanceId) =>
        server.State()[StateName]?[instanceId]?.Deserialize<InstanceState>(AtomicFile.Json);

    /// <summary>What would come of starting it now; changes nothing but the link to the debug log.</summary>
    public static InstanceState Start(LabServer server, DatabaseInstance instance, string databaseId)
    {
        var directory = server.ToLocalPath(instance.BaseDirectory);
        if (!Directory.Exists(directory))
        {
            return InstanceState.Stopped with { Error = $"The base directory '{instance.BaseDirectory}' does not exist." };
        }

        if (!File.Exists(Path.Combine(directory, SampleArchive.MasterDatabase)))
        {
            return InstanceState.Stopped with { Error = $"There is no master database in '{instance.BaseDirectory}'." };
        }

        LabSeed.LinkDebugLog(server, instance.InstanceId, instance.BaseDirectory);
        return new InstanceState(InstanceState.RunningStatus, null, Interlocked.Add(ref _lastProcessId, 4), databaseId);
    }

    public static void Set(LabServer server, string instanceId, InstanceState state, string? effectKind = null) => server.UpdateState(
        facts =>
        {
            facts[StateName] ??= new JsonObject();
            facts[StateName]![instanceId] = JsonSerializer.SerializeToNode(state, AtomicFile.Json);
        },
        effectKind,
        instanceId);

    public static IReadOnlyDictionary<string, InstanceState> All(LabServer server) =>
        server.State()[StateName]?.Deserialize<Dictionary<string, InstanceState>>(AtomicFile.Json) ?? [];

    public static void Clear(LabServer server)
    {
        if (server.State()[StateName] is not null)
        {
            server.UpdateState(facts => facts.Remove(StateName));
        }
    }
}
