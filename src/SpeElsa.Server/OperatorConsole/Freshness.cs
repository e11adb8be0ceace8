namespace SpeElsa.Server.OperatorConsole;

/// <summary>Whether what a reader sees could be read anew, for the frame of the page, which tells when it could not. One for each open page.</summary>
internal sealed class Freshness(TimeProvider time)
{
    private DateTimeOffset _readAt;

    /// <summary>Of when it is what the page shows, if that can not be read anew; null when all is well.</summary>
    public DateTimeOffset? OldSince { get; private set; }

    /// <summary>Is told when that has changed.</summary>
    public event Action? Changed;

    /// <summary>Notes that it was read.</summary>
    public void NoteRead()
    {
        _readAt = time.GetUtcNow();
        if (OldSince is not null)
        {
            OldSince = null;
            Changed?.Invoke();
        }
    }

    /// <summary>Notes that it could not be read.</summary>
    public void NoteFailure()
    {
        if (OldSince is null)
        {
            OldSince = _readAt;
            Changed?.Invoke();
        }
    }
}
