using System.Collections.Concurrent;

namespace SpeElsa.MailStore;

/// <summary>
/// What the servers can do, read once for each server and version: a server that was updated is asked anew. One for the process; safe for
/// concurrent use.
/// </summary>
public sealed class ManagementApiMetadataCache
{
    private readonly ConcurrentDictionary<(string Server, string Version), ManagementApiMetadata> _known = new();

    /// <summary>The metadata of a server in the version that it has now.</summary>
    /// <param name="server">What tells the server from others, such as its machine's name.</param>
    /// <param name="api">The way to it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The metadata; one short call when they are known, two when not.</returns>
    /// <exception cref="ManagementApiException">The server does not answer; nothing is remembered then.</exception>
    public async Task<ManagementApiMetadata> GetAsync(string server, IManagementApi api, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(api);
        var version = (await api.GetEnvironmentInfoAsync(cancellationToken)).Version;
        if (_known.TryGetValue((server, version), out var known))
            return known;
        return _known[(server, version)] = await api.GetMetadataAsync(cancellationToken);
    }
}
