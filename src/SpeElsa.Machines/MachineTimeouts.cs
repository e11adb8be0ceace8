namespace SpeElsa.Machines;

/// <summary>Every time limit of a conversation with a machine, and how they must relate.</summary>
public sealed record MachineTimeouts
{
    /// <summary>The defaults.</summary>
    public static MachineTimeouts Standard { get; } = new();

    /// <summary>
    /// How long <see cref="IMachine.InvokeAsync"/> waits for a script. Longer than any <c>timeoutSeconds</c> that a caller puts into an
    /// input, so that the script's own answer comes first.
    /// </summary>
    public TimeSpan Invocation { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long a ticket verb may take. Longer than <see cref="TicketBegin"/> and <see cref="CancelGrace"/>, each with 60 s to spare.
    /// </summary>
    public TimeSpan TicketVerb { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>How long a start waits for the task to begin its script. A busy server takes its time to bring up a PowerShell.</summary>
    public TimeSpan TicketBegin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a script that is asked to stop has before its task is ended. It looks once a second.</summary>
    public TimeSpan CancelGrace { get; init; } = TimeSpan.FromSeconds(10);
}
