using Elsa.Workflows;
using Elsa.Workflows.Models;
using SpeElsa.Activities;
using SpeElsa.Engine.Management;

namespace SpeElsa.Server.Moves;

/// <summary>Holds every workflow that is published to the rules of a move.</summary>
internal sealed class MoveRulesCheck(IActivityRegistry registry) : IDefinitionCheck
{
    public Task<IReadOnlyList<DefinitionFinding>> CheckAsync(WorkflowGraph graph, string json, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DefinitionFinding>>(IsUndo(graph.Workflow) ? [] : [.. MoveRules.Check(graph, registry).Select(ToFinding)]);

    /// <summary>The workflow of an undo goes the other way, and is made by the program: nothing may keep it from being started.</summary>
    private static bool IsUndo(Elsa.Workflows.Activities.Workflow workflow) => workflow.IsSystem && UndoWorkflow.MoveOf(workflow.Identity.DefinitionId) is not null;

    private static DefinitionFinding ToFinding(MoveFinding finding) =>
        new(finding.IsError ? DefinitionSeverity.Error : DefinitionSeverity.Warning, finding.Code, finding.ActivityId, finding.Message);
}
