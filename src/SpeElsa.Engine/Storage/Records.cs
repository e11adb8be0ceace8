using Elsa.Workflows;
using SpeElsa.Engine.Execution;

namespace SpeElsa.Engine.Storage;

/// <summary>An instance without its state: what lists show and what claims are made on.</summary>
public sealed record InstanceRecord
{
    /// <summary>The instance.</summary>
    public required string Id { get; init; }

    /// <summary>The definition.</summary>
    public required string DefinitionId { get; init; }

    /// <summary>The version it is bound to.</summary>
    public required string DefinitionVersionId { get; init; }

    /// <summary>Its number.</summary>
    public required int DefinitionVersion { get; init; }

    /// <summary>The content hash of that version.</summary>
    public required string DefinitionHash { get; init; }

    /// <summary>Whether it has ended.</summary>
    public WorkflowStatus Status { get; init; }

    /// <summary>How it stands.</summary>
    public WorkflowSubStatus SubStatus { get; init; }

    /// <summary>What outside thing it is about.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>A name for people.</summary>
    public string? Name { get; init; }

    /// <summary>The instance that started it.</summary>
    public string? ParentInstanceId { get; init; }

    /// <summary>How many things went wrong.</summary>
    public int IncidentCount { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Counts commits; a commit names the one it follows.</summary>
    public long StateVersion { get; init; }

    /// <summary>Number of the last journal row.</summary>
    public long JournalSequence { get; init; }

    /// <summary>Hash of the last journal row.</summary>
    public string JournalHash { get; init; } = "";

    /// <summary>Why it is set aside and not run, or null.</summary>
    public string? SetAside { get; init; }

    /// <summary>Whether it is part of the machinery and not shown by default.</summary>
    public bool IsSystem { get; init; }
}

/// <summary>An instance with its state, as a worker loads it.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="State">Its stored state; null before the first commit.</param>
/// <param name="Stimuli">What is pending or waiting, in order of arrival.</param>
public sealed record LoadedInstance(InstanceRecord Instance, byte[]? State, IReadOnlyList<StoredStimulus> Stimuli);

/// <summary>The right to write an instance, until the lease ends or somebody else takes a higher epoch.</summary>
public sealed record Claim(string InstanceId, string Worker, long Epoch);

/// <summary>A bookmark, to be found without loading its instance.</summary>
public sealed record BookmarkRecord
{
    /// <summary>The bookmark.</summary>
    public required string Id { get; init; }

    /// <summary>The waiting instance.</summary>
    public required string InstanceId { get; init; }

    /// <summary>What kind of stimulus it waits for.</summary>
    public required string Name { get; init; }

    /// <summary>What stimulus.</summary>
    public required string Hash { get; init; }

    /// <summary>The waiting activity.</summary>
    public required string ActivityId { get; init; }

    /// <summary>The waiting node.</summary>
    public required string ActivityNodeId { get; init; }

    /// <summary>The waiting execution.</summary>
    public string? ActivityInstanceId { get; init; }

    /// <summary>The stimulus as JSON.</summary>
    public string? Payload { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A bookmark that time resumes.</summary>
public sealed record TimerRecord(string BookmarkId, string InstanceId, DateTimeOffset DueAt);

/// <summary>A journal row. Appended, never changed; each holds the hash of the one before it.</summary>
public sealed record JournalRecord
{
    /// <summary>The instance.</summary>
    public required string InstanceId { get; init; }

    /// <summary>Its place, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>What happened.</summary>
    public required string EventName { get; init; }

    /// <summary>To which activity.</summary>
    public required string ActivityId { get; init; }

    /// <summary>Its node.</summary>
    public required string NodeId { get; init; }

    /// <summary>Its execution.</summary>
    public required string ActivityInstanceId { get; init; }

    /// <summary>The execution that scheduled it.</summary>
    public string? ParentActivityInstanceId { get; init; }

    /// <summary>Its type.</summary>
    public required string ActivityType { get; init; }

    /// <summary>The version of its type.</summary>
    public int ActivityTypeVersion { get; init; }

    /// <summary>Its name.</summary>
    public string? ActivityName { get; init; }

    /// <summary>In words.</summary>
    public string? Message { get; init; }

    /// <summary>Who says so.</summary>
    public string? Source { get; init; }

    /// <summary>What it promises about effects.</summary>
    public JournalRole Role { get; init; }

    /// <summary>Which entry of the execution it is about; 0 where that means nothing.</summary>
    public int Attempt { get; init; }

    /// <summary>Facts, as JSON.</summary>
    public string? Payload { get; init; }

    /// <summary>SHA-256 over the hash of the row before and this row, lower-case hex.</summary>
    public required string Hash { get; init; }
}

/// <summary>That there is a bookmark.</summary>
/// <param name="Id">The bookmark.</param>
/// <param name="InstanceId">Whose it is.</param>
public readonly record struct WaitingBookmark(string Id, string InstanceId);

/// <summary>Something to do after the commit, at least once, under its id.</summary>
public sealed record OutboxRecord(string Id, string InstanceId, string Kind, string Payload, DateTimeOffset CreatedAt);

/// <summary>Everything a burst changed. Stored whole or not at all.</summary>
public sealed record Checkpoint
{
    /// <summary>The right to write.</summary>
    public required Claim Claim { get; init; }

    /// <summary>The commit this one follows.</summary>
    public required long ExpectedVersion { get; init; }

    /// <summary>The instance as it is now, with <see cref="InstanceRecord.StateVersion"/> one higher.</summary>
    public required InstanceRecord Instance { get; init; }

    /// <summary>Its state.</summary>
    public required byte[] State { get; init; }

    /// <summary>New waits.</summary>
    public IReadOnlyList<BookmarkRecord> AddedBookmarks { get; init; } = [];

    /// <summary>Ended waits; their timers end with them.</summary>
    public IReadOnlyList<string> RemovedBookmarks { get; init; } = [];

    /// <summary>New timers.</summary>
    public IReadOnlyList<TimerRecord> Timers { get; init; } = [];

    /// <summary>New journal rows.</summary>
    public IReadOnlyList<JournalRecord> Journal { get; init; } = [];

    /// <summary>What became of stimuli, by their sequence.</summary>
    public IReadOnlyDictionary<long, StimulusState> Stimuli { get; init; } = new Dictionary<long, StimulusState>();

    /// <summary>What to do after the commit.</summary>
    public IReadOnlyList<OutboxRecord> Outbox { get; init; } = [];

    /// <summary>Whether work is left that needs no further stimulus.</summary>
    public bool HasWork { get; init; }

    /// <summary>Whether the claim ends with this commit.</summary>
    public bool Release { get; init; }
}

/// <summary>How a commit ended.</summary>
public enum CommitOutcome
{
    /// <summary>Everything is stored.</summary>
    Committed,

    /// <summary>Nothing is stored: the instance has another owner or has moved on.</summary>
    Superseded,
}
