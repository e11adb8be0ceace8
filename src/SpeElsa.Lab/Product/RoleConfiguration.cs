using System.Text.Json;
using System.Text.Json.Serialization;
using SpeElsa.Lab.Windows;

namespace SpeElsa.Lab;

/// <summary>What a role knows of itself and of the Management Server it belongs to; a file in the configuration directory.</summary>
internal sealed record RoleConfiguration
{
    [JsonPropertyName("serverName")]
    public required string ServerName { get; init; }

    [JsonPropertyName("port")]
    public int Port { get; init; }

    /// <summary>The certificate the role shows to the other roles.</summary>
    [JsonPropertyName("serverCertificateThumbprint")]
    public required string Thumbprint { get; init; }

    /// <summary>Further certificates without which the role does not work: of a Client Access Server Http, then Imap.</summary>
    [JsonPropertyName("otherCertificateThumbprints")]
    public IReadOnlyList<string> OtherThumbprints { get; init; } = [];

    /// <summary>
    /// Where the Management Server is; <c>localhost</c> in single server mode, which is why a copied directory works elsewhere; empty until
    /// the role is paired.
    /// </summary>
    [JsonPropertyName("managementServer")]
    public string ManagementServer { get; init; } = "localhost";

    [JsonPropertyName("managementServerThumbprint")]
    public string ManagementServerThumbprint { get; init; } = "";

    [JsonIgnore]
    public string? HttpThumbprint => OtherThumbprints.ElementAtOrDefault(0);

    [JsonIgnore]
    public string? ImapThumbprint => OtherThumbprints.ElementAtOrDefault(1);

    public static RoleConfiguration? TryRead(LabServer server, LabProductNames names, ProductRole role)
    {
        try
        {
            return AtomicFile.Read<RoleConfiguration>(server.ToLocalPath(names.RoleConfigurationPath(role)));
        }
        catch (Exception exception) when (exception is IOException or JsonException or InvalidDataException)
        {
            // Not there, half copied, or edited to pieces: the role then has no configuration.
            return null;
        }
    }

    public void Write(LabServer server, LabProductNames names, ProductRole role) =>
        AtomicFile.Write(server.ToLocalPath(names.RoleConfigurationPath(role)), this);
}
