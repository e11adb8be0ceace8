namespace SpeElsa.Server.Audit;

/// <summary>Something that somebody did, or tried to do.</summary>
internal sealed class AuditRow
{
    public long Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The name of the account or key; null for somebody who had not signed in.</summary>
    public string? Actor { get; init; }

    /// <summary>The account, which stays when it is renamed; null for a key.</summary>
    public string? Account { get; init; }

    /// <summary>From where.</summary>
    public string? Address { get; init; }

    public required string Method { get; init; }

    /// <summary>What it was done to: the path, without what stands after a question mark.</summary>
    public required string Path { get; init; }

    /// <summary>What came of it: the HTTP status. 2xx was done, 4xx was refused.</summary>
    public required int Status { get; init; }
}
