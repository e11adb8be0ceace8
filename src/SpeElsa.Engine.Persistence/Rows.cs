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

    public string? Owner { get; set; }

    public long Epoch { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    public static InstanceRow From(InstanceRecord record) => new()
    {
        Id = record.Id,
        DefinitionId = record.DefinitionId,
        DefinitionVersionId = record.DefinitionVersionId,
        DefinitionVersion = record.DefinitionVersion,
        DefinitionHash = record.DefinitionHash,
        Status = record.Status,
        SubStatus = record.SubStatus,
        CorrelationId = record.CorrelationId,
        Name = record.Name,
        ParentInstanceId = record.ParentInstanceId,
        IncidentCount = record.IncidentCount,
        CreatedAt = record.CreatedAt,
        UpdatedAt = record.UpdatedAt,
        FinishedAt = record.FinishedAt,
        StateVersion = record.StateVersion,
        JournalSequence = record.JournalSequence,
        JournalHash = record.JournalHash,
        SetAside = record.SetAside,
        IsSystem = record.IsSystem,
    };

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

    public static StimulusRow From(Stimulus stimulus) => new()
    {
        Key = stimulus.Key,
        Kind = stimulus.Kind,
        InstanceId = stimulus.InstanceId,
        BookmarkId = stimulus.BookmarkId,
        Hash = stimulus.Hash,
        Target = stimulus.Target,
        Fingerprint = stimulus.Fingerprint,
        Input = stimulus.Input,
        Receipt = stimulus.Receipt,
        ReceivedAt = stimulus.ReceivedAt,
    };

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
