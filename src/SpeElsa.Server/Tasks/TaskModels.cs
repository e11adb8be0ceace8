using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Activities;
using SpeElsa.Server.Access;

namespace SpeElsa.Server.Tasks;

/// <summary>Something a move waits for a person to do.</summary>
public sealed record TaskView
{
    /// <summary>The task.</summary>
    public required string Id { get; init; }

    /// <summary>The move.</summary>
    public required string MoveId { get; init; }

    /// <summary>For a task of a rehearsal: the plan. What it asks for is done on copies in the lab.</summary>
    public string? Rehearses { get; init; }

    /// <summary>The task's name within the procedure.</summary>
    public required string TaskName { get; init; }

    /// <summary>How often it has been asked, from 1: a check that does not find the thing done asks again.</summary>
    public required int Round { get; init; }

    /// <summary>task: something to do; decision: a step could not go on by itself; approval, confirmation: a second person agrees before a task, or looks after it.</summary>
    public required string Kind { get; init; }

    /// <summary>In a few words.</summary>
    public required string Title { get; init; }

    /// <summary>What to do, where, how.</summary>
    public required string Instructions { get; init; }

    /// <summary>What the last check found.</summary>
    public string? Finding { get; init; }

    /// <summary>What to fill in.</summary>
    public required IReadOnlyList<HumanTaskField> Fields { get; init; }

    /// <summary>The answers to choose from.</summary>
    public required IReadOnlyList<string> Outcomes { get; init; }

    /// <summary>Who may do it.</summary>
    public required string Role { get; init; }

    /// <summary>Whether it takes a person who is signed in; a key is not enough.</summary>
    public required bool NeedsPerson { get; init; }

    /// <summary>Who may not answer it, because it takes a second person.</summary>
    public required IReadOnlyList<string> NotBy { get; init; }

    /// <summary>Since when it waits.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is due; null: never. Nothing happens to it by time but that people are reminded.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Whether it waits although it was due.</summary>
    public bool IsOverdue { get; init; }

    /// <summary>Whom it was given to.</summary>
    public string? AssignedTo { get; init; }

    /// <summary>Who has taken it.</summary>
    public string? ClaimedBy { get; init; }

    /// <summary>Until when, without a sign of life.</summary>
    public DateTimeOffset? ClaimedUntil { get; init; }

    /// <summary>When it was answered, or its move ended; null while it waits.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Who answered it.</summary>
    public string? ClosedBy { get; init; }

    /// <summary>The answer.</summary>
    public string? Outcome { get; init; }

    /// <summary>For a task that was answered: whether a machine has found done what the person said.</summary>
    public TaskProof? Proof { get; init; }
}

/// <summary>How far an answer is proved.</summary>
/// <param name="State">claimed: it stands by the person's word, because no step looks after it, none has yet, or it could not tell; confirmed: a step found it done; refuted: a step did not, and asks again.</param>
/// <param name="StepId">The step of the definition that looked last.</param>
/// <param name="At">When.</param>
/// <param name="Text">What it found, in words.</param>
/// <param name="Sequence">The row of the move's journal that says so.</param>
public sealed record TaskProof(string State, string? StepId, DateTimeOffset? At, string? Text, long? Sequence);

/// <summary>A task with everything about it.</summary>
/// <param name="Task">The task.</param>
/// <param name="Schema">What an answer has to look like: a JSON schema.</param>
/// <param name="History">What happened to it, oldest first.</param>
/// <param name="Files">The files that were given to it.</param>
public sealed record TaskDetail(TaskView Task, JsonObject Schema, IReadOnlyList<TaskNoteView> History, IReadOnlyList<TaskFileView> Files);

/// <summary>Something that happened to a task.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who did it; null: the server.</param>
/// <param name="Kind">claimed, takenOver, released, assigned, sentBack, commented, file, linked, answered, reminded or escalated.</param>
/// <param name="Text">In words.</param>
public sealed record TaskNoteView(DateTimeOffset At, string? By, string Kind, string? Text);

/// <summary>A file that belongs to a task.</summary>
/// <param name="Id">What goes into the answer, in a field of the type file.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Type">Its media type.</param>
/// <param name="Bytes">How large it is.</param>
/// <param name="Sha256">The hash of what it holds, lower-case hex.</param>
/// <param name="At">When it was given.</param>
/// <param name="By">Who gave it.</param>
public sealed record TaskFileView(string Id, string Name, string Type, long Bytes, string Sha256, DateTimeOffset At, string By);

/// <summary>Takes a task.</summary>
/// <param name="By">For whom a key speaks.</param>
/// <param name="TakeOver">Take it from whoever has it.</param>
/// <param name="Reason">Why it is taken over.</param>
public sealed record ClaimTaskRequest(
    [property: Description("For whom a key speaks; people who are signed in leave it out"), MaxLength(RequestTexts.LongestName)] string? By = null,
    [property: Description("Take it from whoever has it")] bool TakeOver = false,
    [property: Description("Why it is taken over")] string? Reason = null);

/// <summary>Gives a task to somebody.</summary>
/// <param name="To">The name of an account that may do it.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">For whom a key speaks.</param>
public sealed record AssignTaskRequest(
    [property: Description("The name of an account that may do it"), MaxLength(RequestTexts.LongestName)] string? To,
    [property: Description("Why")] string? Reason = null,
    [property: Description("For whom a key speaks; people who are signed in leave it out"), MaxLength(RequestTexts.LongestName)] string? By = null);

/// <summary>Makes a link with which somebody answers a task without signing in.</summary>
/// <param name="To">The name of an account that may do it.</param>
/// <param name="Lifetime">How long it is good; left out: Tasks:LinkLifetime.</param>
/// <param name="By">For whom a key speaks.</param>
public sealed record LinkTaskRequest(
    [property: Description("The name of an account that may do it"), MaxLength(RequestTexts.LongestName)] string? To,
    [property: Description("How long it is good, hh:mm:ss or d.hh:mm:ss")] TimeSpan? Lifetime = null,
    [property: Description("For whom a key speaks; people who are signed in leave it out"), MaxLength(RequestTexts.LongestName)] string? By = null);

/// <summary>A link with which somebody answers a task without signing in. It is told once.</summary>
/// <param name="Url">The link.</param>
/// <param name="To">Whose it is.</param>
/// <param name="ExpiresAt">Until when it is good.</param>
public sealed record TaskLinkView(string Url, string To, DateTimeOffset ExpiresAt);

/// <summary>Does something to a task.</summary>
/// <param name="Text">What there is to say.</param>
/// <param name="By">For whom a key speaks.</param>
public sealed record TaskActRequest(
    [property: Description("What there is to say")] string? Text = null,
    [property: Description("For whom a key speaks; people who are signed in leave it out"), MaxLength(RequestTexts.LongestName)] string? By = null);

/// <summary>A person's answer.</summary>
/// <param name="CompletedBy">Who answers; left out by people who are signed in.</param>
/// <param name="Outcome">The answer; "Done" where the task offers no other.</param>
/// <param name="Comment">For the record.</param>
/// <param name="Fields">What was filled in, by field name.</param>
public sealed record CompleteTaskRequest(
    [property: Description("For whom a key answers; people who are signed in leave it out"), MaxLength(RequestTexts.LongestName)] string? CompletedBy = null,
    [property: Description("One of the task's outcomes; default is its only one"), MaxLength(RequestTexts.LongestName)] string? Outcome = null,
    [property: Description("For the record")] string? Comment = null,
    [property: Description("What was filled in, by field name")] IReadOnlyDictionary<string, JsonElement>? Fields = null);

/// <summary>An answer has been stored. The same idempotency key gets the same answer.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="MoveId">The move.</param>
/// <param name="Status">accepted: the move goes on with it; waiting: the move has not come to this task yet, the answer is kept until it does.</param>
/// <param name="Outcome">The answer.</param>
/// <param name="CompletedBy">Who answered.</param>
/// <param name="AcceptedAt">When it was stored.</param>
public sealed record TaskReceipt(string TaskId, string MoveId, string Status, string Outcome, string CompletedBy, DateTimeOffset AcceptedAt);
