using System.ComponentModel;

namespace SpeElsa.Server.Moves.Rehearsals;

/// <summary>Rehearses a plan.</summary>
/// <param name="AnswerTasks">Whether a stand-in does on the copies what the tasks ask for, and answers them. False: people do.</param>
/// <param name="Faults">How many faults of the lab are to hit it.</param>
/// <param name="Seed">The same seed makes the same faults.</param>
public sealed record RehearsePlanRequest(
    [property: Description("Whether a stand-in does on the copies what the tasks ask for, and answers them; otherwise people do, with the calls of the lab")] bool AnswerTasks = true,
    [property: Description("How many faults of the lab are to hit it, at most 50")] int Faults = 0,
    [property: Description("The same seed makes the same faults")] int Seed = 0);

/// <summary>The last rehearsal of a plan.</summary>
public sealed record RehearsalView
{
    /// <summary>The move on the copies: GET /api/moves/{id}.</summary>
    public required string Id { get; init; }

    /// <summary>preparing, running, waiting, finished, aborted, failed or set-aside.</summary>
    public required string Status { get; init; }

    /// <summary>Who wanted it.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>When it was begun.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When it ended; null before.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Whether a stand-in answers its tasks.</summary>
    public required bool AnswerTasks { get; init; }

    /// <summary>The copies by their names, with the machine that each is a copy of; null where that is none of this server's.</summary>
    public required IReadOnlyDictionary<string, string?> Machines { get; init; }

    /// <summary>Whether the copies are still there.</summary>
    public required bool HasCopies { get; init; }

    /// <summary>How long its move took or has taken, with nobody to wait for; null before it began.</summary>
    public double? Minutes { get; init; }

    /// <summary>The steps so far. In lists there are none.</summary>
    public required IReadOnlyList<RehearsedStep> Steps { get; init; }

    /// <summary>What a person was asked, with what had been found, and what failed. In lists there is nothing.</summary>
    public required IReadOnlyList<RehearsalEvent> CameUp { get; init; }

    /// <summary>What is not as on the real machines, and why it ended otherwise than it should.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>A step of a rehearsal.</summary>
/// <param name="ActivityId">The step in the definition.</param>
/// <param name="Name">Its name.</param>
/// <param name="Status">running, waiting, done, failed or canceled.</param>
/// <param name="Minutes">How long it took; null while it goes on.</param>
public sealed record RehearsedStep(string ActivityId, string Name, string Status, double? Minutes);

/// <summary>Something that came up in a rehearsal.</summary>
/// <param name="At">When.</param>
/// <param name="Step">At which step.</param>
/// <param name="Kind">decision: a step could not go on by itself; task: a person was asked; fault: something failed, and the step went on by itself or asked; failure: it ended the move.</param>
/// <param name="What">What was found; null where nothing had been looked at.</param>
/// <param name="Answer">What was answered and by whom; null while it waits, and where nobody was asked.</param>
public sealed record RehearsalEvent(DateTimeOffset At, string Step, string Kind, string? What, string? Answer);
