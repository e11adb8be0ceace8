using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using SpeElsa.Server.Access;
using SpeElsa.Server.Moves.Windows;

namespace SpeElsa.Server.Moves;

/// <summary>What to move.</summary>
/// <param name="Scenario">The procedure, such as single-server-move.</param>
/// <param name="Plan">Its inputs: source and target machine, and options.</param>
/// <param name="Name">A name for people; made from the plan where it is left out.</param>
/// <param name="Window">The maintenance window; left out: none.</param>
public sealed record StartMoveRequest(
    [property: Description("The procedure, such as single-server-move"), MaxLength(RequestTexts.LongestName)] string? Scenario,
    [property: Description("Its inputs: source and target machine, and options")] IReadOnlyDictionary<string, JsonElement>? Plan,
    [property: Description("A name for people"), MaxLength(RequestTexts.LongestName)] string? Name = null,
    [property: Description("The maintenance window")] WindowRequest? Window = null);

/// <summary>A move has been accepted. The same idempotency key gets the same answer.</summary>
/// <param name="Id">The move.</param>
/// <param name="Scenario">The procedure.</param>
/// <param name="DefinitionVersion">The version of the procedure it is bound to.</param>
/// <param name="Name">Its name.</param>
/// <param name="AcceptedAt">When it was stored.</param>
public sealed record MoveReceipt(string Id, string Scenario, int DefinitionVersion, string Name, DateTimeOffset AcceptedAt);

/// <summary>Ends a move as it stands.</summary>
/// <param name="RequestedBy">Who ends it.</param>
/// <param name="Reason">Why.</param>
public sealed record CancelMoveRequest(
    [property: Description("Who ends it"), MaxLength(RequestTexts.LongestName)] string? RequestedBy,
    [property: Description("Why")] string? Reason);

/// <summary>A page of a list.</summary>
/// <param name="Items">The rows.</param>
/// <param name="Total">How many there are in all.</param>
/// <param name="Page">Which page, from 1.</param>
/// <param name="PageSize">How many rows a page has.</param>
public sealed record PagedList<T>(IReadOnlyList<T> Items, int Total, [property: Description("From 1")] int Page, int PageSize);

/// <summary>A move in a list.</summary>
public sealed record MoveSummary
{
    /// <summary>The move.</summary>
    public required string Id { get; init; }

    /// <summary>The procedure.</summary>
    public required string Scenario { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>running, waiting, paused, finished, aborted, failed or set-aside.</summary>
    public required string Status { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>For an undo: the move that it undoes.</summary>
    public string? Undoes { get; init; }

    /// <summary>For a rehearsal, and the undo of one: the plan. It works on copies in the lab only.</summary>
    public string? Rehearses { get; init; }
}

/// <summary>A move with its steps.</summary>
public sealed record MoveView
{
    /// <summary>The move.</summary>
    public required string Id { get; init; }

    /// <summary>The procedure.</summary>
    public required string Scenario { get; init; }

    /// <summary>The version of the procedure it is bound to.</summary>
    public required int DefinitionVersion { get; init; }

    /// <summary>The content hash of that version.</summary>
    public required string DefinitionHash { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>running, waiting, paused, finished, aborted, failed or set-aside.</summary>
    public required string Status { get; init; }

    /// <summary>In words: what goes on, or what it waits for.</summary>
    public required string StatusText { get; init; }

    /// <summary>What was planned.</summary>
    public required IReadOnlyDictionary<string, object?> Plan { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>For an undo: the move that it undoes.</summary>
    public string? Undoes { get; init; }

    /// <summary>For a rehearsal, and the undo of one: the plan. It works on copies in the lab only.</summary>
    public string? Rehearses { get; init; }

    /// <summary>The undo that was started for it.</summary>
    public string? UndoneBy { get; init; }

    /// <summary>The step that runs or waits, by its name; null when the move has ended.</summary>
    public string? CurrentStep { get; init; }

    /// <summary>How many steps of the procedure are done.</summary>
    public required int StepsDone { get; init; }

    /// <summary>How many steps the procedure has.</summary>
    public required int StepsInAll { get; init; }

    /// <summary>How long users have been without service.</summary>
    public required DowntimeView Downtime { get; init; }

    /// <summary>How it stands in its maintenance window; null where it has none.</summary>
    public WindowView? Window { get; init; }

    /// <summary>Who has paused it; null where nobody has.</summary>
    public PauseView? Pause { get; init; }

    /// <summary>Ids of the tasks that wait for a person.</summary>
    public required IReadOnlyList<string> OpenTasks { get; init; }

    /// <summary>What went wrong.</summary>
    public required IReadOnlyList<string> Incidents { get; init; }

    /// <summary>The steps so far, in the order they began.</summary>
    public required IReadOnlyList<StepView> Steps { get; init; }
}

/// <summary>The downtime clock.</summary>
/// <param name="StartedAt">When the first service of the old server was stopped; null before.</param>
/// <param name="EndedAt">When all roles answered on the new server; null before.</param>
/// <param name="SoFar">The time between, or until now.</param>
/// <param name="Clocks">One for each role, and each instance that moves by itself, that has been stopped: from its stop to its first good answer.</param>
public sealed record DowntimeView(DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, TimeSpan SoFar, IReadOnlyList<DowntimeClock> Clocks);

/// <summary>The downtime of a role or an instance.</summary>
/// <param name="Role">managementServer, instanceHost or clientAccessServer; null for an instance.</param>
/// <param name="Instance">The instance; null for a role.</param>
/// <param name="StartedAt">When it was stopped.</param>
/// <param name="EndedAt">When it answered again; null before.</param>
/// <param name="SoFar">The time between, or until now.</param>
public sealed record DowntimeClock(string? Role, string? Instance, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, TimeSpan SoFar);

/// <summary>One execution of a step.</summary>
public sealed record StepView
{
    /// <summary>The execution.</summary>
    public required string Id { get; init; }

    /// <summary>The step in the definition.</summary>
    public required string ActivityId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its type.</summary>
    public required string Type { get; init; }

    /// <summary>running, waiting, done, failed or canceled.</summary>
    public required string Status { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>How often it was entered; more than once means that it waited, or was cut off and looked again.</summary>
    public required int Attempts { get; init; }

    /// <summary>With what it ended.</summary>
    public IReadOnlyList<string> Outcomes { get; init; } = [];

    /// <summary>The last thing it said.</summary>
    public string? Message { get; init; }

    /// <summary>How far long work is.</summary>
    public object? Progress { get; init; }

    /// <summary>What it observed and did, in order.</summary>
    public required IReadOnlyList<EvidenceView> Evidence { get; init; }
}

/// <summary>Something a step observed or did.</summary>
/// <param name="Sequence">The journal row that says so.</param>
/// <param name="At">When.</param>
/// <param name="What">Observed, Acted, TaskOpened, TaskCompleted, Decided …</param>
/// <param name="Message">In words.</param>
/// <param name="Facts">The facts.</param>
public sealed record EvidenceView(long Sequence, DateTimeOffset At, string What, string? Message, JsonElement? Facts);

/// <summary>A journal row.</summary>
/// <param name="Sequence">Its place, from 1.</param>
/// <param name="At">When.</param>
/// <param name="Event">What happened.</param>
/// <param name="ActivityId">To which step.</param>
/// <param name="ActivityInstanceId">To which execution of it.</param>
/// <param name="Role">intent, result, or none.</param>
/// <param name="Attempt">Which entry of the execution; 0 where that means nothing.</param>
/// <param name="Message">In words.</param>
/// <param name="Facts">The facts.</param>
/// <param name="Hash">SHA-256 over the hash of the row before and this row.</param>
public sealed record JournalView(
    long Sequence,
    DateTimeOffset At,
    string Event,
    string ActivityId,
    string ActivityInstanceId,
    string Role,
    int Attempt,
    string? Message,
    JsonElement? Facts,
    string Hash);
