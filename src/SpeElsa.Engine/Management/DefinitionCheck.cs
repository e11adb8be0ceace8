using Elsa.Workflows.Models;

namespace SpeElsa.Engine.Management;

/// <summary>How bad a finding is.</summary>
public enum DefinitionSeverity
{
    /// <summary>Doubtful; it can be published.</summary>
    Warning,

    /// <summary>Wrong; it can not be published.</summary>
    Error,
}

/// <summary>Something that is wrong or doubtful in a definition.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Code">A short name that never changes.</param>
/// <param name="ActivityId">The activity it is about, or null.</param>
/// <param name="Message">What is wrong and what to do about it.</param>
public sealed record DefinitionFinding(DefinitionSeverity Severity, string Code, string? ActivityId, string Message);

/// <summary>Looks at a definition before it is published. All that are registered are asked.</summary>
public interface IDefinitionCheck
{
    /// <summary>Lists what is wrong or doubtful.</summary>
    /// <param name="graph">The definition as a graph.</param>
    /// <param name="json">The definition as it is written.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IReadOnlyList<DefinitionFinding>> CheckAsync(WorkflowGraph graph, string json, CancellationToken cancellationToken);
}
