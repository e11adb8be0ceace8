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
        new("RestartInstances", RestartInstancesAsync, [new ApiArgument("instanceFilter")], MayRunOn: true),
        ApiFunction.Of("GetInstanceStatistics", GetInstanceStatistics, new ApiArgument("instanceID")),
        ApiFunction.Of("GetStores", GetStores, new ApiArgument("instanceID"), new ApiArgument("includeSize", "bool", Nullable: true)),
        ApiFunction.Of(
            "SetStorePath", SetStorePath, new ApiArgument("instanceID"), new ApiArgument("id", "number"), new ApiArgument("path")),
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

            if (_simulation.StartInstance(call.Manager, host, instance, "api:StartInstances").Error is { } error)
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

    private async Task<JsonNode?> RestartInstancesAsync(ApiCall call)
    {
        await StopInstancesAsync(call);
        return await StartInstancesAsync(call);
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

        List<FileInfo> files =
        [
            .. new DirectoryInfo(directory).EnumerateFiles("*", WithoutLinks),
            .. OutsideStores.Read(directory).SelectMany(store => Files(call, instance, store)),
        ];
        return new JsonObject
        {
            ["numberOfMessages"] = Messages(files),
            ["totalSizeMB"] = Math.Round(files.Sum(file => file.Length) / 1024d / 1024d, 3),
        };
    }

    private JsonArray GetStores(ApiCall call)
    {
        var instance = Running(call, out var directory);
        var stores = Stores(instance, directory);
        return new([.. stores.Select((store, index) =>
        {
            var files = Files(call, instance, store);
            var json = new JsonObject
            {
                ["id"] = index + 1,
                ["name"] = store.Name,
                ["requestedState"] = index == stores.Count - 1 ? "current" : "normal",
                ["databasePath"] = store.Path,
                ["statisticsCount"] = Messages(files),
                ["error"] = files.Count == 0 ? $"The directory '{store.Path}' does not hold the store." : null,
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

    private JsonNode? SetStorePath(ApiCall call)
    {
        lock (_simulation.Gate)
        {
            var instance = Running(call, out var directory);
            var stores = Stores(instance, directory);
            var path = call.Text("path").TrimEnd('\\');
            if (!int.TryParse(call.Text("id"), out var id) || id < 1 || id > stores.Count)
            {
                throw new ApiRefusedException($"There is no store '{call.Text("id")}'.");
            }

            var store = stores[id - 1];
            if (Files(call, instance, store with { Path = path }).Count == 0)
            {
                throw new ApiRefusedException($"The directory '{path}' does not hold a store.");
            }

            if (!string.Equals(store.Path, path, StringComparison.OrdinalIgnoreCase))
            {
                var outside = OutsideStores.Read(directory).Where(other => other.Name != store.Name).ToList();
                if (!string.Equals(path, $@"{instance.BaseDirectory}\{store.Name}", StringComparison.OrdinalIgnoreCase))
                {
                    outside.Add(store with { Path = path });
                }

                OutsideStores.Write(directory, outside);
                HostServer(call, instance).RecordEffect("api:SetStorePath", $"{instance.InstanceId}:{store.Name}");
            }

            return null;
        }
    }

    /// <summary>By name: those in the base directory, and those that the instance knows to be elsewhere.</summary>
    private static List<OutsideStore> Stores(DatabaseInstance instance, string directory)
    {
        var outside = OutsideStores.Read(directory);
        return
        [
            .. new DirectoryInfo(directory).EnumerateDirectories()
                .Where(store => File.Exists(Path.Combine(store.FullName, SampleArchive.StoreDatabase)))
                .Where(store => outside.All(other => other.Name != store.Name))
                .Select(store => new OutsideStore(store.Name, $@"{instance.BaseDirectory}\{store.Name}"))
                .Concat(outside)
                .OrderBy(store => store.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>The files of a store; none when there is no store at its path.</summary>
    private List<FileInfo> Files(ApiCall call, DatabaseInstance instance, OutsideStore store)
    {
        try
        {
            var directory = new DirectoryInfo(HostServer(call, instance).ToLocalPath(store.Path));
            return File.Exists(Path.Combine(directory.FullName, SampleArchive.StoreDatabase))
                ? [.. directory.EnumerateFiles("*", WithoutLinks)]
                : [];
        }
        catch (Exception exception) when (exception is ArgumentException or IOException)
        {
            // A path to a drive or share that this server does not have.
            return [];
        }
    }

    private LabServer HostServer(ApiCall call, DatabaseInstance instance) =>
        _simulation.HostOf(call.Manager, instance)?.Server ?? throw new ApiRefusedException($"Instance '{instance.InstanceId}' is not running.");

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
