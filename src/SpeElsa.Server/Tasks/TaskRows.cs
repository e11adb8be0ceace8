namespace SpeElsa.Server.Tasks;

/// <summary>Whether a task waits. The names are a stored format.</summary>
internal enum TaskState
{
    /// <summary>It waits for a person.</summary>
    Open,

    /// <summary>It was answered, or its move ended.</summary>
    Closed,
}

/// <summary>A task as the inbox has it. What is asked is copied from the engine, which decides; who looks after it is kept here only.</summary>
internal sealed class TaskRow
{
    public required string Id { get; init; }

    public required string MoveId { get; init; }

    public required string Kind { get; init; }

    public required string Role { get; init; }

    /// <summary>What is asked, JSON: a HumanTaskStimulus.</summary>
    public required string Asked { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    public TaskState State { get; set; }

    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>Who answered; null where the move ended before.</summary>
    public string? ClosedBy { get; set; }

    public string? Outcome { get; set; }

    /// <summary>Whom it was given to: an account, or a name that a key spoke for.</summary>
    public string? AssignedId { get; set; }

    public string? AssignedTo { get; set; }

    /// <summary>Who has taken it, until <see cref="ClaimedUntil"/>.</summary>
    public string? ClaimedId { get; set; }

    public string? ClaimedBy { get; set; }

    public DateTimeOffset? ClaimedUntil { get; set; }

    /// <summary>How often people were reminded, and how far up it has been passed.</summary>
    public int Reminders { get; set; }

    public int Escalations { get; set; }

    /// <summary>When there is something to remind of; null: never.</summary>
    public DateTimeOffset? NudgeAt { get; set; }

    /// <summary>Grows with each change; who changes an older one is told.</summary>
    public int Version { get; set; }
}

/// <summary>Something that happened to a task.</summary>
internal sealed class TaskNoteRow
{
    public long Id { get; init; }

    public required string TaskId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Who did it; null: the server.</summary>
    public string? By { get; init; }

    /// <summary>One of <see cref="TaskNotes"/>.</summary>
    public required string Kind { get; init; }

    public string? Text { get; init; }
}

/// <summary>A file that belongs to a task. The content lies in the data folder, under its hash.</summary>
internal sealed class TaskFileRow
{
    public required string Id { get; init; }

    public required string TaskId { get; init; }

    public required string Name { get; init; }

    public required string Type { get; init; }

    public required long Bytes { get; init; }

    /// <summary>SHA-256 of the content, lower-case hex.</summary>
    public required string Digest { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string By { get; init; }
}

/// <summary>The kinds of notes. They are a stored format.</summary>
internal static class TaskNotes
{
    public const string Claimed = "claimed";
    public const string TakenOver = "takenOver";
    public const string Released = "released";
    public const string Assigned = "assigned";
    public const string SentBack = "sentBack";
    public const string Commented = "commented";
    public const string File = "file";
    public const string Linked = "linked";
    public const string Answered = "answered";
    public const string Reminded = "reminded";
    public const string Escalated = "escalated";
}
