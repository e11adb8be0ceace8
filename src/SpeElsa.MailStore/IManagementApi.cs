using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeElsa.MailStore;

/// <summary>
/// The Management API of one Management Server. Every member throws <see cref="ManagementApiException"/> when the call does not succeed
/// and returns only when the server is done, also with work that it does in the background.
/// </summary>
public interface IManagementApi : IDisposable
{
    /// <summary>The functions of this server. Asked for once, then remembered.</summary>
    Task<ManagementApiMetadata> GetMetadataAsync(CancellationToken cancellationToken);

    /// <summary>Calls any function. Null arguments are left out. Cancelling stops waiting, not the server's work.</summary>
    /// <returns>The function's result; a JSON null when it has none.</returns>
    Task<JsonElement> InvokeAsync(string function, IReadOnlyDictionary<string, string?> arguments, CancellationToken cancellationToken);

    /// <summary>
    /// Calls any function and does not wait for its end, if the server lets it run on. Unless its verb only reads, an argument that names
    /// something and is empty or a filter (<c>*</c>, <c>?</c>) is an <see cref="ArgumentException"/> here as in <see cref="InvokeAsync"/>.
    /// </summary>
    /// <returns>The call, ended or with its token; a call that failed throws.</returns>
    Task<ManagementApiCall> BeginAsync(string function, IReadOnlyDictionary<string, string?> arguments, CancellationToken cancellationToken);

    /// <summary>Asks how a call is going; with one that has ended it does nothing.</summary>
    /// <param name="call">The call; one made anew of the stored token will do.</param>
    /// <param name="wait">How long the server may wait for news; zero for an answer at once.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ManagementApiException">
    /// It failed; or <see cref="ManagementApiFailure.TokenLost"/>: the server does not know the token any more. Then look at what the call
    /// was to change, and never repeat it blindly.
    /// </exception>
    Task<ManagementApiCall> ContinueAsync(ManagementApiCall call, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Asks the server to stop a call. It may end later, or not at all: go on asking.</summary>
    Task CancelAsync(ManagementApiCall call, CancellationToken cancellationToken);

    /// <summary>Version, server name, licensee and caller.</summary>
    Task<EnvironmentInfo> GetEnvironmentInfoAsync(CancellationToken cancellationToken);

    /// <summary>The messages of the dashboard.</summary>
    Task<ServiceStatus> GetServiceStatusAsync(CancellationToken cancellationToken);

    /// <summary>Proves that the server answers and accepts the caller.</summary>
    Task PingAsync(CancellationToken cancellationToken);

    /// <summary>The Instance Hosts, all or those whose name matches.</summary>
    Task<IReadOnlyList<InstanceHost>> GetInstanceHostsAsync(string? serverNameFilter, CancellationToken cancellationToken);

    /// <summary>The Client Access Servers, all or those whose name matches.</summary>
    Task<IReadOnlyList<ClientAccessServer>> GetClientAccessServersAsync(
        string? serverNameFilter, bool withServiceStatus, CancellationToken cancellationToken);

    /// <summary>The instances that match; <c>*</c> is all of them.</summary>
    Task<IReadOnlyList<SpeInstance>> GetInstancesAsync(string instanceFilter, CancellationToken cancellationToken);

    /// <summary>The whole configuration of an instance, to be changed and sent back as it came.</summary>
    Task<JsonObject> GetInstanceConfigurationAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>Replaces the whole configuration of an instance.</summary>
    Task SetInstanceConfigurationAsync(JsonObject configuration, CancellationToken cancellationToken);

    /// <summary>Starts one instance. A filter (<c>*</c>, <c>?</c>, empty) is an <see cref="ArgumentException"/>.</summary>
    Task StartInstanceAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>Stops one instance. A filter (<c>*</c>, <c>?</c>, empty) is an <see cref="ArgumentException"/>.</summary>
    Task StopInstanceAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>Starts one instance and does not wait for it. As <see cref="StartInstanceAsync"/> it takes no filter.</summary>
    Task<ManagementApiCall> BeginStartInstanceAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>Stops one instance and does not wait for it. As <see cref="StopInstanceAsync"/> it takes no filter.</summary>
    Task<ManagementApiCall> BeginStopInstanceAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>How much an instance holds.</summary>
    Task<InstanceStatistics> GetInstanceStatisticsAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>The archive stores of an instance.</summary>
    Task<IReadOnlyList<ArchiveStore>> GetStoresAsync(string instanceId, bool includeSize, CancellationToken cancellationToken);

    /// <summary>The system administrators.</summary>
    /// <param name="mfaField">
    /// The name of the field that tells whether MFA is on; not documented by the vendor, so it is configured.
    /// </param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IReadOnlyList<SystemAdministrator>> GetSystemAdministratorsAsync(string mfaField, CancellationToken cancellationToken);

    /// <summary>
    /// Switches MFA off for an administrator. <see cref="ManagementApiFailure.FunctionMissing"/> when this server leaves that to a person.
    /// </summary>
    Task DeactivateMfaAsync(string userName, CancellationToken cancellationToken);

    /// <summary>The SMTP configuration of the system; its password is always null.</summary>
    Task<JsonObject> GetSystemSmtpConfigurationAsync(CancellationToken cancellationToken);

    /// <summary>Replaces the SMTP configuration of the system.</summary>
    Task SetSystemSmtpConfigurationAsync(JsonObject configuration, CancellationToken cancellationToken);

    /// <summary>Has the server send a test mail.</summary>
    Task TestSystemSmtpConfigurationAsync(CancellationToken cancellationToken);

    /// <summary>The sub-directories of a directory on an Instance Host, or its roots; proves that the host is reachable.</summary>
    Task<IReadOnlyList<string>> GetDirectoriesOnInstanceHostAsync(string serverName, string? path, CancellationToken cancellationToken);
}
