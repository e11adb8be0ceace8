using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SpeElsa.Lab.Windows;

/// <summary>
/// The registry, certificate stores and task scheduler of one server, stored as one file so that a change and its effect never part.
/// </summary>
internal sealed class ServerState
{
    public const int CurrentFormat = 1;

    [JsonPropertyName("format")]
    public int Format { get; set; } = CurrentFormat;

    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    /// <summary>Null until the computer is renamed.</summary>
    [JsonPropertyName("computerName")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ComputerName { get; set; }

    [JsonPropertyName("diskBytes")]
    public long DiskBytes { get; set; }

    [JsonPropertyName("bootedAt")]
    public DateTimeOffset BootedAt { get; set; }

    [JsonPropertyName("services")]
    public List<LabService> Services { get; set; } = [];

    [JsonPropertyName("certificates")]
    public Dictionary<string, List<LabCertificate>> Certificates { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    [JsonPropertyName("tasks")]
    public List<TaskDefinition> Tasks { get; set; } = [];

    [JsonPropertyName("windows")]
    public WindowsState Windows { get; set; } = new();

    [JsonPropertyName("effects")]
    public List<LabEffect> Effects { get; set; } = [];

    [JsonPropertyName("state")]
    public JsonObject Product { get; set; } = [];

    public List<LabCertificate> Store(string name)
    {
        // The reader of the file knows no comparer, so the search is done by hand.
        foreach (var (key, certificates) in Certificates)
        {
            if (string.Equals(key, name, StringComparison.OrdinalIgnoreCase))
            {
                return certificates;
            }
        }

        return Certificates[name] = [];
    }

    public bool HasStore(string name) =>
        Certificates.Keys.Any(key => string.Equals(key, name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A registered scheduled task. Whether it runs is not stored: after a restart none does.</summary>
internal sealed record TaskDefinition(
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("execute")] string Execute,
    [property: JsonPropertyName("arguments")] string Arguments,
    [property: JsonPropertyName("userId")] string UserId);
