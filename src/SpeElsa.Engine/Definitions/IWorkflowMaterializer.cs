using Elsa.Workflows.Models;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Definitions;

/// <summary>Makes the graph of a stored version.</summary>
public interface IWorkflowMaterializer
{
    /// <summary>The name under which versions ask for it; see <see cref="DefinitionSummary.MaterializerName"/>.</summary>
    string Name { get; }

    /// <summary>Makes the graph.</summary>
    /// <exception cref="InvalidDefinitionException">It can not be made; the message says why and what to do.</exception>
    Task<WorkflowGraph> MaterializeAsync(DefinitionRecord record, CancellationToken cancellationToken);
}

/// <summary>Reads the version's JSON.</summary>
public sealed class JsonWorkflowMaterializer(DefinitionReader reader) : IWorkflowMaterializer
{
    internal const string MaterializerName = "Json";

    /// <inheritdoc />
    public string Name => MaterializerName;

    /// <inheritdoc />
    public Task<WorkflowGraph> MaterializeAsync(DefinitionRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        return reader.ReadAsync(record.Json, new WorkflowIdentity(record.DefinitionId, record.Version, record.Id), cancellationToken);
    }
}

/// <summary>Builds the class of this program that defines the workflow, as long as it builds what the version was stored with.</summary>
public sealed class ClrWorkflowMaterializer(CodeFirstWorkflows workflows) : IWorkflowMaterializer
{
    internal const string MaterializerName = "Clr";

    /// <inheritdoc />
    public string Name => MaterializerName;

    /// <inheritdoc />
    public Task<WorkflowGraph> MaterializeAsync(DefinitionRecord record, CancellationToken cancellationToken) => workflows.MaterializeAsync(record, cancellationToken);
}
