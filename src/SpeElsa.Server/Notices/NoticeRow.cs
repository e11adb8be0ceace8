namespace SpeElsa.Server.Notices;

/// <summary>Something that one recipient is told, as it is stored until he has been. It goes out at least once, always under the same id.</summary>
internal sealed class NoticeRow
{
    /// <summary>Made of what happened and who is told, so that it is stored once.</summary>
    public required string Id { get; init; }

    /// <summary>mail or webhook.</summary>
    public required string Channel { get; init; }

    /// <summary>The account, or the name of the webhook.</summary>
    public required string Recipient { get; init; }

    /// <summary>What happened, JSON: a <see cref="Notice"/>.</summary>
    public required string Content { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is tried next; null when it has been told, or nobody tries any more.</summary>
    public DateTimeOffset? NextAt { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset? SentAt { get; set; }

    public string? Error { get; set; }
}

/// <summary>What happened, as it is told.</summary>
/// <param name="Id">The same for every try: who has seen it need not look again.</param>
/// <param name="Event">One of <see cref="NoticeEvents"/>.</param>
/// <param name="At">When it happened.</param>
/// <param name="Title">In a few words.</param>
/// <param name="Text">What there is to know, and to do.</param>
/// <param name="MoveId">The move.</param>
/// <param name="TaskId">The task.</param>
/// <param name="Role">Whom the task is for.</param>
/// <param name="DueAt">When it is due.</param>
/// <param name="Url">Where to look.</param>
public sealed record Notice(string Id, string Event, DateTimeOffset At, string Title, string Text, string? MoveId, string? TaskId, string? Role, DateTimeOffset? DueAt, string? Url);
