using System.Text.Json.Nodes;
using Elsa.Workflows.Management.Entities;
using Elsa.Workflows.Models;

namespace Elsa.Workflows.Management.Models;

/// <summary>Why a definition can not be published, or what is doubtful in it.</summary>
/// <param name="Message">In words.</param>
/// <param name="ActivityId">The activity it is about, or null.</param>
public record WorkflowValidationError(string Message, string? ActivityId = null);

/// <summary>The answer to publishing.</summary>
/// <param name="Succeeded">Whether it is published now.</param>
/// <param name="ValidationErrors">Why it is not.</param>
/// <param name="WorkflowDefinition">The version, or null when there is none.</param>
public record PublishWorkflowDefinitionResult(bool Succeeded, ICollection<WorkflowValidationError> ValidationErrors, WorkflowDefinition? WorkflowDefinition)
{
    /// <summary>Whether it was published before.</summary>
    public bool AlreadyPublished { get; init; }

    /// <summary>What is doubtful, and did not keep it from being published.</summary>
    public ICollection<WorkflowValidationError> Warnings { get; init; } = [];
}

/// <summary>An order to store a definition.</summary>
public class SaveWorkflowDefinitionRequest
{
    /// <summary>The definition as Elsa 3 JSON. Its id, version number and flags are only hints.</summary>
    public JsonObject Model { get; set; } = [];

    /// <summary>Whether to publish it. Default: no, whatever the definition says of itself.</summary>
    public bool? Publish { get; set; }
}

/// <summary>The answer to an import.</summary>
/// <param name="Succeeded">Whether it was done as asked.</param>
/// <param name="WorkflowDefinition">The version as it is stored now.</param>
/// <param name="ValidationErrors">Why it is not published.</param>
public record ImportWorkflowResult(bool Succeeded, WorkflowDefinition WorkflowDefinition, ICollection<WorkflowValidationError> ValidationErrors)
{
    /// <summary>What is doubtful, and did not keep it from being published.</summary>
    public ICollection<WorkflowValidationError> Warnings { get; init; } = [];
}

/// <summary>The answer to a search for a graph.</summary>
/// <param name="WorkflowDefinition">The version; null when there is none.</param>
/// <param name="WorkflowGraph">Its graph; null when there is none, or it can not be read.</param>
public record WorkflowGraphFindResult(WorkflowDefinition? WorkflowDefinition, WorkflowGraph? WorkflowGraph)
{
    /// <summary>Whether there is such a version.</summary>
    public bool WorkflowDefinitionExists => WorkflowDefinition is not null;

    /// <summary>Whether it can be read.</summary>
    public bool WorkflowGraphExists => WorkflowGraph is not null;
}
