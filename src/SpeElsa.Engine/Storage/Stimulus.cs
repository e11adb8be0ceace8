namespace SpeElsa.Engine.Storage;

/// <summary>What a stimulus asks of an instance.</summary>
public enum StimulusKind
{
    /// <summary>Begin.</summary>
    Start = 0,

    /// <summary>Go on at a bookmark.</summary>
    Resume = 1,

    /// <summary>End.</summary>
    Cancel = 2,

    /// <summary>Try an activity again that went wrong; the input says which.</summary>
    Retry = 3,

    /// <summary>Go on with another version of the definition.</summary>
    Migrate = 4,

    /// <summary>Take other values for variables; the input says which.</summary>
    Change = 5,

    /// <summary>Begin no further activity; the input says who wants it and why.</summary>
    Hold = 6,

    /// <summary>Go on after a hold; the input says who wants it and why.</summary>
    Release = 7,
}

/// <summary>What became of a stimulus.</summary>
public enum StimulusState
{
    /// <summary>Stored; no burst has looked at it yet.</summary>
    Pending = 0,

    /// <summary>Looked at; its bookmark is not there yet, so it waits for it.</summary>
    Waiting = 1,

    /// <summary>Handled, together with the state that follows from it.</summary>
    Consumed = 2,

    /// <summary>Nothing will wait for it any more.</summary>
    Superseded = 3,
}

/// <summary>The only way into an instance: a start, a signal, a due timer, a command.</summary>
public sealed record Stimulus
{
    /// <summary>Unique for ever; the same key gets the same answer.</summary>
    public required string Key { get; init; }

    /// <summary>What it asks.</summary>
    public required StimulusKind Kind { get; init; }

    /// <summary>Of which instance.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The bookmark it is for, when addressed by id.</summary>
    public string? BookmarkId { get; init; }

    /// <summary>The bookmark it is for, when addressed by what it waits for.</summary>
    public string? Hash { get; init; }

    /// <summary>A name that at most one stimulus ever gets: the first one takes it, all others are told so. Null: no such limit.</summary>
    public string? Target { get; init; }

    /// <summary>A hash of the request without its secrets: the same key with another request is a mistake of the caller.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Input for the instance, a JSON object.</summary>
    public string? Input { get; init; }

    /// <summary>What the caller was told, a JSON object; told again when the key comes again.</summary>
    public string? Receipt { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}

/// <summary>A stored stimulus.</summary>
public sealed record StoredStimulus(long Sequence, Stimulus Stimulus, StimulusState State);

/// <summary>How the inbox answered.</summary>
public enum Acceptance
{
    /// <summary>Stored.</summary>
    Accepted,

    /// <summary>Stored before under this key with the same request.</summary>
    Duplicate,

    /// <summary>Another request was stored under this key.</summary>
    KeyReused,

    /// <summary>Another key has taken the target.</summary>
    TargetTaken,

    /// <summary>There is no such instance.</summary>
    UnknownInstance,

    /// <summary>The instance has ended.</summary>
    InstanceFinished,

    /// <summary>The start would exceed the limit of instances at the same time; nothing is stored.</summary>
    NotAllowed,

    /// <summary>The draft that the start was made for has been saved again; nothing is stored. Find the version again, then start.</summary>
    DefinitionChanged,
}

/// <summary>How many instances may be unfinished at the same time. Instances without a correlation id share it with none.</summary>
public enum ActivationLimit
{
    /// <summary>Any number.</summary>
    None,

    /// <summary>One of the definition.</summary>
    OnePerDefinition,

    /// <summary>One of the definition with the correlation id.</summary>
    OnePerDefinitionAndCorrelation,

    /// <summary>One with the correlation id, of whatever definition.</summary>
    OnePerCorrelation,
}

/// <summary>The inbox's answer, with the stored stimulus it is about where there is one.</summary>
public sealed record AcceptResult(Acceptance Acceptance, StoredStimulus? Stored);
