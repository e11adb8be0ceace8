using System.Text.Json.Serialization;
using SpeElsa.Lab;

namespace SpeElsa.Server.Moves.Rehearsals;

/// <summary>What the copies of a rehearsal are made from. It is stored with them, since they are opened again with it after a restart.</summary>
internal sealed record CopyOrder
{
    [JsonPropertyName("domain")]
    public required string Domain { get; init; }

    [JsonPropertyName("version")]
    public required string Version { get; init; }

    [JsonPropertyName("installDirectory")]
    public required string InstallDirectory { get; init; }

    [JsonPropertyName("managementServerService")]
    public required string ManagementServerService { get; init; }

    [JsonPropertyName("instanceHostService")]
    public required string InstanceHostService { get; init; }

    [JsonPropertyName("clientAccessServerService")]
    public required string ClientAccessServerService { get; init; }

    /// <summary>What the Management API of the original does not have.</summary>
    [JsonPropertyName("missingFunctions")]
    public required IReadOnlyList<string> MissingFunctions { get; init; }

    [JsonPropertyName("copy")]
    public required LabCopy Copy { get; init; }

    public LabProductOptions ToOptions() => new()
    {
        Copy = Copy,
        Version = Version,
        MissingFunctions = MissingFunctions,
        Names = new LabProductNames
        {
            InstallDirectory = InstallDirectory,
            ManagementServerService = ManagementServerService,
            InstanceHostService = InstanceHostService,
            ClientAccessServerService = ClientAccessServerService,
        },
    };
}
