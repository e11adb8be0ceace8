namespace SpeElsa.MailStore;

/// <summary>Every time limit of the client, and how they relate.</summary>
public sealed record ManagementApiTimeouts
{
    /// <summary>TCP and TLS set-up of one connection. Default 10 s: a server that is down is noticed quickly.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// One request and its whole answer. Default 2 min, because the server decides itself what it does synchronously. Longer than
    /// <see cref="Connect"/>.
    /// </summary>
    public TimeSpan Request { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long the server may hold one <c>get-status</c> (<c>millisecondsTimeout</c>). Default 5 s, well below <see cref="Request"/>.
    /// </summary>
    public TimeSpan StatusWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Least time between two <c>get-status</c> calls, for a server that answers at once. Default 250 ms.</summary>
    public TimeSpan StatusInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>One long-running call from its token to its final answer. Default 2 h. The server's work goes on after it.</summary>
    public TimeSpan Operation { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How many <c>get-status</c> calls in a row may fail to reach the server before the wait is given up. Default 5.</summary>
    public int UnreachableStatusCalls { get; init; } = 5;
}
