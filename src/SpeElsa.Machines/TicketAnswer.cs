using System.Text.Json;
using System.Text.Json.Serialization;

namespace SpeElsa.Machines;

/// <summary>What the ticket scripts answer. The parts that were stored as JSON come as text, as they were stored.</summary>
internal sealed record TicketAnswer(
    [property: JsonPropertyName("ticket")] string Ticket,
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("lastSequence")] long LastSequence,
    [property: JsonPropertyName("log")] IReadOnlyList<string> Log,
    [property: JsonPropertyName("progress")] string? Progress,
    [property: JsonPropertyName("end")] string? End)
{
    public TicketStatus ToStatus()
    {
        var end = End is null ? null : JsonSerializer.Deserialize<TicketEnd>(End);
        return new TicketStatus(
            Ticket,
            end is null ? ToState(State) : ToState(end.State),
            [.. Log.Select(text => JsonSerializer.Deserialize<LogLine>(text)!.ToEntry())],
            LastSequence,
            Progress is null ? null : JsonSerializer.Deserialize<ProgressLine>(Progress)!.ToProgress(),
            end?.State == "succeeded" ? end.Result : null,
            end?.Error);
    }

    private static TicketState ToState(string state) => state switch
    {
        "running" => TicketState.Running,
        "succeeded" => TicketState.Succeeded,
        "failed" => TicketState.Failed,
        "cancelled" => TicketState.Cancelled,
        "abandoned" => TicketState.Abandoned,
        "unknown" => TicketState.Unknown,
        _ => throw new JsonException($"'{state}' is not a ticket state."),
    };

    private sealed record TicketEnd(
        [property: JsonPropertyName("state")] string State,
        [property: JsonPropertyName("result")] JsonElement? Result,
        [property: JsonPropertyName("error")] ScriptError? Error);

    private sealed record LogLine(
        [property: JsonPropertyName("sequence")] long Sequence,
        [property: JsonPropertyName("timestamp")] DateTimeOffset Timestamp,
        [property: JsonPropertyName("level")] string Level,
        [property: JsonPropertyName("message")] string Message)
    {
        public TicketLogEntry ToEntry() => new(Sequence, Timestamp, Level, Message);
    }

    private sealed record ProgressLine(
        [property: JsonPropertyName("bytesDone")] long BytesDone,
        [property: JsonPropertyName("bytesTotal")] long BytesTotal,
        [property: JsonPropertyName("filesDone")] long FilesDone,
        [property: JsonPropertyName("filesTotal")] long FilesTotal,
        [property: JsonPropertyName("bytesPerSecond")] double BytesPerSecond,
        [property: JsonPropertyName("activity")] string? Activity)
    {
        public TicketProgress ToProgress() =>
            new(BytesDone, BytesTotal, FilesDone, FilesTotal, BytesPerSecond, string.IsNullOrEmpty(Activity) ? null : Activity);
    }
}
