using System.Collections.Concurrent;
using Elsa.Workflows;
using Elsa.Workflows.Models;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Definitions;

/// <summary>A class of this program that defines a workflow.</summary>
public sealed record CodeFirstWorkflow(Type Type);

/// <summary>What a class builds: the version as it is stored, and the graph that runs.</summary>
public sealed record CodeFirstVersion(DefinitionRecord Record, WorkflowGraph Graph);

/// <summary>The workflows that are written in C#.</summary>
/// <remarks>
/// Each is stored as a version too, with JSON in which code is named but not contained, locked for the designer. The class has to build the same workflow each time: instances
/// go on with what it builds, and are set aside when that is no longer what their version was stored with.
/// </remarks>
public sealed class CodeFirstWorkflows(
    IEnumerable<CodeFirstWorkflow> workflows,
    IWorkflowBuilderFactory builders,
    ActivityRegistry registry,
    DefinitionWriter writer,
    IServiceProvider services,
    TimeProvider timeProvider)
{
    private readonly Type[] _types = [.. workflows.Select(workflow => workflow.Type).Distinct()];
    private readonly ConcurrentDictionary<Type, string> _definitionIds = new();

    /// <summary>The classes.</summary>
    public IReadOnlyList<Type> Types => _types;

    /// <summary>Builds what a class defines now.</summary>
    /// <exception cref="InvalidDefinitionException">The class can not be built.</exception>
    public async Task<CodeFirstVersion> BuildAsync(Type type, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(type);
        var builder = builders.CreateBuilder();
        try
        {
            var definition = (IWorkflow)ActivatorUtilities.CreateInstance(services, type);
            var workflow = await builder.BuildWorkflowAsync(definition, cancellationToken);
            _definitionIds[type] = workflow.Identity.DefinitionId;
            var json = writer.WriteContent(workflow);
            return new CodeFirstVersion(RecordOf(workflow, json), new GraphBuilder(registry).Build(workflow));
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or InvalidDefinitionException))
        {
            throw new InvalidDefinitionException(builder.DefinitionId ?? type.Name, [$"The class {type.Name} can not be built: {exception.Message}"]);
        }
    }

    /// <summary>Finds the class of a definition.</summary>
    /// <returns>Null where no class of this program defines it.</returns>
    /// <exception cref="InvalidOperationException">Two classes define it.</exception>
    public async Task<Type?> FindAsync(string definitionId, CancellationToken cancellationToken)
    {
        foreach (var type in _types.Where(type => !_definitionIds.ContainsKey(type)))
        {
            try
            {
                await BuildAsync(type, cancellationToken);
            }
            catch (InvalidDefinitionException exception)
            {
                // A class that fails is known by the id it had said until then; it does not keep the others from being found.
                _definitionIds[type] = exception.DefinitionId;
            }
        }

        Type[] found = [.. _types.Where(type => _definitionIds[type] == definitionId)];
        return found.Length > 1
            ? throw new InvalidOperationException($"{string.Join(" and ", found.Select(type => type.Name))} both define '{definitionId}'; give one of them another definition id.")
            : found.FirstOrDefault();
    }

    internal async Task<WorkflowGraph> MaterializeAsync(DefinitionRecord record, CancellationToken cancellationToken)
    {
        var type = await FindAsync(record.DefinitionId, cancellationToken) ?? throw new InvalidDefinitionException(
            record.DefinitionId,
            ["It is made by a class that this program no longer has; bring the class back, then put the instance back"]);
        var version = await BuildAsync(type, cancellationToken);
        if (version.Record.ContentHash != record.ContentHash)
        {
            throw new InvalidDefinitionException(
                record.DefinitionId,
                [
                    $"The class {type.Name} no longer builds what version {record.Version} was stored with. "
                    + "Let it build that again, or run the program of that version until its instances have ended; then put the instance back",
                ]);
        }

        version.Graph.Workflow.Identity = new WorkflowIdentity(record.DefinitionId, record.Version, record.Id);
        return version.Graph;
    }

    private DefinitionRecord RecordOf(Elsa.Workflows.Activities.Workflow workflow, string json) => new()
    {
        Id = workflow.Identity.Id,
        DefinitionId = workflow.Identity.DefinitionId,
        Version = workflow.Identity.Version,
        Name = workflow.WorkflowMetadata.Name ?? workflow.Identity.DefinitionId,
        Description = workflow.WorkflowMetadata.Description,
        ContentHash = DefinitionReader.ContentHash(json),
        Json = json,
        IsReadonly = true,
        IsSystem = workflow.IsSystem,
        UsableAsActivity = workflow.Options.UsableAsActivity is true,
        ProviderName = ClrWorkflowMaterializer.MaterializerName,
        MaterializerName = ClrWorkflowMaterializer.MaterializerName,
        CreatedAt = timeProvider.GetUtcNow(),
    };
}
