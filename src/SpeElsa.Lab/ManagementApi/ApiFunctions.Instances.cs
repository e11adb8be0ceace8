using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Lab.Windows;

namespace SpeElsa.Lab;

internal sealed partial class ApiFunctions
{
    private static readonly EnumerationOptions WithoutLinks =
        new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    private IEnumerable<ApiFunction> InstanceFunctions() =>
    [
        ApiFunction.Of("GetInstances", GetInstances, new ApiArgument("instanceFilter")),
        ApiFunction.Of("GetInstanceConfiguration", call => Configuration(Known(call)), new ApiArgument("instanceID")),
        ApiFunction.Of("SetInstanceConfiguration", SetInstanceConfiguration, new ApiArgument("config", "json")),
        new("StartInstances", StartInstancesAsync, [new ApiArgument("instanceFilter")], MayRunOn: true),
        new("StopInstances", StopInstancesAsync, [new ApiArgument("instanceFilter")], MayRunOn: true),
        ApiFunction.Of("GetInstanceStatistics", GetInstanceStatistics, new ApiArgument("instanceID")),
        ApiFunction.Of("GetStores", GetStores, new ApiArgument("instanceID"), new ApiArgument("includeSize", "bool", Nullable: true)),
        ApiFunction.Of("GetArchiveAdminEnabled", call => Known(call).ArchiveAdminEnabled, new ApiArgument("instanceID")),
        ApiFunction.Of("SetArchiveAdminEnabled", SetArchiveAdminEnabled, new ApiArgument("instanceID"), new ApiArgument("enabled", "bool")),
    ];

    private JsonArray GetInstances(ApiCall call)
    {
        lock (_simulation.Gate)
        {
            return new([.. Matching(call).Select(instance =>
            {
                var host = _simulation.HostOf(call.Manager, instance);
                var state = host is null ? null : InstanceStates.Get(host.Server, instance.InstanceId) ?? InstanceState.Stopped;
                return new JsonObject
                {
                    ["instanceID"] = instance.InstanceId,
                    ["instanceHost"] = instance.InstanceHost,
                    ["displayName"] = instance.DisplayName,
                    ["status"] = state?.Status ?? "notConnected",
                    ["startStopError"] = state?.Error,
                    ["processID"] = state?.ProcessId,
                };
            })]);
        }
    }

    private JsonNode? SetInstanceConfiguration(ApiCall call)
    {
        var config = call.Json("config");
        lock (_simulation.Gate)
        {
            var id = Field(config, "instanceID");
            var instance = call.Database.Instance(id) ?? throw new ApiRefusedException($"There is no instance '{id}'.");
            var host = Field(config, "instanceHost");
            var directory = Field(config, "baseDirectory");
            var startMode = Field(config, "startMode");
            var displayName = Field(config, "displayName");
            var entry = call.Database.InstanceHosts.Find(item => SameName(item.ServerName, host))
                ?? throw new ApiRefusedException($"There is no Instance Host '{host}'.");
            var moves = entry.ServerName != instance.InstanceHost || directory != instance.BaseDirectory;
            var from = _simulation.HostOf(call.Manager, instance);
            if (moves && from is not null && InstanceStates.Get(from.Server, instance.InstanceId)?.IsRunning == true)
            {
                throw new ApiRefusedException(
                    $"Instance '{id}' is running. Stop it before you change its Instance Host or base directory.");
            }

            var before = Configuration(instance).ToJsonString();
            instance.InstanceHost = entry.ServerName;
            instance.BaseDirectory = directory;
            instance.StartMode = startMode;
            instance.DisplayName = displayName;
            instance.Alias = (string?)config["alias"] ?? instance.Alias;
            instance.DebugLogEnabled = (bool?)config["debugLogEnabled"] ?? instance.DebugLogEnabled;
            instance.VssWriterEnabled = (bool?)config["vssWriterEnabled"] ?? instance.VssWriterEnabled;
            Write(call, "SetInstanceConfiguration", instance.InstanceId, _ => Configuration(instance).ToJsonString() != before);
            if (moves && _simulation.HostOf(call.Manager, instance) is { } to)
            {
                // It does not start by itself at its new place, and why it did not start at the old one is history.
                InstanceStates.Set(to.Server, instance.InstanceId, InstanceState.Stopped);
            }

            return null;
        }
    }

    private async Task<JsonNode?> StartInstancesAsync(ApiCall call)
    {
        var errors = new List<string>();
        await ForEachAsync(call, "Starting", instance =>
        {
            var host = _simulation.HostOf(call.Manager, instance)
                ?? throw new ApiRefusedException($"Instance Host '{instance.InstanceHost}' is not connected.");
            if (InstanceStates.Get(host.Server, instance.InstanceId)?.IsRunning == true)
            {
                return;
            }

            var state = InstanceStates.Start(host.Server, instance);
            InstanceStates.Set(host.Server, instance.InstanceId, state, state.IsRunning ? "api:StartInstances" : null);
            if (state.Error is { } error)
            {
                errors.Add($"Instance '{instance.InstanceId}' could not be started: {error}");
            }
        });
        return errors.Count == 0 ? null : throw new ApiRefusedException(string.Join(" ", errors));
    }

    private async Task<JsonNode?> StopInstancesAsync(ApiCall call)
    {
        await ForEachAsync(call, "Stopping", instance =>
        {
            if (_simulation.HostOf(call.Manager, instance) is { } host
                && InstanceStates.Get(host.Server, instance.InstanceId)?.IsRunning == true)
            {
                InstanceStates.Set(host.Server, instance.InstanceId, InstanceState.Stopped, "api:StopInstances");
            }
        });
        return null;
    }

    private async Task ForEachAsync(ApiCall call, string verb, Action<DatabaseInstance> act)
    {
        var instances = Matching(call);
        for (var index = 0; index < instances.Count; index++)
        {
            await call.StepAsync(100 * index / instances.Count, $"{verb} {instances[index].InstanceId}");
            lock (_simulation.Gate)
            {
                act(instances[index]);
            }
        }
    }

    private JsonObject GetInstanceStatistics(ApiCall call)
    {
        var instance = Running(call, out var directory);
        if (!instance.ArchiveAdminEnabled)
        {
            throw new ApiRefusedException($"Service provider access is disabled for instance '{instance.InstanceId}'.");
        }

        var files = new DirectoryInfo(directory).EnumerateFiles("*", WithoutLinks).ToList();
        return new JsonObject
        {
            ["numberOfMessages"] = Messages(files),
            ["totalSizeMB"] = Math.Round(files.Sum(file => file.Length) / 1024d / 1024d, 3),
        };
    }

    private JsonArray GetStores(ApiCall call)
    {
        var instance = Running(call, out var directory);
        var stores = new DirectoryInfo(directory).EnumerateDirectories()
            .Where(store => File.Exists(Path.Combine(store.FullName, SampleArchive.StoreDatabase)))
            .OrderBy(store => store.Name, StringComparer.Ordinal)
            .ToList();
        return new([.. stores.Select((store, index) =>
        {
            var files = store.EnumerateFiles("*", WithoutLinks).ToList();
            var json = new JsonObject
            {
                ["id"] = index + 1,
                ["name"] = store.Name,
                ["requestedState"] = index == stores.Count - 1 ? "current" : "normal",
                ["databasePath"] = $@"{instance.BaseDirectory}\{store.Name}",
                ["statisticsCount"] = Messages(files),
                ["error"] = null,
                ["searchIndexesNeedRebuild"] = false,
                ["needsUpgrade"] = false,
            };
            if (call.Optional("includeSize") == "true")
            {
                json["statisticsSize"] = files.Sum(file => file.Length);
            }

            return json;
        })]);
    }

    private JsonNode? SetArchiveAdminEnabled(ApiCall call)
    {
        var instance = Known(call);
        var enabled = call.Flag("enabled");
        return Write(call, "SetArchiveAdminEnabled", instance.InstanceId, _ =>
        {
            var changes = instance.ArchiveAdminEnabled != enabled;
            instance.ArchiveAdminEnabled = enabled;
            return changes;
        });
    }

    private static JsonObject Configuration(DatabaseInstance instance)
    {
        var json = JsonSerializer.SerializeToNode(instance, AtomicFile.Json)!.AsObject();
        json.Remove("archiveAdminEnabled");
        return json;
    }

    private DatabaseInstance Running(ApiCall call, out string directory)
    {
        lock (_simulation.Gate)
        {
            var instance = Known(call);
            if (_simulation.HostOf(call.Manager, instance) is not { } host
                || InstanceStates.Get(host.Server, instance.InstanceId)?.IsRunning != true)
            {
                throw new ApiRefusedException($"Instance '{instance.InstanceId}' is not running.");
            }

            directory = host.Server.ToLocalPath(instance.BaseDirectory);
            return instance;
        }
    }

    private static DatabaseInstance Known(ApiCall call) =>
        call.Database.Instance(call.Text("instanceID"))
        ?? throw new ApiRefusedException($"There is no instance '{call.Text("instanceID")}'.");

    private static List<DatabaseInstance> Matching(ApiCall call) =>
        [.. call.Database.Instances.Where(instance => Matches(call.Text("instanceFilter"), instance.InstanceId))];

    private static string Field(JsonObject config, string name) =>
        config[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0
        ? text
        : throw new ApiRefusedException($"The configuration has no '{name}'.");

    // About one message for each 8 KiB of content: from the files that are there, so a copy that lost some shows it.
    private static long Messages(IEnumerable<FileInfo> files) =>
        files.Where(file => file.Extension == ".dat").Sum(file => 1 + (file.Length / 8192));
}
