using Elsa.Workflows;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Persistence;

/// <summary>An instance. Its state stands in a table of its own, so that lists never read it.</summary>
internal sealed class InstanceRow
{
    public required string Id { get; set; }

    public required string DefinitionId { get; set; }

    public required string DefinitionVersionId { get; set; }

    public int DefinitionVersion { get; set; }

    public required string DefinitionHash { get; set; }

    public WorkflowStatus Status { get; set; }

    public WorkflowSubStatus SubStatus { get; set; }

    public string? CorrelationId { get; set; }

    public string? Name { get; set; }

    public string? ParentInstanceId { get; set; }

    public int IncidentCount { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public long StateVersion { get; set; }

    public long JournalSequence { get; set; }

    public required string JournalHash { get; set; }

    public string? SetAside { get; set; }

    public bool IsSystem { get; set; }

    /// <summary>Whether there is something to do.</summary>
    public bool Ready { get; set; }

    /// <summary>Since when; null while there is nothing, and in rows of before this was kept.</summary>
    public DateTimeOffset? ReadyAt { get; set; }

    public string? Owner { get; set; }

    public long Epoch { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    public InstanceRecord ToRecord() => new()
    {
        Id = Id,
        DefinitionId = DefinitionId,
        DefinitionVersionId = DefinitionVersionId,
        DefinitionVersion = DefinitionVersion,
        DefinitionHash = DefinitionHash,
        Status = Status,
        SubStatus = SubStatus,
        CorrelationId = CorrelationId,
        Name = Name,
        ParentInstanceId = ParentInstanceId,
        IncidentCount = IncidentCount,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
        FinishedAt = FinishedAt,
        StateVersion = StateVersion,
        JournalSequence = JournalSequence,
        JournalHash = JournalHash,
        SetAside = SetAside,
        IsSystem = IsSystem,
    };
}

/// <summary>The state of an instance; see StateCodec for the format.</summary>
internal sealed class InstanceStateRow
{
    public required string InstanceId { get; set; }

    public required byte[] State { get; set; }
}

/// <summary>A stimulus. Rows are kept: the same key gets the same answer for ever.</summary>
internal sealed class StimulusRow
{
    public long Sequence { get; set; }

    public required string Key { get; set; }

    public StimulusKind Kind { get; set; }

    public required string InstanceId { get; set; }

    public string? BookmarkId { get; set; }

    public string? Hash { get; set; }

    public string? Target { get; set; }

    public string? Fingerprint { get; set; }

    public string? Input { get; set; }

    public string? Receipt { get; set; }

    public DateTimeOffset ReceivedAt { get; set; }

    public StimulusState State { get; set; }

    public StoredStimulus ToStored() => new(
        Sequence,
        new Stimulus
        {
            Key = Key,
            Kind = Kind,
            InstanceId = InstanceId,
            BookmarkId = BookmarkId,
            Hash = Hash,
            Target = Target,
            Fingerprint = Fingerprint,
            Input = Input,
            Receipt = Receipt,
            ReceivedAt = ReceivedAt,
        },
        State);
}

/// <summary>The order of stimuli, bookmarks and outbox rows is the order of their numbers.</summary>
internal sealed class OutboxRow
{
    public long Sequence { get; set; }

    public required string Id { get; set; }

    public required string InstanceId { get; set; }

    public required string Kind { get; set; }

    public required string Payload { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
