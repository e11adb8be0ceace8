using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SpeElsa.MailStore;

namespace SpeElsa.Activities;

/// <summary>Reads an installation through the Management API in the shapes of the baseline, the same before the move and after it.</summary>
internal static class DashboardReader
{
    public static IReadOnlyList<BaselineMessage> Messages(ServiceStatus status) =>
        [.. status.Messages.Select(message => new BaselineMessage(message.Type, message.Text, message.Tag))];

    public static async Task<DashboardView> ReadAsync(IManagementApi api, CancellationToken cancellationToken)
    {
        var environment = await api.GetEnvironmentInfoAsync(cancellationToken);
        var status = await api.GetServiceStatusAsync(cancellationToken);
        return new DashboardView
        {
            Version = environment.Version,
            ServerName = environment.ServerName,
            Messages = Messages(status),
            Roles = await RolesAsync(api, status, cancellationToken),
            Instances = await InstancesAsync(api, cancellationToken),
        };
    }

    /// <summary>
    /// A host is connected when it lists its directories. How the API words the state of a Client Access Server is not documented, so what
    /// the dashboard calls an error about one counts; without one it is taken for connected.
    /// </summary>
    public static async Task<IReadOnlyList<BaselineRole>> RolesAsync(IManagementApi api, ServiceStatus status, CancellationToken cancellationToken)
    {
        var roles = new List<BaselineRole>();
        foreach (var host in await api.GetInstanceHostsAsync(null, cancellationToken))
        {
            var (connected, problem) = await AskAsync(api, host.ServerName, cancellationToken);
            roles.Add(new BaselineRole(Roles.InstanceHost, host.ServerName, connected, problem));
        }

        var names = await RoleEntries.NamesAsync(api, Roles.ClientAccessServer, cancellationToken);
        foreach (var name in names)
        {
            var error = ClientAccessError(status, name, names);
            roles.Add(new BaselineRole(Roles.ClientAccessServer, name, error is null, error?.Text ?? error?.Tag));
        }

        return roles;
    }

    /// <summary>The error about one Client Access Server: it names that one, or none of those there are.</summary>
    public static ServiceMessage? ClientAccessError(ServiceStatus status, string server, IReadOnlyList<string> all) => status.Messages.FirstOrDefault(
        message => message.IsError && IsAboutClientAccess(message.Text, message.Tag) && (Names(message.Text, message.Tag, server) || !all.Any(other => Names(message.Text, message.Tag, other))));

    public static bool IsAboutClientAccess(string? text, string? tag) =>
        text?.Contains("Client Access Server", StringComparison.OrdinalIgnoreCase) == true
        || tag?.Contains("clientAccessServer", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Whether a message names a server: its whole name, and not the beginning of another one.</summary>
    public static bool Names(string? text, string? tag, string server) =>
        new[] { text, tag }.Any(part => part is not null && Regex.IsMatch(part, $@"(?<![\w-]){Regex.Escape(server)}(?![\w-])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant));

    /// <summary>Reads all instances, or one.</summary>
    public static async Task<IReadOnlyList<BaselineInstance>> InstancesAsync(IManagementApi api, CancellationToken cancellationToken, string? only = null)
    {
        var instances = new List<BaselineInstance>();
        foreach (var instance in (await api.GetInstancesAsync("*", cancellationToken)).Where(instance => only is null || instance.InstanceId == only))
        {
            var configuration = await api.GetInstanceConfigurationAsync(instance.InstanceId, cancellationToken);
            var statistics = instance.IsRunning
                ? await TryAsync(api.GetInstanceStatisticsAsync(instance.InstanceId, cancellationToken))
                : null;
            var stores = instance.IsRunning
                ? await TryAsync(api.GetStoresAsync(instance.InstanceId, includeSize: true, cancellationToken))
                : null;
            instances.Add(new BaselineInstance
            {
                Id = instance.InstanceId,
                DisplayName = Text(configuration, "displayName"),
                Status = instance.Status,
                StartStopError = instance.StartStopError,
                WasRunning = instance.IsRunning,
                StartMode = Text(configuration, "startMode"),
                BaseDirectory = Text(configuration, "baseDirectory")
                    ?? throw new InvalidOperationException(
                        $"The configuration of the instance '{instance.InstanceId}' names no base directory, so its data can not be found."),
                InstanceHost = instance.InstanceHost,
                Messages = statistics?.NumberOfMessages,
                Megabytes = statistics?.TotalSizeMB ?? 0,
                Stores =
                [
                    .. (stores ?? []).Select(store => new BaselineStore(
                        store.Id, store.Name, store.DatabasePath, store.RequestedState, store.Error, store.SearchIndexesNeedRebuild, store.NeedsUpgrade, store.StatisticsSize ?? 0)),
                ],
            });
        }

        return instances;
    }

    public static string? Text(JsonObject source, string name) =>
        source[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static async Task<(bool? Connected, string? Problem)> AskAsync(IManagementApi api, string serverName, CancellationToken cancellationToken)
    {
        try
        {
            await api.GetDirectoriesOnInstanceHostAsync(serverName, null, cancellationToken);
            return (true, null);
        }
        catch (ManagementApiException exception) when (exception.Failure is ManagementApiFailure.Refused)
        {
            return (false, exception.Message);
        }
        catch (ManagementApiException exception) when (exception.Failure is ManagementApiFailure.FunctionMissing)
        {
            return (null, exception.Message);
        }
    }

    /// <summary>Figures need access that an instance may not grant; the move can do without.</summary>
    private static async Task<T?> TryAsync<T>(Task<T> call)
        where T : class
    {
        try
        {
            return await call;
        }
        catch (ManagementApiException exception) when (
            exception.Failure is ManagementApiFailure.Refused or ManagementApiFailure.FunctionMissing)
        {
            return null;
        }
    }
}
