using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeElsa.MailStore;

public sealed partial class ManagementApiClient
{
    /// <inheritdoc/>
    public Task<EnvironmentInfo> GetEnvironmentInfoAsync(CancellationToken cancellationToken) =>
        AskAsync<EnvironmentInfo>("GetEnvironmentInfo", NoArguments, cancellationToken);

    /// <inheritdoc/>
    public Task<ServiceStatus> GetServiceStatusAsync(CancellationToken cancellationToken) =>
        AskAsync<ServiceStatus>("GetServiceStatus", NoArguments, cancellationToken);

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancellationToken) => InvokeAsync("Ping", NoArguments, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<InstanceHost>> GetInstanceHostsAsync(string? serverNameFilter, CancellationToken cancellationToken) =>
        await AskAsync<List<InstanceHost>>("GetInstanceHosts", new() { ["serverNameFilter"] = serverNameFilter }, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ClientAccessServer>> GetClientAccessServersAsync(
        string? serverNameFilter, bool withServiceStatus, CancellationToken cancellationToken) =>
        await AskAsync<List<ClientAccessServer>>(
            "GetClientAccessServers",
            new() { ["serverNameFilter"] = serverNameFilter, ["withServiceStatus"] = Text(withServiceStatus) },
            cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SpeInstance>> GetInstancesAsync(string instanceFilter, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceFilter);
        return await AskAsync<List<SpeInstance>>("GetInstances", new() { ["instanceFilter"] = instanceFilter }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<JsonObject> GetInstanceConfigurationAsync(string instanceId, CancellationToken cancellationToken) =>
        AskAsync<JsonObject>("GetInstanceConfiguration", new() { ["instanceID"] = Exact(instanceId) }, cancellationToken);

    /// <inheritdoc/>
    public Task SetInstanceConfigurationAsync(JsonObject configuration, CancellationToken cancellationToken) =>
        InvokeAsync("SetInstanceConfiguration", Config(configuration), cancellationToken);

    /// <inheritdoc/>
    public Task StartInstanceAsync(string instanceId, CancellationToken cancellationToken) =>
        InvokeAsync("StartInstances", new Dictionary<string, string?> { ["instanceFilter"] = Exact(instanceId) }, cancellationToken);

    /// <inheritdoc/>
    public Task StopInstanceAsync(string instanceId, CancellationToken cancellationToken) =>
        InvokeAsync("StopInstances", new Dictionary<string, string?> { ["instanceFilter"] = Exact(instanceId) }, cancellationToken);

    /// <inheritdoc/>
    public Task<ManagementApiCall> BeginStartInstanceAsync(string instanceId, CancellationToken cancellationToken) =>
        BeginAsync("StartInstances", new Dictionary<string, string?> { ["instanceFilter"] = Exact(instanceId) }, cancellationToken);

    /// <inheritdoc/>
    public Task<ManagementApiCall> BeginStopInstanceAsync(string instanceId, CancellationToken cancellationToken) =>
        BeginAsync("StopInstances", new Dictionary<string, string?> { ["instanceFilter"] = Exact(instanceId) }, cancellationToken);

    /// <inheritdoc/>
    public Task<InstanceStatistics> GetInstanceStatisticsAsync(string instanceId, CancellationToken cancellationToken) =>
        AskAsync<InstanceStatistics>("GetInstanceStatistics", new() { ["instanceID"] = Exact(instanceId) }, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ArchiveStore>> GetStoresAsync(
        string instanceId, bool includeSize, CancellationToken cancellationToken) =>
        await AskAsync<List<ArchiveStore>>(
            "GetStores", new() { ["instanceID"] = Exact(instanceId), ["includeSize"] = Text(includeSize) }, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SystemAdministrator>> GetSystemAdministratorsAsync(string mfaField, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(mfaField);
        const string Function = "GetSystemAdministrators";
        var rows = await AskAsync<List<JsonElement>>(Function, NoArguments, cancellationToken);
        return [.. rows.Select(row => new SystemAdministrator(
            row.Member("userName").Text() ?? throw Invalid(Function, "an administrator has no user name"),
            row.Member("fullName").Text(),
            row.Member(mfaField).ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null }))];
    }

    /// <inheritdoc/>
    public async Task DeactivateMfaAsync(string userName, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(userName);
        const string Function = "DeactivateSystemAdministratorMFA";
        var metadata = await GetMetadataAsync(cancellationToken);
        // The vendor does not document the arguments, so the server's own word is taken, and only the call we understand is made.
        var spelled = metadata.Find(Function)?.Arguments?
            .FirstOrDefault(argument => argument.Name.Equals("userName", StringComparison.OrdinalIgnoreCase))?.Name ?? "userName";
        var capability = metadata.Can(Function, spelled);
        if (!capability.IsAvailable)
        {
            throw new ManagementApiException(
                ManagementApiFailure.FunctionMissing,
                $"{_server} can not switch MFA off by a call: {capability.Why} A person has to do it in the Management Console.",
                Function,
                capability.Arguments.Count == 0 ? null : string.Join(", ", capability.Arguments));
        }

        await InvokeAsync(Function, new Dictionary<string, string?> { [spelled] = userName }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<JsonObject> GetSystemSmtpConfigurationAsync(CancellationToken cancellationToken) =>
        AskAsync<JsonObject>("GetSystemSmtpConfiguration", NoArguments, cancellationToken);

    /// <inheritdoc/>
    public Task SetSystemSmtpConfigurationAsync(JsonObject configuration, CancellationToken cancellationToken) =>
        InvokeAsync("SetSystemSmtpConfiguration", Config(configuration), cancellationToken);

    /// <inheritdoc/>
    public Task TestSystemSmtpConfigurationAsync(CancellationToken cancellationToken) =>
        InvokeAsync("TestSystemSmtpConfiguration", NoArguments, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> GetDirectoriesOnInstanceHostAsync(
        string serverName, string? path, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(serverName);
        const string Function = "GetDirectoriesOnInstanceHost";
        var rows = await AskAsync<List<JsonElement>>(Function, new() { ["serverName"] = serverName, ["path"] = path }, cancellationToken);
        return [.. rows.Select(
            row => (row.ValueKind == JsonValueKind.String ? row.GetString() : row.Member("path").Text() ?? row.Member("name").Text())
            ?? throw Invalid(Function, "a directory has no name"))];
    }

    private async Task<T> AskAsync<T>(string function, Dictionary<string, string?> arguments, CancellationToken cancellationToken) =>
        Read<T>(function, await InvokeAsync(function, arguments, cancellationToken));

    private static Dictionary<string, string?> Config(JsonObject configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return new() { ["config"] = configuration.ToJsonString(ManagementApiJson.Relaxed) };
    }

    private static string Text(bool value) => value ? "true" : "false";

    private static string Exact(string instanceId)
    {
        if (string.IsNullOrWhiteSpace(instanceId) || instanceId.AsSpan().ContainsAny('*', '?', ','))
            throw new ArgumentException($"'{instanceId}' is not the id of one instance: a filter could hit others.", nameof(instanceId));
        return instanceId;
    }
}
