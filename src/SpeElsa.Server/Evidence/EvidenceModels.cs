using System.Text.Json;
using SpeElsa.Server.Moves;
using SpeElsa.Server.Tasks;

namespace SpeElsa.Server.Evidence;

// evidence.json, format 1. It is a contract with auditors, described in src/SpeElsa.Cli/README.md; a change of it needs a new format version there and here.

/// <summary>What was done, for programs.</summary>
public sealed record EvidenceDocument(
    string Format,
    int FormatVersion,
    EvidenceMove Move,
    IReadOnlyList<EvidenceInstance> Instances,
    IReadOnlyList<EvidenceTask> Tasks,
    EvidenceStatistics Statistics,
    IReadOnlyList<EvidenceItem> Manifests,
    IReadOnlyList<EvidenceItem> Thumbprints,
    IReadOnlyList<EvidenceDefinition> Definitions);

/// <summary>The move.</summary>
public sealed record EvidenceMove(
    string Id,
    string Scenario,
    string Name,
    string Status,
    bool IsFinished,
    IReadOnlyDictionary<string, object?> Plan,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? FinishedAt,
    EvidenceDowntime? Downtime);

/// <summary>The downtime clock: from the first stop to the last answer, or to the last change of a move where it still runs.</summary>
public sealed record EvidenceDowntime(DateTimeOffset StartedAt, DateTimeOffset? EndedAt, double Seconds);

/// <summary>The move, or a workflow that it started.</summary>
public sealed record EvidenceInstance(
    string Id,
    string? ParentId,
    string Name,
    string Status,
    string DefinitionId,
    int DefinitionVersion,
    string DefinitionHash,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt,
    EvidenceJournal Journal,
    IReadOnlyList<string> Incidents,
    IReadOnlyList<EvidenceStep> Steps);

/// <summary>What the instance itself knows of its journal.</summary>
public sealed record EvidenceJournal(long Rows, string LastHash);

/// <summary>One execution of a step.</summary>
public sealed record EvidenceStep(
    string Id,
    string ActivityId,
    string Name,
    string Type,
    string Status,
    DateTimeOffset StartedAt,
    DateTimeOffset? CompletedAt,
    int Attempts,
    IReadOnlyList<string> Outcomes,
    IReadOnlyList<EvidenceView> Evidence);

/// <summary>What a person was asked, and answered.</summary>
public sealed record EvidenceTask(
    string Id,
    string InstanceId,
    string StepId,
    string Kind,
    string Title,
    string? Instructions,
    string? Finding,
    long OpenedSequence,
    DateTimeOffset OpenedAt,
    long? AnsweredSequence,
    DateTimeOffset? AnsweredAt,
    string? AnsweredBy,
    string? Outcome,
    string? Comment,
    JsonElement? Fields,
    TaskProof? Proof);

/// <summary>How the installation stood.</summary>
public sealed record EvidenceStatistics(IReadOnlyList<EvidenceItem> Before, IReadOnlyList<EvidenceItem> After);

/// <summary>An observation, with the journal row that says so.</summary>
public sealed record EvidenceItem(string InstanceId, long Sequence, string ActivityId, string Name, DateTimeOffset At, JsonElement Facts);

/// <summary>A version of a definition that was used.</summary>
public sealed record EvidenceDefinition(string DefinitionId, int Version, string? Name, string ContentHash, string? File, string? ContentFile);
