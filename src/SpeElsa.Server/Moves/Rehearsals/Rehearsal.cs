using System.Text.Json;
using System.Text.Json.Serialization;

namespace SpeElsa.Server.Moves.Rehearsals;

/// <summary>How far a rehearsal has come. The names are a stored format.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RehearsalStage>))]
internal enum RehearsalStage
{
    /// <summary>The machines are looked at and copied; begun again after a stop.</summary>
    Preparing,

    /// <summary>The move runs on the copies.</summary>
    Running,

    /// <summary>The move has ended, one way or the other.</summary>
    Ended,

    /// <summary>It did not come to a move.</summary>
    Failed,
}

/// <summary>The last rehearsal of a plan as it is stored.</summary>
internal sealed record Rehearsal
{
    [JsonPropertyName("planId")]
    public required string PlanId { get; init; }

    [JsonPropertyName("number")]
    public required int Number { get; init; }

    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("scenario")]
    public required string Scenario { get; init; }

    /// <summary>The role that moves by itself; empty where the whole server does.</summary>
    [JsonPropertyName("role")]
    public required string Role { get; init; }

    /// <summary>The inputs of the plan, with the names of the originals.</summary>
    [JsonPropertyName("inputs")]
    public required IReadOnlyDictionary<string, JsonElement> Inputs { get; init; }

    /// <summary>The same with the names of the copies; empty until there are any.</summary>
    [JsonPropertyName("copyInputs")]
    public IReadOnlyDictionary<string, JsonElement> CopyInputs { get; init; } = new Dictionary<string, JsonElement>();

    [JsonPropertyName("requestedBy")]
    public required string RequestedBy { get; init; }

    [JsonPropertyName("requestedAt")]
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>Whether the stand-in does and answers what is asked.</summary>
    [JsonPropertyName("answerTasks")]
    public required bool AnswerTasks { get; init; }

    /// <summary>How many faults are to hit it.</summary>
    [JsonPropertyName("faults")]
    public required int Faults { get; init; }

    /// <summary>The same seed makes the same faults.</summary>
    [JsonPropertyName("seed")]
    public required int Seed { get; init; }

    [JsonPropertyName("stage")]
    public RehearsalStage Stage { get; init; }

    /// <summary>The copies by their names, with the machine of the fleet that each is a copy of; null where there is none.</summary>
    [JsonPropertyName("machines")]
    public IReadOnlyDictionary<string, string?> Machines { get; init; } = new Dictionary<string, string?>();

    /// <summary>What whoever reads its outcome has to know.</summary>
    [JsonPropertyName("notes")]
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>When it ended.</summary>
    [JsonPropertyName("endedAt")]
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Whether there are copies.</summary>
    [JsonPropertyName("hasCopies")]
    public bool HasCopies { get; init; }

    /// <summary>The move.</summary>
    [JsonIgnore]
    public string Id => RehearsalId.Of(PlanId, Number);

    [JsonIgnore]
    public bool HasEnded => Stage is RehearsalStage.Ended or RehearsalStage.Failed;

    public Rehearsal Note(string note) => Notes.Contains(note, StringComparer.Ordinal) ? this : this with { Notes = [.. Notes, note] };
}
