using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Lab.Windows;

namespace SpeElsa.Lab;

/// <summary>The functions of the simulated Management API: those a move needs, with the shapes that are known of the real one.</summary>
internal sealed partial class ApiFunctions
{
    private readonly LabFarm _farm;
    private readonly LabProductOptions _options;
    private readonly RoleSimulation _simulation;
    private readonly Dashboard _dashboard;

    public ApiFunctions(LabFarm farm, LabProductOptions options, RoleSimulation simulation, Dashboard dashboard)
    {
        (_farm, _options, _simulation, _dashboard) = (farm, options, simulation, dashboard);
        All =
        [
            .. ServerFunctions().Concat(InstanceFunctions()).Concat(SystemFunctions())
                .Where(function => !options.MissingFunctions.Contains(function.Name, StringComparer.Ordinal)),
        ];
    }

    public IReadOnlyList<ApiFunction> All { get; }

    public JsonArray Metadata() => new([.. All.Select(function => new JsonObject
    {
        ["name"] = function.Name,
        ["args"] = new JsonArray([.. function.Arguments.Select(argument =>
            new JsonObject { ["name"] = argument.Name, ["type"] = argument.Type, ["nullable"] = argument.Nullable })]),
        ["path"] = $"/api/invoke/{function.Name}",
    })]);

    private IEnumerable<ApiFunction> ServerFunctions() =>
    [
        ApiFunction.Of("Ping", _ => null),
        ApiFunction.Of("GetEnvironmentInfo", Environment),
        ApiFunction.Of("GetServiceStatus", call => new JsonObject
        {
            ["environmentInfo"] = Environment(call),
            ["messages"] = JsonSerializer.SerializeToNode(_dashboard.Of(call.Manager), AtomicFile.Json),
        }),
        ApiFunction.Of("GetInstanceHosts", GetInstanceHosts, new ApiArgument("serverNameFilter", Nullable: true)),
        ApiFunction.Of("CreateInstanceHost", call => CreateServer(call, ProductRole.InstanceHost), new ApiArgument("config", "json")),
        ApiFunction.Of("SetInstanceHostConfiguration", call => SetServer(call, ProductRole.InstanceHost), new ApiArgument("config", "json")),
        ApiFunction.Of("DeleteInstanceHost", DeleteInstanceHost, new ApiArgument("serverName")),
        ApiFunction.Of(
            "GetDirectoriesOnInstanceHost", GetDirectories, new ApiArgument("serverName"), new ApiArgument("path", Nullable: true)),
        ApiFunction.Of(
            "GetClientAccessServers",
            GetClientAccessServers,
            new ApiArgument("serverNameFilter", Nullable: true),
            new ApiArgument("withServiceStatus", "bool")),
        ApiFunction.Of(
            "CreateClientAccessServer", call => CreateServer(call, ProductRole.ClientAccessServer), new ApiArgument("config", "json")),
        ApiFunction.Of(
            "SetClientAccessServerConfiguration", call => SetServer(call, ProductRole.ClientAccessServer), new ApiArgument("config", "json")),
        ApiFunction.Of("DeleteClientAccessServer", DeleteClientAccessServer, new ApiArgument("serverName")),
        ApiFunction.Of(
            "PairWithManagementServer",
            PairWithManagementServer,
            new ApiArgument("serverType"),
            new ApiArgument("serverName"),
            new ApiArgument("port", "number"),
            new ApiArgument("thumbprint")),
        ApiFunction.Of(
            "CreateDirectoryOnInstanceHost", CreateDirectory, new ApiArgument("serverName"), new ApiArgument("path")),
        ApiFunction.Of("ReloadBranding", _ => null),
    ];

    private static JsonObject Environment(ApiCall call) => new()
    {
        ["version"] = call.Manager.Version,
        ["webClientVersion"] = call.Manager.Version,
        ["copyright"] = "Simulated by SpeElsa",
        ["licenseeName"] = call.Database.LicenseeName,
        ["licenseeID"] = call.Database.LicenseeId,
        ["serverName"] = call.Manager.Server.ComputerName,
        ["userName"] = call.UserName,
        ["systemProperties"] = new JsonObject { ["processors"] = new JsonArray() },
    };

    private static JsonArray GetInstanceHosts(ApiCall call) =>
        Entries(call.Database.InstanceHosts.Where(host => Matches(call.Optional("serverNameFilter"), host.ServerName)), (_, _) => { });

    private JsonArray GetClientAccessServers(ApiCall call) => Entries(
        call.Database.ClientAccessServers.Where(access => Matches(call.Optional("serverNameFilter"), access.ServerName)),
        (entry, json) =>
        {
            if (call.Flag("withServiceStatus"))
            {
                var (role, problem) = _simulation.Connected(call.Manager, entry, ProductRole.ClientAccessServer);
                json["serviceStatus"] = new JsonObject { ["connected"] = role is not null, ["error"] = problem };
            }
        });

    private JsonNode? DeleteInstanceHost(ApiCall call)
    {
        var name = call.Text("serverName");
        if (call.Database.Instances.Any(instance => SameName(instance.InstanceHost, name)))
        {
            throw new ApiRefusedException($"There are instances on Instance Host '{name}'.");
        }

        return Write(
            call, "DeleteInstanceHost", name, database => database.InstanceHosts.RemoveAll(host => SameName(host.ServerName, name)) > 0);
    }

    private JsonNode? DeleteClientAccessServer(ApiCall call)
    {
        var name = call.Text("serverName");
        return Write(
            call,
            "DeleteClientAccessServer",
            name,
            database => database.ClientAccessServers.RemoveAll(access => SameName(access.ServerName, name)) > 0);
    }

    private JsonArray GetDirectories(ApiCall call)
    {
        var host = ConnectedHost(call);
        if (call.Optional("path") is not { } path)
        {
            return [@"C:\"];
        }

        var directory = Locate(host, path);
        return Directory.Exists(directory)
            ? new JsonArray([.. Directory.EnumerateDirectories(directory).Select(Path.GetFileName).Order(StringComparer.OrdinalIgnoreCase)])
            : throw new ApiRefusedException($"The directory '{path}' does not exist on '{host.Configuration!.ServerName}'.");
    }

    private JsonNode? CreateDirectory(ApiCall call)
    {
        var host = ConnectedHost(call);
        var directory = Locate(host, call.Text("path"));
        if (!Directory.Exists(directory))
        {
            Directory.CreateDirectory(directory);
            host.Server.RecordEffect("api:CreateDirectoryOnInstanceHost", call.Text("path"));
        }

        return null;
    }

    private RunningRole ConnectedHost(ApiCall call)
    {
        var entry = call.Database.InstanceHosts.Find(host => SameName(host.ServerName, call.Text("serverName")))
            ?? throw new ApiRefusedException($"There is no Instance Host '{call.Text("serverName")}'.");
        var (role, problem) = _simulation.Connected(call.Manager, entry, ProductRole.InstanceHost);
        return role ?? throw new ApiRefusedException($"Instance Host '{entry.ServerName}' is not connected: {problem}.");
    }

    private static string Locate(RunningRole host, string path)
    {
        try
        {
            return host.Server.ToLocalPath(path);
        }
        catch (Exception exception) when (exception is ArgumentException or IOException)
        {
            throw new ApiRefusedException($"'{path}' is not a directory on '{host.Configuration!.ServerName}'.");
        }
    }

    /// <summary>Changes the database in memory and on disk and records it, if there was something to change.</summary>
    private JsonNode? Write(ApiCall call, string function, string target, Func<ManagementDatabase, bool> change)
    {
        lock (_simulation.Gate)
        {
            if (change(call.Database))
            {
                call.Database.Write(call.Manager.Server, _options.Names);
                call.Manager.Server.RecordEffect($"api:{function}", target);
            }
        }

        return null;
    }

    private static JsonArray Entries(IEnumerable<DatabaseServer> servers, Action<DatabaseServer, JsonObject> add) => new(
        [.. servers.Select(server =>
    {
        var json = JsonSerializer.SerializeToNode(server, AtomicFile.Json)!.AsObject();
        add(server, json);
        return json;
    })]);

    private static bool Matches(string? filter, string name) =>
        filter is null || System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(filter, name);

    private static bool SameName(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
