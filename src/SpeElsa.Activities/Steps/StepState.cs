using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SpeElsa.Activities;

/// <summary>How far a step has come.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StepPhase>))]
internal enum StepPhase
{
    /// <summary>It has not acted, as far as is known: what the world shows decides.</summary>
    Observing,

    /// <summary>Its tickets run.</summary>
    Working,

    /// <summary>It has acted; only what the world shows now can make it done.</summary>
    Acted,

    /// <summary>It is done; what its tickets left on the machines is removed.</summary>
    Closing,
}

/// <summary>What a step keeps between two looks, stored as one text with the instance.</summary>
internal sealed class StepState
{
    [JsonPropertyName("phase")]
    public StepPhase Phase { get; set; }

    /// <summary>Transient errors in a row.</summary>
    [JsonPropertyName("retries")]
    public int Retries { get; set; }

    /// <summary>How often a ticket was lost or failed for a passing reason.</summary>
    [JsonPropertyName("failures")]
    public int Failures { get; set; }

    [JsonPropertyName("polls")]
    public int Polls { get; set; }

    /// <summary>How long it has waited for its act to show.</summary>
    [JsonPropertyName("waited")]
    public TimeSpan Waited { get; set; }

    /// <summary>The last observation that was journaled, so that looking again and again does not fill the journal.</summary>
    [JsonPropertyName("observed")]
    public string? Observed { get; set; }

    [JsonPropertyName("tickets")]
    public List<TicketItem> Tickets { get; set; } = [];

    /// <summary>Long calls of the Management API that had not ended when they were looked at last.</summary>
    [JsonPropertyName("calls")]
    public List<CallItem> Calls { get; set; } = [];

    [JsonPropertyName("closing")]
    public ClosingState? Closing { get; set; }

    /// <summary>The entry that stored this. If another than the next finds it, one in between was cut off before it could store anything.</summary>
    [JsonPropertyName("entry")]
    public int Entry { get; set; }

    /// <summary>Whether a person has said that what can be done once only may be done again.</summary>
    [JsonPropertyName("mayRepeat")]
    public bool MayRepeat { get; set; }

    /// <summary>Whether a script that ran without a ticket may have run with nobody knowing what came of it.</summary>
    [JsonPropertyName("unclear")]
    public bool IsUnclear { get; set; }

    /// <summary>What a script that ran without a ticket gave.</summary>
    [JsonPropertyName("result")]
    public JsonElement? Result { get; set; }
}

/// <summary>How a step ends, kept until its tickets are removed.</summary>
internal sealed class ClosingState
{
    [JsonPropertyName("outcome")]
    public string Outcome { get; set; } = HumanTasks.DoneOutcome;

    [JsonPropertyName("finding")]
    public string? Finding { get; set; }

    [JsonPropertyName("evidence")]
    public JsonElement? Evidence { get; set; }

    /// <summary>Why it passed without having seen what it looks for; null when it has.</summary>
    [JsonPropertyName("unproven")]
    public string? Unproven { get; set; }
}

/// <summary>A work and its ticket.</summary>
internal sealed class TicketItem
{
    [JsonPropertyName("key")]
    public required string Key { get; set; }

    [JsonPropertyName("machine")]
    public required string Machine { get; set; }

    [JsonPropertyName("script")]
    public required string Script { get; set; }

    [JsonPropertyName("input")]
    public required JsonObject Input { get; set; }

    /// <summary>How many tickets this work has had; the last is the one that counts. 0: not started.</summary>
    [JsonPropertyName("number")]
    public int Number { get; set; }

    [JsonPropertyName("running")]
    public bool IsRunning { get; set; }

    /// <summary>When the last ticket was started.</summary>
    [JsonPropertyName("startedAt")]
    public DateTimeOffset StartedAt { get; set; }

    [JsonPropertyName("sequence")]
    public long LastSequence { get; set; }

    [JsonPropertyName("bytesDone")]
    public long BytesDone { get; set; }

    [JsonPropertyName("bytesTotal")]
    public long BytesTotal { get; set; }

    [JsonPropertyName("filesDone")]
    public long FilesDone { get; set; }

    [JsonPropertyName("filesTotal")]
    public long FilesTotal { get; set; }

    [JsonPropertyName("rate")]
    public double BytesPerSecond { get; set; }

    [JsonPropertyName("activity")]
    public string? Activity { get; set; }

    [JsonPropertyName("result")]
    public JsonElement? Result { get; set; }

    [JsonIgnore]
    public bool IsDone => Result is not null;
}

/// <summary>A long call of the Management API, so that it is asked for again after a restart of ours.</summary>
internal sealed class CallItem
{
    /// <summary>What it is for, for the journal.</summary>
    [JsonPropertyName("key")]
    public required string Key { get; set; }

    /// <summary>Whose Management Server knows the token.</summary>
    [JsonPropertyName("machine")]
    public required string Machine { get; set; }

    [JsonPropertyName("function")]
    public required string Function { get; set; }

    [JsonPropertyName("token")]
    public required string Token { get; set; }

    [JsonPropertyName("statusVersion")]
    public long StatusVersion { get; set; }
}
