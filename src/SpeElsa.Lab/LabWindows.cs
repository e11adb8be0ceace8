using System.Text.Json.Serialization;

namespace SpeElsa.Lab;

/// <summary>An inbound rule of a simulated server's firewall.</summary>
/// <param name="Name">Its key name.</param>
/// <param name="DisplayName">The name that the firewall console shows.</param>
/// <param name="Port">A port, a range such as <c>8470-8474</c>, or <c>Any</c>.</param>
/// <param name="Enabled">Whether it counts.</param>
public sealed record LabFirewallRule(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("displayName")] string DisplayName,
    [property: JsonPropertyName("port")] string Port,
    [property: JsonPropertyName("enabled")] bool Enabled = true);

/// <summary>A snapshot (VSS) of a simulated server's drive. It says that one was made; its files cannot be read.</summary>
/// <param name="Id">Its id, in braces.</param>
/// <param name="Drive">The drive, e.g. <c>C:\</c>.</param>
/// <param name="Created">When it was made.</param>
public sealed record LabSnapshot(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("drive")] string Drive,
    [property: JsonPropertyName("created")] DateTimeOffset Created);

/// <summary>A program that has a file of a simulated server open for itself alone; disposing closes the file.</summary>
public sealed class LabFileLock : IDisposable
{
    private readonly FileStream _stream;
    private readonly Action _released;

    internal LabFileLock(FileStream stream, Action released) => (_stream, _released) = (stream, released);

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _released();
        _stream.Dispose();
    }
}
