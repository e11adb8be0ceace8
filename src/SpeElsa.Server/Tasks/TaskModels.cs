using System.ComponentModel;
using System.Text.Json;
using SpeElsa.Activities;

namespace SpeElsa.Server.Tasks;

/// <summary>Something a move waits for a person to do.</summary>
public sealed record TaskView
{
    /// <summary>The task.</summary>
    public required string Id { get; init; }

    /// <summary>The move.</summary>
    public required string MoveId { get; init; }

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
}

/// <summary>A person's answer.</summary>
/// <param name="CompletedBy">Who answers; left out by people who are signed in.</param>
/// <param name="Outcome">The answer; "Done" where the task offers no other.</param>
/// <param name="Comment">For the record.</param>
/// <param name="Fields">What was filled in, by field name.</param>
public sealed record CompleteTaskRequest(
    [property: Description("For whom a key answers; people who are signed in leave it out")] string? CompletedBy = null,
    [property: Description("One of the task's outcomes; default is its only one")] string? Outcome = null,
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
