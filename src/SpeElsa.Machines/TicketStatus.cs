using System.Text.Json;

namespace SpeElsa.Machines;

/// <summary>How a ticket stands on its machine.</summary>
/// <param name="Ticket">The ticket.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="Log">The entries after the one that was asked for, oldest first.</param>
/// <param name="LastSequence">The sequence number of the last entry there is; ask with it next time.</param>
/// <param name="Progress">How far a copy or a count has come; null while it has not said.</param>
/// <param name="Result">The script's result object once it succeeded.</param>
/// <param name="Error">What went wrong once it failed.</param>
public sealed record TicketStatus(
    string Ticket,
    TicketState State,
    IReadOnlyList<TicketLogEntry> Log,
    long LastSequence,
    TicketProgress? Progress,
    JsonElement? Result,
    ScriptError? Error)
{
    /// <summary>Whether waiting longer can change the state.</summary>
    public bool IsFinal => State is not (TicketState.Running or TicketState.Unknown);
}

/// <summary>Where a ticket is in its life.</summary>
public enum TicketState
{
    /// <summary>The machine has no such ticket, or nothing of it has run: it may be started.</summary>
    Unknown,

    /// <summary>The script runs, or is about to.</summary>
    Running,

    /// <summary>The script ran to its end.</summary>
    Succeeded,

    /// <summary>The script ended with an error.</summary>
    Failed,

    /// <summary>The script was stopped because somebody asked for it.</summary>
    Cancelled,

    /// <summary>
    /// The script began, never ended and does not run: the machine was restarted, or the script was killed. What it did is open.
    /// </summary>
    Abandoned,
}

/// <summary>A line that a script logged.</summary>
/// <param name="Sequence">Its place in the ticket's log, from 1.</param>
/// <param name="Timestamp">When, by the machine's clock.</param>
/// <param name="Level"><c>information</c> or <c>warning</c>.</param>
/// <param name="Message">The text.</param>
public sealed record TicketLogEntry(long Sequence, DateTimeOffset Timestamp, string Level, string Message);

/// <summary>How far a script has come.</summary>
/// <param name="BytesDone">Bytes finished.</param>
/// <param name="BytesTotal">Bytes there are; 0 while unknown.</param>
/// <param name="FilesDone">Files finished.</param>
/// <param name="FilesTotal">Files there are; 0 while unknown.</param>
/// <param name="BytesPerSecond">The rate since the script began.</param>
/// <param name="Activity">What it is at, e.g. the file's path.</param>
public sealed record TicketProgress(
    long BytesDone, long BytesTotal, long FilesDone, long FilesTotal, double BytesPerSecond, string? Activity);
