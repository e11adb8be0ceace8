using Elsa.Workflows.Management.Entities;
using SpeElsa.Engine.Storage;

namespace Elsa.Workflows.Management.Models;

/// <summary>A version of a definition as lists show it.</summary>
public class WorkflowDefinitionSummary
{
    /// <summary>The version.</summary>
    public string Id { get; set; } = "";

    /// <summary>The definition.</summary>
    public string DefinitionId { get; set; } = "";

    /// <summary>A name for people.</summary>
    public string? Name { get; set; }

    /// <summary>What it does.</summary>
    public string? Description { get; set; }

    /// <summary>The version's number.</summary>
    public int? Version { get; set; }

    /// <summary>The version of the tool that wrote it.</summary>
    public Version? ToolVersion { get; set; }

    /// <summary>Whether it is the newest.</summary>
    public bool IsLatest { get; set; }

    /// <summary>Whether new instances are bound to it.</summary>
    public bool IsPublished { get; set; }

    /// <summary>Who brought it; null: a person.</summary>
    public string? ProviderName { get; set; }

    /// <summary>What makes a workflow of it.</summary>
    public string MaterializerName { get; set; } = "";

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Whether the designer must not change it.</summary>
    public bool IsReadonly { get; set; }

    internal static WorkflowDefinitionSummary From(DefinitionSummary version) => new()
    {
        Id = version.Id,
        DefinitionId = version.DefinitionId,
        Name = version.Name,
        Description = version.Description,
        Version = version.Version,
        ToolVersion = WorkflowDefinition.ParseVersion(version.ToolVersion),
        IsLatest = version.IsLatest,
        IsPublished = version.IsPublished,
        ProviderName = version.ProviderName,
        MaterializerName = version.MaterializerName,
        CreatedAt = version.CreatedAt,
        IsReadonly = version.IsReadonly,
    };
}

/// <summary>An instance as lists show it.</summary>
public class WorkflowInstanceSummary
{
    /// <summary>The instance.</summary>
    public string Id { get; set; } = "";

    /// <summary>The definition.</summary>
    public string DefinitionId { get; set; } = "";

    /// <summary>The version it is bound to.</summary>
    public string DefinitionVersionId { get; set; } = "";

    /// <summary>Its number.</summary>
    public int Version { get; set; }

    /// <summary>Whether it has ended.</summary>
    public WorkflowStatus Status { get; set; }

    /// <summary>How it stands.</summary>
    public WorkflowSubStatus SubStatus { get; set; }

    /// <summary>What outside thing it is about.</summary>
    public string? CorrelationId { get; set; }

    /// <summary>A name for people.</summary>
    public string? Name { get; set; }

    /// <summary>How many things went wrong.</summary>
    public int IncidentCount { get; set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset? UpdatedAt { get; set; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    internal static WorkflowInstanceSummary From(InstanceRecord record) => new()
    {
        Id = record.Id,
        DefinitionId = record.DefinitionId,
        DefinitionVersionId = record.DefinitionVersionId,
        Version = record.DefinitionVersion,
        Status = record.Status,
        SubStatus = record.SubStatus,
        CorrelationId = record.CorrelationId,
        Name = record.Name,
        IncidentCount = record.IncidentCount,
        CreatedAt = record.CreatedAt,
        UpdatedAt = record.UpdatedAt,
        FinishedAt = record.FinishedAt,
    };
}
