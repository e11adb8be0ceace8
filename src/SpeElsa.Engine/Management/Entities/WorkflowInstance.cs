using Elsa.Common.Entities;
using Elsa.Workflows.State;
using SpeElsa.Engine.Storage;

namespace Elsa.Workflows.Management.Entities;

/// <summary>An instance as it was when it was read. Changing it changes nothing that is stored: states are written by bursts only.</summary>
public class WorkflowInstance : Entity
{
    /// <summary>The definition.</summary>
    public string DefinitionId { get; set; } = "";

    /// <summary>The version it is bound to.</summary>
    public string DefinitionVersionId { get; set; } = "";

    /// <summary>Its number.</summary>
    public int Version { get; set; }

    /// <summary>The instance that started it.</summary>
    public string? ParentWorkflowInstanceId { get; set; }

    /// <summary>Its state; null in lists, and before its first burst.</summary>
    public WorkflowState? WorkflowState { get; set; }

    /// <summary>Whether it has ended.</summary>
    public WorkflowStatus Status { get; set; }

    /// <summary>How it stands.</summary>
    public WorkflowSubStatus SubStatus { get; set; }

    /// <summary>Whether it is in a burst, or about to be in one.</summary>
    public bool IsExecuting { get; set; }

    /// <summary>What outside thing it is about.</summary>
    public string? CorrelationId { get; set; }

    /// <summary>A name for people.</summary>
    public string? Name { get; set; }

    /// <summary>How many things went wrong.</summary>
    public int IncidentCount { get; set; }

    /// <summary>Whether it is part of the machinery and not shown by default.</summary>
    public bool IsSystem { get; set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    internal static WorkflowInstance From(InstanceRecord record, bool isExecuting, WorkflowState? state) => new()
    {
        Id = record.Id,
        DefinitionId = record.DefinitionId,
        DefinitionVersionId = record.DefinitionVersionId,
        Version = record.DefinitionVersion,
        ParentWorkflowInstanceId = record.ParentInstanceId,
        WorkflowState = state,
        Status = record.Status,
        SubStatus = record.SubStatus,
        IsExecuting = isExecuting,
        CorrelationId = record.CorrelationId,
        Name = record.Name,
        IncidentCount = record.IncidentCount,
        IsSystem = record.IsSystem,
        CreatedAt = record.CreatedAt,
        UpdatedAt = record.UpdatedAt,
        FinishedAt = record.FinishedAt,
    };
}
