using Elsa.Common.Models;

namespace SpeElsa.Engine.Storage;

/// <summary>Ids of definition versions follow from the definition and the number.</summary>
public static class DefinitionVersionId
{
    /// <summary>16 hex digits.</summary>
    public static string Of(string definitionId, int version) => Execution.DerivedId.Of(definitionId, version);
}

/// <summary>A version of a definition without its JSON: what lists show.</summary>
public record DefinitionSummary
{
    /// <summary>The version's id.</summary>
    public required string Id { get; init; }

    /// <summary>The definition.</summary>
    public required string DefinitionId { get; init; }

    /// <summary>The version's number, from 1. A number that an instance is bound to is never given again.</summary>
    public required int Version { get; init; }

    /// <summary>Counts what was saved in this version, from 1; an editor names the one it has loaded.</summary>
    public int Revision { get; init; }

    /// <summary>A name for people.</summary>
    public required string Name { get; init; }

    /// <summary>What it does.</summary>
    public string? Description { get; init; }

    /// <summary>SHA-256 of what runs; see <see cref="Definitions.DefinitionReader.ContentHash"/>.</summary>
    public required string ContentHash { get; init; }

    /// <summary>Whether it is the newest version.</summary>
    public bool IsLatest { get; init; }

    /// <summary>Whether new instances are bound to it.</summary>
    public bool IsPublished { get; init; }

    /// <summary>Whether the designer must not change it.</summary>
    public bool IsReadonly { get; init; }

    /// <summary>Whether it is part of the machinery and not shown by default.</summary>
    public bool IsSystem { get; init; }

    /// <summary>Whether other definitions may use it as an activity.</summary>
    public bool UsableAsActivity { get; init; }

    /// <summary>Who brought it, such as the files of a folder; null: a person.</summary>
    public string? ProviderName { get; init; }

    /// <summary>What makes a workflow of it. Default "Json".</summary>
    public string MaterializerName { get; init; } = "Json";

    /// <summary>The version of the tool that wrote it.</summary>
    public string? ToolVersion { get; init; }

    /// <summary>The file the definition came from, or null. Later versions keep it.</summary>
    public string? Source { get; init; }

    /// <summary>The content hash of that file when it was last published, or last set aside for what is stored.</summary>
    public string? SourceHash { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was first published; from then on its JSON never changes. Null: it never was.</summary>
    public DateTimeOffset? PublishedAt { get; init; }
}

/// <summary>A version of a definition. Once published it changes in nothing but its flags.</summary>
public sealed record DefinitionRecord : DefinitionSummary
{
    /// <summary>The definition as Elsa 3 JSON. What it says of version, flags and dates is only a hint: the other members are right.</summary>
    public required string Json { get; init; }

    /// <summary>The version without its JSON.</summary>
    public DefinitionSummary Summarize() => new()
    {
        Id = Id,
        DefinitionId = DefinitionId,
        Version = Version,
        Revision = Revision,
        Name = Name,
        Description = Description,
        ContentHash = ContentHash,
        IsLatest = IsLatest,
        IsPublished = IsPublished,
        IsReadonly = IsReadonly,
        IsSystem = IsSystem,
        UsableAsActivity = UsableAsActivity,
        ProviderName = ProviderName,
        MaterializerName = MaterializerName,
        ToolVersion = ToolVersion,
        Source = Source,
        SourceHash = SourceHash,
        CreatedAt = CreatedAt,
        PublishedAt = PublishedAt,
    };
}

/// <summary>Which versions to find. Every condition that is given must hold.</summary>
public sealed record DefinitionFilter
{
    /// <summary>Of these definitions; empty: of all.</summary>
    public IReadOnlyCollection<string> DefinitionIds { get; init; } = [];

    /// <summary>With these version ids; empty: with any.</summary>
    public IReadOnlyCollection<string> VersionIds { get; init; } = [];

    /// <summary>With these names; empty: with any.</summary>
    public IReadOnlyCollection<string> Names { get; init; } = [];

    /// <summary>Which versions of each definition. Default: all.</summary>
    public VersionOptions VersionOptions { get; init; } = VersionOptions.All;

    /// <summary>Part of the name, the description or an id; case does not matter for the letters a to z.</summary>
    public string? SearchTerm { get; init; }

    /// <summary>Part of the machinery or not.</summary>
    public bool? IsSystem { get; init; }

    /// <summary>Locked for the designer or not.</summary>
    public bool? IsReadonly { get; init; }

    /// <summary>Usable as an activity or not.</summary>
    public bool? UsableAsActivity { get; init; }

    /// <summary>Made by this materializer.</summary>
    public string? MaterializerName { get; init; }
}

/// <summary>What versions are ordered by.</summary>
public enum DefinitionColumn
{
    /// <summary>The name.</summary>
    Name,

    /// <summary>The number.</summary>
    Version,

    /// <summary>When it was made.</summary>
    CreatedAt,
}

/// <summary>An order of versions; equal ones follow by definition and number.</summary>
public readonly record struct DefinitionOrder(DefinitionColumn Column, bool Descending = false);

/// <summary>The version an editor has loaded.</summary>
/// <param name="VersionId">The version.</param>
/// <param name="Revision">Its <see cref="DefinitionSummary.Revision"/>.</param>
public sealed record DraftBase(string VersionId, int Revision);

/// <summary>How saving a draft ended.</summary>
public enum DraftOutcome
{
    /// <summary>Stored.</summary>
    Saved,

    /// <summary>Nothing is stored: the latest version is not what the editor has loaded.</summary>
    Conflict,
}

/// <summary>The answer to saving a draft.</summary>
/// <param name="Outcome">Whether it is stored.</param>
/// <param name="Latest">The latest version as it is stored now; null when there was a conflict with a definition that is gone.</param>
public sealed record DraftResult(DraftOutcome Outcome, DefinitionRecord? Latest);

/// <summary>An order to publish a version as it was read and checked.</summary>
public sealed record Publication
{
    /// <summary>The version.</summary>
    public required string VersionId { get; init; }

    /// <summary>The content hash of what was checked.</summary>
    public required string ContentHash { get; init; }

    /// <summary>What starts instances of it; they take the place of all triggers of the definition.</summary>
    public IReadOnlyList<TriggerRecord> Triggers { get; init; } = [];

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The file that is published; null: none, what is stored of a file stays.</summary>
    public string? Source { get; init; }

    /// <summary>The content hash of that file.</summary>
    public string? SourceHash { get; init; }
}

/// <summary>How publishing ended.</summary>
public enum PublishOutcome
{
    /// <summary>New instances are bound to it from now on.</summary>
    Published,

    /// <summary>They were before; the triggers are renewed.</summary>
    AlreadyPublished,

    /// <summary>There is no such version.</summary>
    NotFound,

    /// <summary>Nothing is stored: the draft was changed after it was read.</summary>
    Changed,
}

/// <summary>The answer to publishing.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Version">The version as it is stored now, or null when there is none.</param>
public sealed record PublishResult(PublishOutcome Outcome, DefinitionRecord? Version);

/// <summary>How deleting ended.</summary>
public enum DeleteOutcome
{
    /// <summary>It is gone.</summary>
    Deleted,

    /// <summary>There was none.</summary>
    NotFound,

    /// <summary>Nothing is deleted: unfinished instances are bound to it.</summary>
    InUse,
}

/// <summary>The answer to deleting a definition or a version.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Versions">How many versions were deleted.</param>
/// <param name="Instances">How many unfinished instances are in the way.</param>
public sealed record DeleteResult(DeleteOutcome Outcome, int Versions, int Instances);

/// <summary>What starts instances of a published version.</summary>
public sealed record TriggerRecord
{
    /// <summary>Unique among all triggers; follows from the version, the activity and the payload, so that indexing twice makes the same.</summary>
    public required string Id { get; init; }

    /// <summary>The definition.</summary>
    public required string DefinitionId { get; init; }

    /// <summary>The version it starts.</summary>
    public required string DefinitionVersionId { get; init; }

    /// <summary>Its number.</summary>
    public required int DefinitionVersion { get; init; }

    /// <summary>The activity it is of.</summary>
    public required string ActivityId { get; init; }

    /// <summary>What kind of stimulus starts it.</summary>
    public required string Name { get; init; }

    /// <summary>What stimulus; see <see cref="Execution.StimulusHash"/>.</summary>
    public required string Hash { get; init; }

    /// <summary>The stimulus as JSON.</summary>
    public string? Payload { get; init; }

    /// <summary>When time starts it next; null: time does not.</summary>
    public DateTimeOffset? DueAt { get; init; }
}
