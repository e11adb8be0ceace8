using Elsa.Workflows.Models;
using SpeElsa.Engine.Definitions;

namespace SpeElsa.Engine.Management;

/// <summary>Looks at a definition before it is published. All that are registered are asked.</summary>
public interface IDefinitionCheck
{
    /// <summary>Lists what is wrong or doubtful.</summary>
    /// <param name="graph">The definition as a graph.</param>
    /// <param name="json">The definition as it is written.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IReadOnlyList<DefinitionFinding>> CheckAsync(WorkflowGraph graph, string json, CancellationToken cancellationToken);
}

/// <summary>The rules of <see cref="DefinitionLint"/>.</summary>
internal sealed class LintCheck(DefinitionLint lint) : IDefinitionCheck
{
    public Task<IReadOnlyList<DefinitionFinding>> CheckAsync(WorkflowGraph graph, string json, CancellationToken cancellationToken) => Task.FromResult(lint.Check(graph));
}
